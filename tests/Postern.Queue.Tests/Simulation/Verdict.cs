using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Queue.Tests.Simulation;

/// <summary>What must hold when everything has come to its end.</summary>
internal static class Verdict
{
    /// <summary>A message may be given up this early: when the next attempt would come too late.</summary>
    private static readonly TimeSpan _life = TimeSpan.FromDays(2) - TimeSpan.FromHours(4.5);

    internal static void Judge(Ledger ledger, SimLife life, DateTimeOffset now)
    {
        foreach (var story in ledger.Stories)
        {
            if (story.Standing == Standing.Promised || story.WasSeen)
            {
                JudgeStory(ledger, story, now);
            }
        }

        var core = life.Parts.Core;
        Assert.True(core.Table.Messages.Count == 0, $"{core.Table.Messages.Count} messages never end");
        Assert.Equal(0, core.Table.Recipients.Count);
        Assert.Equal(0, core.Table.LiveBytes);
        Assert.All(core.Destinations.All, destination => Assert.Equal(0, destination.Window.Active));
    }

    private static void JudgeStory(Ledger ledger, Story story, DateTimeOffset now)
    {
        foreach (var (address, notify) in story.Recipients)
        {
            foreach (var final in Addresses.Finals(address))
            {
                JudgeFinal(ledger, story, final, Requests(address, notify), now);
            }
        }

        // One message, one delay, one report of it: per message of ours, since an alias makes a message of its own.
        foreach (var about in story.Reports.Where(report => report.CameToBe).GroupBy(report => report.About))
        {
            var delays = about.Count(report => report.Lines.Exists(line => line.Action == NoticeAction.Delayed));
            Assert.True(delays <= 1, $"{story}: {delays} reports of delay");
        }
    }

    private static void JudgeFinal(Ledger ledger, Story story, string final, NotifyOn notify, DateTimeOffset now)
    {
        var seen = story.Of(final);
        var told = Ledger.Told(story, final, NoticeAction.Failed);
        var wanted = (notify == NotifyOn.Unspecified || (notify & NotifyOn.Failure) != 0) && !story.IsLastResort;
        var mayExpire = now - story.Since >= _life;
        if (story.IsRemoved)
        {
            return;
        }

        Assert.True(seen.Delivered > 0 || seen.Failed > 0 || mayExpire, $"{story}: {final} is lost");
        if (seen.Delivered == 0 && wanted)
        {
            Assert.True(told > 0 || IsOrphan(ledger, story), $"{story}: nobody was told of {final}");
        }

        var places = story.Recipients.Sum(recipient => Addresses.Finals(recipient.Address).Count(one => one == final));
        Assert.True(told <= places, $"{story}: {told} reports of {final}");
    }

    /// <summary>A debt that an administrator took away with the message.</summary>
    private static bool IsOrphan(Ledger ledger, Story story) => ledger.Removed.Contains(story.Id);

    private static NotifyOn Requests(string address, NotifyOn notify) =>
        Addresses.IsList(address) && notify != NotifyOn.Never ? NotifyOn.Failure : notify;
}
