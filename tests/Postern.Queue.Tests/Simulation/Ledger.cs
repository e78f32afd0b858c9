using System.Globalization;
using System.Text;
using Postern.Ipc.Notices;
using Postern.Spool;

namespace Postern.Queue.Tests.Simulation;

/// <summary>All stories of a world, and the results that are not durable for certain yet.</summary>
internal sealed class Ledger(Func<DateTimeOffset> now)
{
    /// <summary>Delivered marks are synced within a second.</summary>
    private static readonly TimeSpan _lazy = TimeSpan.FromSeconds(1);

    private readonly List<Sightings> _said = [];
    private readonly List<(Sightings Of, DateTimeOffset When)> _soft = [];
    private readonly HashSet<ulong> _ids = [];

    internal List<Story> Stories { get; } = [];

    /// <summary>Messages that an administrator holds, as far as he was told.</summary>
    internal HashSet<ulong> Held { get; } = [];

    /// <summary>Messages that an administrator removed, as far as he was told.</summary>
    internal HashSet<ulong> Removed { get; } = [];

    /// <summary>Everything that the queue logged and the world did, for the story of a failure; null when nobody will read it.</summary>
    internal StringBuilder? Trace { get; init; }

    /// <summary>What the queue said of damage, although the disk only did what disks do; null while it said nothing.</summary>
    internal string? FalseAlarm { get; private set; }

    internal DateTimeOffset Now => now();

    /// <summary>Notes what happened; it is put into words only for a reader.</summary>
    internal void Note(Func<string> happened) => Trace?.AppendLine(CultureInfo.InvariantCulture, $"-- {Now:HH:mm:ss.fff} {happened()}");

    /// <summary>Takes lines that the queue logged.</summary>
    internal void Logged(ReadOnlySpan<byte> lines)
    {
        Trace?.Append(Encoding.ASCII.GetString(lines));
        // A batch that the crash cut off looks as if it had been damaged since; everything else would be an alarm about nothing.
        if (FalseAlarm is null && lines.IndexOf("-damaged"u8) >= 0)
        {
            FalseAlarm = Encoding.ASCII.GetString(lines).Split('\n').FirstOrDefault(line =>
                line.Contains("-damaged", StringComparison.Ordinal) && !line.Contains(nameof(DamageReason.IncompleteBatch), StringComparison.Ordinal));
        }

        if (lines.IndexOf(" unrecorded "u8) >= 0)
        {
            Unrecorded();
        }
    }

    internal Story Begin(string sender, int filler, bool lastResort = false)
    {
        var story = new Story(Stories.Count, sender, filler) { Since = Now, IsLastResort = lastResort };
        Stories.Add(story);
        return story;
    }

    internal void Issued(Story story, ulong id)
    {
        Assert.True(_ids.Add(id), $"id {id} came twice");
        story.Id = id;
    }

    /// <summary>The story of an attempt's content; it has to be the content, byte for byte, and to exist.</summary>
    internal Story Recognise(SeenAttempt attempt)
    {
        var token = Story.TokenOf(attempt.Content.ToString());
        Assert.True(token >= 0 && token < Stories.Count, $"an attempt of {attempt.Message} with content that nobody sent");
        var story = Stories[token];
        Assert.True(attempt.Content.Equals(story.Content), $"{story}: altered content");
        Assert.True(story.Standing != Standing.Refused, $"{story}: an attempt of what was refused");
        Assert.Equal((story.Sender, story.Handling), (attempt.Sender, attempt.Handling));
        Assert.True(Now.ToUnixTimeSeconds() >= story.Release.ToUnixTimeSeconds(), $"{story}: an attempt at {Now} before its release at {story.Release}");
        story.WasSeen = true;
        return story;
    }

    internal void Delivered(Story story, string address)
    {
        Note(() => $"delivered {story.Token} to {address}");
        var seen = story.Of(address);
        seen.Delivered++;
        var expected = story.Recipients.Sum(recipient => Addresses.Finals(recipient.Address).Count(final => final == address));
        Assert.True(expected > 0, $"{story}: delivered to {address}");
        Assert.True(seen.Delivered + seen.Failed <= expected + seen.MayRepeat, $"{story}: {address} once more than there is a reason for");
        _said.Add(seen);
    }

    internal void Failed(Story story, string address)
    {
        Note(() => $"refused {story.Token} for {address}");
        var seen = story.Of(address);
        seen.Failed++;
        _said.Add(seen);
    }

    /// <summary>Another result whose mark a crash could take back: of an alias, or a wait.</summary>
    internal void Unfinished(Story story, string address) => _said.Add(story.Of(address));

    /// <summary>The queue has run through a turn: what was told to it long enough ago is durable.</summary>
    internal void Settle()
    {
        _soft.RemoveAll(result => Now - result.When >= _lazy);
        _soft.AddRange(_said.Select(seen => (seen, Now)));
        _said.Clear();
    }

    /// <summary>The disk had no room for a result of this turn: the queue forgets it sooner or later.</summary>
    private void Unrecorded()
    {
        foreach (var of in _said)
        {
            of.MayRepeat++;
        }
    }

    /// <summary>The queue has died: what was not durable may come again.</summary>
    internal void Crashed()
    {
        foreach (var of in _said.Concat(_soft.Select(result => result.Of)))
        {
            of.MayRepeat++;
        }

        _said.Clear();
        _soft.Clear();
    }

    /// <summary>How often reports that came into being say this of an address.</summary>
    internal static int Told(Story story, string address, NoticeAction action) =>
        story.Reports.Where(report => report.CameToBe).Sum(report => report.Lines.Count(line => line == (action, address)));
}
