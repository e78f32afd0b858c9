using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;

namespace Postern.Dns.Tests.Resolving;

/// <summary>What counts as "yes", as "no" and as "nobody knows": mail is sent, bounced or kept upon it.</summary>
public class AnswerMeaningTests
{
    [Fact]
    public async Task NoSuchName_AndNoRecordsOfTheType_AreToldApart()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.ReplyNo(code: 3).Build())];
        Assert.IsType<Resolution.NoSuchName>(await fixture.Resolve());

        fixture.Network.Datagrams = asked => [new(asked.ReplyNo().Build())];
        Assert.IsType<Resolution.NoRecords>(await fixture.Resolve());
    }

    [Fact]
    public async Task NoWithoutAnSoa_IsANoThatMayNotBeRemembered()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.Reply().Build())];
        Assert.Equal(0u, Assert.IsType<Resolution.NoRecords>(await fixture.Resolve()).TimeToLive);
        fixture.Network.Datagrams = asked => [new(asked.Reply(code: 3).Build())];
        Assert.Equal(0u, Assert.IsType<Resolution.NoSuchName>(await fixture.Resolve()).TimeToLive);
        fixture.Network.Datagrams = asked => [new(asked.ReplyNo(code: 3).Build())];
        Assert.Equal(60u, Assert.IsType<Resolution.NoSuchName>(await fixture.Resolve()).TimeToLive);
    }

    [Fact]
    public async Task RecordsOfOtherTypesOrNames_AreNotTheAnswer()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked =>
        [
            new(asked.Reply()
                .Answer(Message.Pointer(12), 16, [0])
                .Answer(Message.Pointer(12), 28, new byte[16])
                .Answer(Message.Name("example.net"), 1, [192, 0, 2, 1])
                .Build()),
        ];
        Assert.IsType<Resolution.NoRecords>(await fixture.Resolve());
    }

    [Fact]
    public async Task OwnerInAnotherLetterCase_IsTheSame()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.Reply().Answer(Message.Name("EXAMPLE.ORG"), 1, [192, 0, 2, 1]).Build())];
        Assert.IsType<Resolution.Found>(await fixture.Resolve());
    }

    [Fact]
    public async Task FailureInTheExtendedCode_IsNotTakenForAnAnswer()
    {
        var fixture = new ResolverFixture();
        // NOERROR in the header, BADVERS with the OPT record: the header alone would say that there are no records.
        fixture.Network.Datagrams = asked => [new(asked.Reply().Additional([0], 41, [], ttl: 0x01000000).Build())];

        Assert.Equal(UnavailableReason.BadAnswer, await fixture.Fail());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task ReferralFromAServerThatDoesNotResolve_IsNoProofOfAbsence(int code)
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked =>
        {
            Message message = asked.ReplyNo();
            message.Flags = (ushort)(0x8100 | code);
            return [new(message.Build())];
        };
        Assert.Equal(UnavailableReason.BadAnswer, await fixture.Fail());
    }

    [Fact]
    public async Task AuthoritativeNoWithoutRecursion_Counts()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked =>
        {
            Message message = asked.ReplyNo();
            message.Flags = 0x8503;
            return [new(message.Build())];
        };
        Assert.IsType<Resolution.NoSuchName>(await fixture.Resolve());
    }

    [Fact]
    public async Task NoSuchNameBesideItsRecords_IsNoAnswer()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.Reply(code: 3).Answer(Message.Pointer(12), 1, [192, 0, 2, 1]).Build())];

        Assert.Equal(UnavailableReason.BadAnswer, await fixture.Fail());
    }

    [Theory]
    [InlineData(true, true, true)]
    // Whoever is on the way could have set the bit.
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public async Task AuthenticData_CountsFromATrustedServerOnly(bool isTrusted, bool isSet, bool isAuthenticated)
    {
        var fixture = new ResolverFixture(isTrusted: isTrusted);
        Func<Asked, Message>[] replies = [asked => asked.ReplyAddress(), asked => asked.ReplyNo(), asked => asked.ReplyNo(code: 3)];
        foreach (Func<Asked, Message> reply in replies)
        {
            fixture.Network.Datagrams = asked =>
            {
                Message message = reply(asked);
                message.Flags |= (ushort)(isSet ? 0x20 : 0);
                return [new(message.Build())];
            };
            Assert.Equal(isAuthenticated, (await fixture.Resolve()).IsAuthenticated);
        }
    }
}
