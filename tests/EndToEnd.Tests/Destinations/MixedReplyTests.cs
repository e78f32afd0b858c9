using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>One message, many recipients, a different answer for each: each gets what its own answer says, once.</summary>
public sealed class MixedReplyTests
{
    private static readonly string[] _everybody = ["fine", "greylisted", "full", "gone", "banned", "slow"];

    private readonly string _mark = Samples.Mark();

    [Fact]
    public void RecipientsAtOneServer_AreServedRetriedAndReportedEachByItsOwnReply()
    {
        using var rig = new DestinationRig();
        var seen = new Tally();
        using var bad = rig.OpenBad((happened, _) => happened.StartsWith("RCPT", StringComparison.Ordinal) ? Answer(happened, seen) : null);
        rig.Send(Samples.Message(_mark), [.. _everybody.Select(name => $"{name}@bad.example"), "y@good.example"]);
        rig.AwaitEmptyQueue();
        Assert.Equal(["fine@bad.example", "full@bad.example", "greylisted@bad.example", "slow@bad.example"], bad.Messages.SelectMany(one => one.To).Order());
        Assert.Equal(["y@good.example"], rig.Good.Messages.SelectMany(one => one.To));
        Assert.Equal((1, 2, 3, 1, 1, 2), (seen["fine"], seen["greylisted"], seen["full"], seen["gone"], seen["banned"], seen["slow"]));
        MustReport(rig, "gone@bad.example", "banned@bad.example");
    }

    // RFC 2033 §4.2: after the content each recipient has a reply of its own.
    [Fact]
    public void RecipientsAtAnLmtpServer_AreServedRetriedAndReportedEachByItsOwnReply()
    {
        using var rig = new DestinationRig(scheme: "lmtp:");
        var seen = new Tally();
        using var bad = rig.OpenBad((happened, _) => happened.StartsWith("CONTENT", StringComparison.Ordinal) ? Answer(happened, seen) : null);
        rig.Send(Samples.Message(_mark), [.. _everybody.Select(name => $"{name}@bad.example")]);
        rig.AwaitEmptyQueue();
        Assert.Equal(["fine@bad.example", "full@bad.example", "greylisted@bad.example", "slow@bad.example"], bad.Messages.SelectMany(one => one.To).Order());
        Assert.Equal((1, 2, 3, 1, 1, 2), (seen["fine"], seen["greylisted"], seen["full"], seen["gone"], seen["banned"], seen["slow"]));
        MustReport(rig, "gone@bad.example", "banned@bad.example");
    }

    [Fact]
    public void ServerThatClosesAmongTheRecipients_GetsThemAllAgainAndNobodyTwice()
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, number) => happened.StartsWith("RCPT", StringComparison.Ordinal) && number == 3 ? ScriptedSink.Close : null);
        rig.Send(Samples.Message(_mark), [.. _everybody.Select(name => $"{name}@bad.example")]);
        rig.AwaitEmptyQueue();
        Assert.Equal(_everybody.Select(name => $"{name}@bad.example").Order(), bad.Messages.SelectMany(one => one.To).Order());
        Assert.Equal(0, rig.Server.Mailbox("alice").Count);
    }

    // All are refused: there is nobody whom the content could go to.
    [Fact]
    public void ServerThatRefusesEverybody_GetsNoContent()
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, _) => happened.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null);
        rig.Send(Samples.Message(_mark), "a@bad.example", "b@bad.example");
        rig.AwaitEmptyQueue();
        Assert.Empty(bad.Messages);
        Assert.Equal(0, bad.CountOf("CONTENT"));
        MustReport(rig, "a@bad.example", "b@bad.example");
    }

    private static string? Answer(string happened, Tally seen)
    {
        var name = _everybody.Single(name => happened.Contains(name + "@", StringComparison.Ordinal));
        var time = seen.Count(name);
        return name switch
        {
            "greylisted" when time == 1 => "450 4.2.0 come again",
            "full" when time <= 2 => "452 4.2.2 mailbox full",
            "slow" when time == 1 => "451-4.3.0 one thing\r\n451 4.3.0 and another",
            "gone" => "550 5.1.1 nobody of that name",
            "banned" => "553-5.7.1 not\r\n553 5.7.1 for you",
            _ => null,
        };
    }

    private static void MustReport(DestinationRig rig, params string[] failed)
    {
        var notices = rig.Server.Mailbox("alice").Await(1);
        foreach (var name in _everybody.Select(name => $"{name}@bad.example").Concat(failed).Append("y@good.example").Distinct())
        {
            var expected = failed.Contains(name) ? 1 : 0;
            Assert.Equal(expected, notices.Count(one => one.Contains($"\nFinal-Recipient: rfc822; {name}\n") && one.Contains("\nAction: failed\n")));
        }

        Assert.DoesNotContain(notices, one => one.Contains("\nAction: delayed\n"));
    }

    private sealed class Tally
    {
        private readonly Dictionary<string, int> _counts = [];

        internal int this[string name] => _counts.GetValueOrDefault(name);

        internal int Count(string name)
        {
            lock (_counts)
            {
                return _counts[name] = _counts.GetValueOrDefault(name) + 1;
            }
        }
    }
}
