using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>Destinations that misbehave get their mail again and again, and nobody else waits for them.</summary>
public sealed class DestinationTests
{
    private readonly string _mark = Samples.Mark();

    [Fact]
    public void ADestinationThatWasDown_GetsItsMailWhenItIsBack()
    {
        using var rig = new DestinationRig();
        rig.Send(Samples.Message(_mark), "x@bad.example", "y@good.example");
        DestinationRig.AwaitIn(rig.Good, _mark);
        Patience.Until(() => rig.Server.Postern(["queue", "list", "--json"]).Output.Contains("\"deferred\"", StringComparison.Ordinal),
            () => "never deferred");

        using var bad = rig.OpenBad((_, _) => null);
        Assert.Equal(["x@bad.example"], DestinationRig.AwaitIn(bad, _mark).To);
        Assert.Single(rig.Good.Messages);
        Assert.Equal(0, rig.Server.Mailbox("alice").Count);
    }

    [Theory]
    // Before a word, and at each step that a client waits for.
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData("CONTENT")]
    public void ASlowDestination_DelaysNobodyElse(string verb)
    {
        using var gate = new ManualResetEventSlim();
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, _) =>
        {
            if (happened.StartsWith(verb, StringComparison.Ordinal))
            {
                gate.Wait(Patience.Long);
            }

            return null;
        });
        for (var i = 0; i < 50; i++)
        {
            rig.Send(Samples.Message($"{_mark}-slow"), $"x{i}@bad.example");
        }

        rig.Send(Samples.Message(_mark), "y@good.example", "bob@example.org");
        DestinationRig.AwaitIn(rig.Good, _mark);
        rig.Server.Mailbox("bob").Await(_mark);
        Assert.Empty(bad.Messages);

        gate.Set();
        Patience.Until(() => bad.Messages.Count >= 50, () => $"{bad.Messages.Count} of 50");
        Assert.Equal(50, bad.Messages.SelectMany(one => one.To).Distinct().Count());
    }

    [Fact]
    public void Greylisting_IsWaitedOut()
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, number) =>
            happened.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && number <= 2 ? "450 4.2.0 greylisted, come again" : null);
        rig.Send(Samples.Message(_mark), "x@bad.example");
        DestinationRig.AwaitIn(bad, _mark);
        rig.AwaitEmptyQueue();
        Assert.Single(bad.Messages);
        Assert.Equal(3, bad.CountOf("RCPT"));
        Assert.Equal(0, rig.Server.Mailbox("alice").Count);
    }

    [Theory]
    // It breaks off while the content comes.
    [InlineData("LINE", 3, ScriptedSink.Close)]
    // It breaks off instead of saying whether it took the message.
    [InlineData("CONTENT", 1, ScriptedSink.Close)]
    // It has no time at all.
    [InlineData("CONNECT", 1, "421 4.3.2 closing")]
    // It breaks off before a word.
    [InlineData("CONNECT", 1, ScriptedSink.Close)]
    // It is no mail server.
    [InlineData("CONNECT", 1, "SSH-2.0-nonsense\r\n\u0001\u0002\u00ff")]
    // It loses its wits in the middle.
    [InlineData("DATA", 1, "banana")]
    // Neither yes nor no.
    [InlineData("CONTENT", 1, "999 what")]
    // Content is asked for and then refused for now.
    [InlineData("CONTENT", 1, "452 4.3.1 disk full")]
    public void ADestinationThatFailsOnce_GetsTheMessageWithTheNextAttempt(string verb, int number, string reply)
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, now) =>
            now == number && happened.StartsWith(verb, StringComparison.OrdinalIgnoreCase) ? reply : null);
        rig.Send(Samples.Message(_mark), "x@bad.example", "y@good.example");
        DestinationRig.AwaitIn(rig.Good, _mark);
        DestinationRig.AwaitIn(bad, _mark);
        rig.AwaitEmptyQueue();
        Assert.Single(bad.Messages);
        Assert.Equal(0, rig.Server.Mailbox("alice").Count);
    }

    [Fact]
    public void EndlessNonsense_ComesBackWhenTheTimeIsOver()
    {
        using var rig = new DestinationRig("retry_first = \"1s\"\nretry_max = \"1s\"\nexpire = \"3s\"\nwarn_after = \"never\"");
        using var bad = rig.OpenBad((_, _) => new string('#', 4000));
        rig.Send(Samples.Message(_mark), "x@bad.example");
        var notice = rig.Server.Mailbox("alice").Await(_mark);
        Assert.True(notice.Contains("\nFinal-Recipient: rfc822; x@bad.example\n"), notice.Text);
        Assert.True(notice.Contains("\nAction: failed\n"), notice.Text);
        rig.AwaitEmptyQueue();
    }
}
