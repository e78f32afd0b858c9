using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.Queue.Tests.Notices;

/// <summary>Attack K9: the queue crashes at each of its commits in turn; every notification comes, and none more than twice.</summary>
public sealed class CrashSweepTests
{
    private static readonly string[] _owed =
    [
        "Failed bad@b.test", "Failed bad@c.test", "Expanded team@a.test", "Delivered u@a.test", "Relayed ok@b.test", "Delayed slow@d.test",
    ];

    [Theory]
    [InlineData(false)]
    // The commit that failed had reached the disk all the same.
    [InlineData(true)]
    public void CrashAtAnyCommit_LosesNoNotificationAndDoublesNoneMoreThanOnce(bool reachedTheDisk)
    {
        var commits = 0;
        for (var hasCrashed = true; hasCrashed; commits++)
        {
            hasCrashed = Run(commits, reachedTheDisk);
        }

        Assert.InRange(commits, 10, 1000);
    }

    private static bool Run(int commits, bool reachedTheDisk)
    {
        var story = new Story();
        var rig = new QueueRig();
        try
        {
            rig.Storage.CommitsUntilFailure = commits;
            rig.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay }, "team@a.test", "bad@b.test", "ok@b.test", "u@a.test", "slow@d.test");
            story.Play(rig);
            var hasCrashed = rig.EndCode is not null;
            if (hasCrashed)
            {
                var wasAccepted = rig.Smtpd.Answers.ContainsValue(SubmissionOutcome.Committed);
                rig = rig.Crash(reachedTheDisk);
                if (!wasAccepted && rig.Parts.Core.Table.Messages.Count == 0)
                {
                    return true; // Never promised, and not there.
                }

                story.Play(rig);
            }

            Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
            story.AssertEachToldOnceOrTwice(commits);
            return hasCrashed;
        }
        finally
        {
            rig.Dispose();
        }
    }

    /// <summary>Everybody else's part, the same before and after the crash.</summary>
    private sealed class Story
    {
        /// <summary>Ids of the notifications that reached their sender, by what they tell.</summary>
        private readonly Dictionary<string, HashSet<ulong>> _told = [];

        internal void Play(QueueRig rig)
        {
            // Late after four hours; slow@d.test takes the message when that was told.
            for (var half = 0; half < 24 && rig.EndCode is null; half++)
            {
                do
                {
                    rig.Turn();
                }
                while (Answer(rig, rig.Local) | Answer(rig, rig.Remote));
                rig.Clock.Pass(TimeSpan.FromMinutes(30));
            }

            rig.Turn();
        }

        internal void AssertEachToldOnceOrTwice(int commits)
        {
            foreach (var event_ in _owed)
            {
                var times = _told.TryGetValue(event_, out var ids) ? ids.Count : 0;
                Assert.True(times is 1 or 2, $"{event_}: {times} times with a crash at commit {commits}");
            }

            Assert.Equal(_owed.Length, _told.Count);
        }

        private bool Answer(QueueRig rig, DelivererEnd peer)
        {
            var open = peer.Attempts.Where(attempt => attempt.Ended).ToList();
            foreach (var attempt in open)
            {
                peer.Attempts.Remove(attempt);
                foreach (var (number, address, final) in attempt.Recipients)
                {
                    Answer(peer, attempt, (number, address, final));
                }

                peer.End(attempt);
            }

            return open.Count > 0 && rig.EndCode is null;
        }

        private void Answer(DelivererEnd peer, SeenAttempt attempt, (uint Number, string Address, bool Final) recipient)
        {
            var outcome = recipient.Address switch
            {
                "team@a.test" when !recipient.Final => DeliveryOutcome.Expanded,
                "bad@b.test" or "bad@c.test" => DeliveryOutcome.Permanent,
                "ok@b.test" => DeliveryOutcome.Relayed,
                "slow@d.test" when !_told.ContainsKey("Delayed slow@d.test") => DeliveryOutcome.Temporary,
                _ => DeliveryOutcome.Delivered,
            };
            if (outcome == DeliveryOutcome.Expanded)
            {
                peer.Target(attempt, recipient.Number, "v@a.test", list: true);
                peer.Target(attempt, recipient.Number, "bad@c.test", list: true);
            }
            else if (attempt.Sender.Length == 0)
            {
                Assert.Equal("s@a.test", recipient.Address);
                foreach (var line in attempt.Content.ToString().Split("\r\n\r\n")[1].Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    _told.TryAdd(line, []);
                    _told[line].Add(attempt.Message);
                }
            }

            peer.Answer(attempt, recipient.Number, outcome, FaultOf.Peer);
        }
    }
}
