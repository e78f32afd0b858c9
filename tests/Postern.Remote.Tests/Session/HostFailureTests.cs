using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.Text;

namespace Postern.Remote.Tests.Session;

/// <summary>Attacks I3, I4 and RFC 5321 §5.1: what fails at one host is left to the next as long as no content has left.</summary>
public sealed class HostFailureTests
{
    private const string Good = "> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok";
    private const string Piped = "> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n< MAIL\n< RCPT\n< DATA\n";

    [Theory]
    // 421 at each stage, with and without PIPELINING.
    [InlineData("> 421 no")]
    [InlineData("> 220 hi\n< EHLO\n> 421 no")]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 421 no")]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 421 no")]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 421 no")]
    [InlineData(Piped + "> 421 no")]
    [InlineData(Piped + "> 250 o\n> 421 no")]
    [InlineData(Piped + "> 250 o\n> 250 o\n> 421 no")]
    // Gone at each stage.
    [InlineData("> 220 hi\n!")]
    [InlineData("> 220 hi\n< EHLO\n!")]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n!")]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n!")]
    [InlineData(Piped + "> 250 o\n!")]
    [InlineData(Piped + "> 250 o\n> 250 o\n!")]
    // Success to DATA, before any content: nothing was sent that it could mean.
    [InlineData(Piped + "> 250 o\n> 250 o\n> 250 done")]
    // No host at all any more.
    [InlineData(Piped + "> 250 o\n> banana")]
    public void HostThatFailsBeforeTheContent_LeavesItToTheNext(string script)
    {
        using var hosts = new TwoHosts(script, Good);
        var result = hosts.Deliver();
        Assert.Equal((DeliveryOutcome.Delivered, $"b.test [127.0.0.2]:{hosts.First.Port}"), (result.Outcome, result.Host));
        Assert.Equal((1, 1), (hosts.First.Count, hosts.Second.Count));
        Assert.Empty(hosts.First.Contents);
    }

    [Theory]
    // An answer about the message or its recipient is that of the domain.
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 550 5.7.1 no", DeliveryOutcome.Permanent)]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 450 4.7.1 no", DeliveryOutcome.Temporary)]
    [InlineData(Piped + "> 250 o\n> 550 5.1.1 no\n> 503 no\n< RSET\n> 250 o", DeliveryOutcome.Permanent)]
    [InlineData(Piped + "> 250 o\n> 450 4.2.0 greylisted\n> 503 no\n< RSET\n> 250 o", DeliveryOutcome.Temporary)]
    [InlineData(Piped + "> 250 o\n> 250 o\n> 451 no\n< RSET\n> 250 o", DeliveryOutcome.Temporary)]
    // Once content has left, another try could make two of the message.
    [InlineData(Piped + "> 250 o\n> 250 o\n> 354 go\n!", DeliveryOutcome.Temporary)]
    [InlineData(Piped + "> 250 o\n> 250 o\n> 354 go\n.\n!", DeliveryOutcome.Temporary)]
    [InlineData(Piped + "> 250 o\n> 250 o\n> 354 go\n.\n> 421 no", DeliveryOutcome.Temporary)]
    [InlineData(Piped + "> 250 o\n> 250 o\n> 354 go\n.\n> 550 5.7.1 no", DeliveryOutcome.Permanent)]
    public void AnswerAboutTheMessage_IsNotAskedForTwice(string script, DeliveryOutcome outcome)
    {
        using var hosts = new TwoHosts(script, Good);
        Assert.Equal(outcome, hosts.Deliver().Outcome);
        Assert.Equal(0, hosts.Second.Count);
    }

    [Fact]
    public void EveryHostFails_TheFirstTemporaryReasonIsTold()
    {
        using var hosts = new TwoHosts(Piped + "> 250 o\n> 421 4.3.2 first", Piped + "> 250 o\n> 421 4.3.2 second");
        var result = hosts.Deliver();
        Assert.Equal((DeliveryOutcome.Temporary, "421 4.3.2 first"), (result.Outcome, result.Text));
        Assert.Equal(1, hosts.Second.Count);
    }

    [Fact]
    public void RecipientRefusedByTheFirstHost_IsNotAskedForAtTheNext()
    {
        const string Two = "> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n< MAIL\n< RCPT TO:<a@e.test>\n< RCPT TO:<b@e.test>\n< DATA\n> 250 o\n> 550 5.1.1 no a\n> 421 bye";
        using var hosts = new TwoHosts(Two, Good.Replace("< RCPT\n", "< RCPT TO:<b@e.test>\n"));
        var results = hosts.Remote.Deliver(hosts.Hop, "x\r\n", "a@e.test", "b@e.test");
        Assert.Equal([DeliveryOutcome.Permanent, DeliveryOutcome.Delivered], results.Select(result => result.Outcome));
    }

    [Fact]
    public void ConnectionResetRightAfterTheFinalReply_IsSuccess()
    {
        // Closed with unread bytes, which the kernel turns into a reset; the reply was on its way before it.
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Piped + "> 250 o\n> 250 o\n> 354 go\n~\n~\n~\n> 250 2.0.0 queued\n!");
        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), "x\r\n", "a@e.test").Single();
        Assert.Equal((DeliveryOutcome.Delivered, "250 2.0.0 queued"), (result.Outcome, result.Text));
    }

    [Theory]
    // Yes in the middle of a large message can't be about it.
    [InlineData("250 2.0.0 got it", DeliveryOutcome.Temporary)]
    [InlineData("354 go on", DeliveryOutcome.Temporary)]
    // No can.
    [InlineData("552 5.3.4 too much", DeliveryOutcome.Permanent)]
    [InlineData("452 4.3.1 disk full", DeliveryOutcome.Temporary)]
    public void ReplyBeforeTheEndOfTheContent_CountsOnlyAsANo(string reply, DeliveryOutcome outcome)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"{Piped}> 250 o\n> 250 o\n> 354 go\n< begin\n> {reply}");
        var content = "begin\r\n" + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 20_000));
        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), content, "a@e.test").Single();
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(0, remote.Pool.Open);
    }

    [Theory]
    // However the network cut it, a no in the middle of the content is one reply.
    [InlineData(">> 552-5.3.4_too\n~\n>> _big\\r\\n552_5.3.4_much\\r\\n")]
    [InlineData(">> 5\n~\n>> 52_5.3.4_too_big\\r\n~\n>> \\n")]
    [InlineData(">> 552_5.3.4_too_big\n~\n>> \\r\\n\n!")]
    public void ReplyBeforeTheEndOfTheContentInPieces_IsWaitedFor(string pieces)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"{Piped}> 250 o\n> 250 o\n> 354 go\n< begin\n{pieces}");
        var content = "begin\r\n" + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 20_000));
        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), content, "a@e.test").Single();
        Assert.Equal(DeliveryOutcome.Permanent, result.Outcome);
        Assert.StartsWith("552 5.3.4 ", result.Text, StringComparison.Ordinal);
        Assert.Equal(0, remote.Pool.Open);
    }

    [Theory]
    // One that is never finished, or is none, decides nothing.
    [InlineData(">> 552_5.3.4\n~\n!")]
    [InlineData(">> 55\n~\n>> banana\\r\\n")]
    [InlineData(">> 250-2.0.0_g\n~\n>> ot\\r\\n250_it\\r\\n")]
    public void PiecesThatAreNoReplyBeforeTheEndOfTheContent_Defer(string pieces)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"{Piped}> 250 o\n> 250 o\n> 354 go\n< begin\n{pieces}");
        var content = "begin\r\n" + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 20_000));
        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), content, "a@e.test").Single();
        Assert.Equal(DeliveryOutcome.Temporary, result.Outcome);
        Assert.Equal(0, remote.Pool.Open);
    }

    [Fact]
    public void ExchangersOfADomain_AreToldOncePerLookUp()
    {
        using var hosts = new TwoHosts(Good, string.Empty);
        Assert.Equal(DeliveryOutcome.Delivered, hosts.Deliver().Outcome);
        Assert.Equal(["10 a.test 20 b.test"], hosts.Remote.Exchangers);
    }

    /// <summary>A domain with two exchangers, the first of which is preferred.</summary>
    private sealed class TwoHosts : IDisposable
    {
        internal TwoHosts(string first, string second)
        {
            Remote = new RemoteUnderTest(
                new TableResolver("e.test MX 10 a.test", "e.test MX 20 b.test", "a.test A 127.0.0.1", "b.test A 127.0.0.2"),
                new AddressPolicy(true, new HashSet<IpAddress>()));
            First = new ScriptedServer(Remote.Loop, first);
            Assert.True(IpAddress.TryParse("127.0.0.2", out var address));
            Second = new ScriptedServer(Remote.Loop, SocketAddress.Inet(address, First.Port), second);
        }

        internal RemoteUnderTest Remote { get; }

        internal ScriptedServer First { get; }

        internal ScriptedServer Second { get; }

        internal Hop Hop => new(HopKind.Exchangers, "e.test", First.Port);

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
            Remote.Dispose();
        }

        internal Said Deliver() => Remote.Deliver(Hop, "x\r\n", "a@e.test").Single();
    }
}
