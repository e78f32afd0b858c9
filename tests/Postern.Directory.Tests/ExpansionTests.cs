using Postern.Directory.Tables;
using Postern.Ipc.Directory;

namespace Postern.Directory.Tests;

public sealed class ExpansionTests
{
    [Fact]
    public void Mailbox_MeansItself()
    {
        var meaning = Of(Books.Ordinary, "u@a.test");
        Assert.Equal(MailboxKind.Virtual, meaning.Mailbox!.Kind);
        Assert.Empty(meaning.Targets);
        Assert.False(meaning.List);
    }

    [Theory]
    [InlineData("nouser@a.test")]
    [InlineData("x@f.test")]
    [InlineData("not an address")]
    public void AddressThatIsNotDeliveredHere_IsUnknown(string address) =>
        Assert.Equal(MeaningOutcome.Unknown, Of(Books.Ordinary, address).Outcome);

    [Theory]
    // E36: smtpd gives the postmaster of our own address his name, so a literal that comes this far is another host's.
    [InlineData("x@[192.0.2.1]")]
    [InlineData("postmaster@[192.0.2.1]")]
    [InlineData("postmaster@[IPv6:::1]")]
    public void Literal_IsAnotherHosts(string address)
    {
        Assert.Equal(MeaningOutcome.Literal, Of(Books.Ordinary, address).Outcome);
        Assert.Equal(MeaningOutcome.Literal, Of(Books.Ordinary, address, final: true).Outcome);
    }

    [Fact]
    public void RelayedDomain_IsNotDeliveredHere()
    {
        var book = Books.Read(slice => slice.Domain("r.test").Relayed("r.test").Mailbox("u@r.test"));
        Assert.Equal(MeaningOutcome.Unknown, Of(book, "u@r.test").Outcome);
    }

    [Fact]
    public void AliasesInARow_GiveTheirEnds()
    {
        var book = Family(slice => slice.Alias("all@a.test", "staff", "x@f.test").Alias("staff@a.test", "u", "v").Alias("one@a.test", "staff2")
            .Alias("staff2@a.test", "v"));
        var meaning = Of(book, "all@a.test");
        Assert.Equal(["u@a.test", "v@a.test", "x@f.test"], Names(meaning));
        Assert.True(meaning.List);
        Assert.Null(meaning.Mailbox);
        // RFC 3461 §5.2.7.1: one address for another is no list, however many steps it took.
        meaning = Of(book, "one@a.test");
        Assert.Equal(["v@a.test"], Names(meaning));
        Assert.False(meaning.List);
    }

    [Fact]
    public void AddressReachedTwice_IsATargetOnce()
    {
        var book = Family(slice => slice.Alias("all@a.test", "l1", "l2", "U@A.test", "\"u\"@a.test").Alias("l1@a.test", "u", "v").Alias("l2@a.test", "v", "u"));
        Assert.Equal(["u@a.test", "v@a.test"], Names(Of(book, "all@a.test")));
    }

    [Fact]
    public void AliasThatNamesItself_KeepsACopy()
    {
        var book = Family(slice => slice.Alias("u@a.test", "u", "v"));
        Assert.Equal(["u@a.test", "v@a.test"], Names(Of(book, "u@a.test")));
        // Asked again for the copy, it is a mailbox and nothing else.
        Assert.NotNull(Of(book, "u@a.test", final: true).Mailbox);
        Assert.Empty(Of(book, "u@a.test", final: true).Targets);
    }

    [Theory]
    [InlineData("p@a.test")]
    [InlineData("q@a.test")]
    [InlineData("r@a.test")]
    [InlineData("self@a.test")]
    public void AliasesThatOnlyLeadBack_AreALoop(string address)
    {
        var book = Family(slice => slice.Alias("p@a.test", "q").Alias("q@a.test", "r").Alias("r@a.test", "p").Alias("self@a.test", "self"));
        Assert.Equal(MeaningOutcome.Loop, Of(book, address).Outcome);
    }

    [Fact]
    public void LoopWithAWayOut_GivesTheWayOut()
    {
        var book = Family(slice => slice.Alias("p@a.test", "q", "v").Alias("q@a.test", "p"));
        Assert.Equal(["v@a.test"], Names(Of(book, "q@a.test")));
    }

    [Fact]
    public void CatchAllThatNamesNobody_IsALoop()
    {
        var book = Family(slice => slice.Alias("@a.test", "nobody@a.test"));
        Assert.Equal(MeaningOutcome.Loop, Of(book, "x@a.test").Outcome);
    }

    [Fact]
    public void DeadEnd_StaysATargetSoThatItsFailureIsTold()
    {
        var book = Family(slice => slice.Alias("all@a.test", "u", "gone"));
        Assert.Equal(["u@a.test", "gone@a.test"], Names(Of(book, "all@a.test")));
        Assert.Equal(MeaningOutcome.Unknown, Of(book, "gone@a.test", final: true).Outcome);
    }

    [Fact]
    public void TargetOfARelayedDomain_IsNotFollowed()
    {
        var book = Family(slice => slice.Relayed("r.test").Alias("x@r.test", "v@a.test").Alias("all@a.test", "x@r.test"));
        Assert.Equal(["x@r.test"], Names(Of(book, "all@a.test")));
    }

    [Theory]
    [InlineData(Expansion.MaxDepth, MeaningOutcome.Found)]
    [InlineData(Expansion.MaxDepth + 1, MeaningOutcome.TooMany)]
    public void AliasesInARow_HaveALimit(int depth, MeaningOutcome outcome)
    {
        var book = Family(slice =>
        {
            for (var i = 1; i < depth; i++)
            {
                slice.Alias($"step{i}@a.test", $"step{i + 1}");
            }

            slice.Alias($"step{depth}@a.test", "u");
        });
        Assert.Equal(outcome, Of(book, "step1@a.test").Outcome);
    }

    [Theory]
    [InlineData(Expansion.MaxTargets, MeaningOutcome.Found)]
    [InlineData(Expansion.MaxTargets + 1, MeaningOutcome.TooMany)]
    public void Targets_HaveALimit(int count, MeaningOutcome outcome)
    {
        var book = Family(slice => slice.Alias("all@a.test", [.. Enumerable.Range(0, count).Select(i => $"x{i}@f.test")]));
        var meaning = Of(book, "all@a.test");
        Assert.Equal(outcome, meaning.Outcome);
        Assert.Equal(outcome == MeaningOutcome.Found ? count : 0, meaning.Targets.Count);
    }

    [Fact]
    public void ListsThatNameEachOther_CostNoMoreThanTheirLength()
    {
        // Without memory of what was followed already this takes 100 to the power of 20 steps.
        var book = Family(slice =>
        {
            for (var i = 0; i < 100; i++)
            {
                slice.Alias($"l{i}@a.test", [.. Enumerable.Range(0, 100).Select(j => $"l{j}"), "u"]);
            }
        });
        Assert.Equal(MeaningOutcome.TooMany, Of(book, "l0@a.test").Outcome);
    }

    [Fact]
    public void FinalQuestion_LooksAtNoAlias()
    {
        var book = Family(slice => slice.Alias("u@a.test", "v").Alias("only@a.test", "v").Alias("@a.test", "v"));
        Assert.NotNull(Of(book, "u+x@a.test", final: true).Mailbox);
        Assert.Equal(MeaningOutcome.Unknown, Of(book, "only@a.test", final: true).Outcome);
        Assert.Equal(MeaningOutcome.Unknown, Of(book, "anything@a.test", final: true).Outcome);
    }

    [Fact]
    public void TargetThatDoesNotFitItsDomain_IsNotDropped()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 4)) + ".test";
        var book = Books.Read(slice => slice.Domain(domain).Alias("all", new string('u', 60), "v@a.test"));
        Assert.Equal(MeaningOutcome.Unavailable, Of(book, "all@" + domain).Outcome);
    }

    private static AddressBook Family(Action<Slice> fill) =>
        Books.Read(slice => fill(slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test")));

    private static Meaning Of(AddressBook book, string address, bool final = false) => Expansion.Of(book, Books.Latin(address), final);

    private static string[] Names(Meaning meaning) => [.. meaning.Targets.Select(target => target.ToString())];
}
