using System.Text;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Mail;
using Postern.TestKit;

namespace Postern.Queue.Tests.Hostile;

/// <summary>
/// Each partner of the queue taken over, one at a time: it sends frames of every type with fields that are right, at their
/// limits, or nonsense. The queue may end that channel; everybody else is served as if nothing had happened.
/// </summary>
public sealed class WildFramesTests
{
    private const string Secret = "Subject: for r only\r\n\r\nsecret words\r\n";

    private static readonly ushort[] _submission = [10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15];
    private static readonly ushort[] _results = [40, 40, 41, 42, 42, 43, 22];
    private static readonly ushort[] _notices = [13, 33, 52];

    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 5_000 : 100;

    [Fact]
    public void SmtpdThatWasTakenOver_ReadsNothingAndStopsNothing() =>
        ForEachSeed(wild => Submit(wild, rig => new WildEnd(rig.Turn, theirs => rig.Parts.Connect(ProgramName.Smtpd, theirs))));

    [Fact]
    public void AuthThatWasTakenOver_ReadsNothingAndStopsNothing() =>
        ForEachSeed(wild => Submit(wild, rig => new WildEnd(rig.Turn, theirs => rig.Parts.Connect(ProgramName.Auth, theirs))));

    [Fact]
    public void LocalUser_ReadsNothingAndStopsNothing() => ForEachSeed(wild => Submit(wild, rig => new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: false))));

    [Fact]
    public void RemoteThatWasTakenOver_StopsNothingElse() => ForEachSeed(wild =>
    {
        using var rig = Rig();
        var attempt = rig.Local.Single;
        rig.Remote.Channel.Dispose();
        using (var end = new WildEnd(rig.Turn, theirs => rig.Parts.Connect(ProgramName.Remote, theirs)))
        {
            Play(wild, end, rig, _results);
            DoesNotHold(end, "secret for local");
        }

        Assert.False(rig.Local.Closed);
        Assert.Same(attempt, rig.Local.Single);
        IsServed(rig);
    });

    [Fact]
    public void LocalThatWasTakenOver_StopsNothingElse() => ForEachSeed(wild =>
    {
        using var rig = Rig();
        var attempt = rig.Remote.Single;
        rig.Local.Channel.Dispose();
        using (var end = new WildEnd(rig.Turn, theirs => rig.Parts.Connect(ProgramName.Local, theirs)))
        {
            Play(wild, end, rig, _results);
            DoesNotHold(end, "secret words");
        }

        Assert.False(rig.Remote.Closed);
        Assert.Same(attempt, rig.Remote.Attempts[0]);
        IsServed(rig);
    });

    [Fact]
    public void BounceThatWasTakenOver_StopsNothingElse() => ForEachSeed(wild =>
    {
        using var rig = Rig();
        rig.Bounce.Channel.Dispose();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Connect(ProgramName.Bounce, theirs));
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        end.Read();
        Play(wild, end, rig, _notices);
        DoesNotHold(end, "secret for local");
        // Whatever it wrote, it chose no recipient: notifications go to the sender of what failed.
        Assert.All(rig.Local.Attempts.Skip(1), attempt => Assert.Equal(["s@a.test"], attempt.Recipients.Select(one => one.Address)));
        Assert.False(rig.Local.Closed || rig.Remote.Closed);
        IsServed(rig);
    });

    /// <summary>A message for each of local and remote, both under way.</summary>
    private static QueueRig Rig()
    {
        var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = Secret }, "r@b.test");
        rig.Smtpd.Submit(new SentMail { Content = "Subject: t\r\n\r\nsecret for local\r\n" }, "v@a.test");
        rig.Turn();
        return rig;
    }

    private static void Submit(WildFrames wild, Func<QueueRig, WildEnd> connect)
    {
        var rig = Rig();
        using (var end = connect(rig))
        {
            Play(wild, end, rig, _submission);
            DoesNotHold(end, "secret");
            DoesNotHold(end, "r@b.test");
            DoesNotHold(end, "v@a.test");
            OnlyAnswers(end);
        }

        Assert.False(rig.Local.Closed || rig.Remote.Closed || rig.Bounce.Closed);
        IsServed(rig);
        // What it left in the log stops no later start, and takes nothing away.
        using var after = rig.Crash(keepOpenBatch: true);
        Assert.Contains(after.Remote.Attempts, attempt => attempt.Content.ToString() == Secret);
        IsServed(after);
        rig.Dispose();
    }

    private static void Play(WildFrames wild, WildEnd end, QueueRig rig, ushort[] likely)
    {
        for (var left = 1 + wild.Below(60); left > 0 && !end.IsClosed; left--)
        {
            end.Send(wild.Next(likely));
            rig.Turn();
            if (wild.Below(10) == 0)
            {
                rig.Clock.Pass(TimeSpan.FromSeconds(40));
                rig.Turn();
            }
        }

        end.Read();
    }

    /// <summary>An honest smtpd hands a message in, and it goes out as it came.</summary>
    private static void IsServed(QueueRig rig)
    {
        Assert.Null(rig.EndCode);
        rig.RestartRemote();
        var number = rig.Smtpd.Submit(new SentMail { Content = "Subject: later\r\n\r\nstill served\r\n" }, "later@relay.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[number]);
        rig.Pass(TimeSpan.FromMinutes(1));
        var attempt = rig.Remote.Attempts.First(one => one.Message == rig.Smtpd.Ids[number]);
        Assert.Equal("Subject: later\r\n\r\nstill served\r\n", attempt.Content.ToString());
        Assert.All(rig.Lines.Split('\n'), line => Assert.All(line, letter => Assert.InRange(letter, ' ', '~')));
    }

    private static void DoesNotHold(WildEnd end, string text) =>
        Assert.True(end.Received.ToArray().AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) < 0, $"it was told of {text}");

    /// <summary>Numbers, ids of its own messages, outcomes, credit and the queue's condition: nothing else is said to who submits.</summary>
    private static void OnlyAnswers(WildEnd end)
    {
        var rest = end.Received.ToArray().AsSpan();
        while (!rest.IsEmpty)
        {
            Assert.Contains(BitConverter.ToUInt16(rest[4..6]), new[] { MessageOpenedFrame.Type, SubmissionAnswerFrame.Type, CreditFrame.Type, QueueStateFrame.Type });
            rest = rest[(6 + BitConverter.ToInt32(rest[..4]))..];
        }
    }

    private static void ForEachSeed(Action<WildFrames> play)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                play(new WildFrames(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
            }
        }
    }
}
