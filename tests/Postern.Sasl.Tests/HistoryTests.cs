using System.Text;
using CsCheck;
using Postern.Text;

namespace Postern.Sasl.Tests;

/// <summary>What is kept of every attempt, and what follows from it.</summary>
public sealed class HistoryTests
{
    private const string Line = "2026-11-27T23:05:09Z\tlogged-in\tsubmission\tSCRAM-SHA-256\t192.0.2.1\tu@a.test\tmy phone";

    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ALine_IsItsAttempt()
    {
        var record = LoginRecord.Read(Encoding.ASCII.GetBytes(Line));
        Assert.Equal(new LoginRecord
        {
            Time = new DateTimeOffset(2026, 11, 27, 23, 5, 9, TimeSpan.Zero),
            Outcome = LoginOutcome.LoggedIn,
            Service = "submission",
            Mechanism = SaslMechanism.ScramSha256,
            Address = Address("192.0.2.1"),
            Name = "u@a.test",
            Detail = "my phone",
        }, record);
        Assert.Equal(Line + "\n", Encoding.ASCII.GetString(record!.Write()));
    }

    [Theory]
    [InlineData("logged-in", "logged-out")]
    [InlineData("logged-in", "")]
    [InlineData("submission", "SUBMISSION")]
    [InlineData("submission", "")]
    [InlineData("SCRAM-SHA-256", "SCRAM-SHA-1")]
    [InlineData("192.0.2.1", "192.0.2.256")]
    [InlineData("192.0.2.1", "")]
    [InlineData("2026-11-27", "2026-11-31")]
    [InlineData("23:05:09Z", "23:05:09")]
    [InlineData("23:05:09Z", "23:05:09z")]
    [InlineData("T23:05:09Z", "t23:05:09Z")]
    [InlineData("u@a.test", "U@a.test")]
    [InlineData("u@a.test", "u a.test")]
    [InlineData("my phone", "my\tphone")]
    [InlineData("my phone", "my\u0001phone")]
    [InlineData("\tmy phone", "")]
    public void AnotherLine_IsNone(string from, string to) => Assert.Null(LoginRecord.Read(Encoding.ASCII.GetBytes(Line.Replace(from, to, StringComparison.Ordinal))));

    [Fact]
    public void ALineCutAnywhereBeforeItsLastField_IsNone()
    {
        for (int length = 0; length < Line.LastIndexOf('\t'); length++) Assert.Null(LoginRecord.Read(Encoding.ASCII.GetBytes(Line[..length])));
        Assert.Null(LoginRecord.Read([.. Encoding.ASCII.GetBytes(Line), 0xff]));
        Assert.Null(LoginRecord.Read(Encoding.ASCII.GetBytes(Line + new string('x', LoginRecord.MaxLength))));
    }

    // Whatever a client sends for a name, it stays one line that says the same.
    [Fact]
    public void AnyAttempt_GoesThereAndBack() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 7], Gen.Int[1, 7], Gen.Byte.Array[16], Gen.Int[0, 2_000_000_000]).Sample((sent, outcome, mechanism, address, seconds) =>
    {
        bool isName = AccountName.TryParse(sent, out string name);
        var record = new LoginRecord
        {
            Time = DateTimeOffset.FromUnixTimeSeconds(seconds),
            Outcome = (LoginOutcome)outcome,
            Service = "submissions",
            Mechanism = (SaslMechanism)mechanism,
            Address = IpAddress.FromBytes(address),
            Name = name,
            Detail = isName ? "" : EscapedText.Of(sent),
        };
        var line = record.Write();
        Assert.Equal(line.Length - 1, line.IndexOf((byte)'\n'));
        Assert.InRange(line.Length, 1, LoginRecord.MaxLength);
        Assert.Equal(record, LoginRecord.Read(line.AsSpan(0, line.Length - 1)));
    });

    [Fact]
    public void EveryOutcomeAndMechanism_HasAWord()
    {
        foreach (var outcome in Enum.GetValues<LoginOutcome>())
        {
            foreach (var mechanism in Enum.GetValues<SaslMechanism>())
            {
                var record = new LoginRecord { Time = _start, Outcome = outcome, Service = "x", Mechanism = mechanism, Address = Address("::1") };
                Assert.Equal(record, LoginRecord.Read(record.Write().AsSpan()[..^1]));
            }
        }
    }

    [Fact]
    public void ANewNetwork_IsToldOnce_AndTheVeryFirstIsNone()
    {
        var known = new KnownNetworks();
        Assert.False(known.Has("u", Network(1), _start));
        Assert.False(known.Add("u", Network(1), _start));
        Assert.True(known.Has("u", Network(1), _start));
        Assert.False(known.Has("v", Network(1), _start));
        Assert.False(known.Add("u", Network(1), _start));
        Assert.True(known.Add("u", Network(2), _start));
        Assert.False(known.Add("u", Network(2), _start));
        Assert.False(known.Add("v", Network(2), _start));
        known.Remove("u");
        Assert.False(known.Has("u", Network(1), _start));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254", false)]
    [InlineData("192.0.2.1", "192.0.3.1", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:ffff::4", false)]
    [InlineData("2001:db8:1:2::3", "2001:db8:2:2::3", true)]
    [InlineData("192.0.2.1", "2001:db8:1::1", true)]
    public void ANetworkBesideAKnownOne_IsNoNewPlace_AndStrangeAllTheSame(string home, string other, bool isNew)
    {
        var known = new KnownNetworks();
        known.Add("u", new ClientNetwork(Address(home)), _start);
        Assert.False(known.Has("u", new ClientNetwork(Address(other)), _start));
        Assert.Equal(isNew, known.Add("u", new ClientNetwork(Address(other)), _start));
    }

    [Fact]
    public void ANetworkThatWasLongNotUsed_IsNew()
    {
        var known = new KnownNetworks();
        known.Add("u", Network(1), _start);
        known.Add("u", Network(2), _start);
        var later = _start + KnownNetworks.Lifetime;
        Assert.True(known.Has("u", Network(1), later));
        Assert.False(known.Add("u", Network(1), later));
        later += TimeSpan.FromSeconds(1);
        Assert.True(known.Has("u", Network(1), later));
        Assert.False(known.Has("u", Network(2), later));
        Assert.True(known.Add("u", Network(2), later));
    }

    [Fact]
    public void OfManyNetworks_TheOldestIsForgotten()
    {
        var known = new KnownNetworks();
        for (int i = 0; i < KnownNetworks.MaxPerAccount; i++) known.Add("u", Network(i), _start);
        // Used again: no more the oldest.
        known.Add("u", Network(0), _start);
        known.Add("u", Network(100), _start);
        Assert.True(known.Has("u", Network(0), _start));
        Assert.False(known.Has("u", Network(1), _start));
        Assert.True(known.Has("u", Network(2), _start));
    }

    private static ClientNetwork Network(int last) => new(Address($"192.0.{last}.1"));

    private static IpAddress Address(string text) => IpAddress.TryParse(Encoding.ASCII.GetBytes(text), out var address) ? address : throw new ArgumentException(text);
}
