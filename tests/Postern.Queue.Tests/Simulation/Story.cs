using System.Globalization;
using System.Text;
using Postern.Mail;

namespace Postern.Queue.Tests.Simulation;

/// <summary>What the outside may believe of a message.</summary>
internal enum Standing
{
    /// <summary>Nobody was told anything: it may exist, whole, or not at all.</summary>
    Open,

    /// <summary>Its 250 was given: it exists until all of it is done.</summary>
    Promised,

    /// <summary>It was refused or withdrawn: it does not exist.</summary>
    Refused,
}

/// <summary>One message as those outside the queue know it: what went in, and what was seen to come out.</summary>
/// <remarks>Its token stands in its content, so that an attempt tells which story it belongs to, whatever its id.</remarks>
internal sealed class Story
{
    private const string Mark = "Token: ";

    internal Story(int token, string sender, int filler)
    {
        (Token, Sender) = (token, sender);
        Content = $"{Mark}{token}\r\n\r\n{new string((char)('a' + (token % 26)), filler)}\r\n";
    }

    internal int Token { get; }

    /// <summary>The sender; empty is the null sender.</summary>
    internal string Sender { get; }

    internal string Content { get; }

    internal Standing Standing { get; set; }

    /// <summary>The id that it was given; 0 before.</summary>
    internal ulong Id { get; set; }

    /// <summary>When it was handed in.</summary>
    internal DateTimeOffset Since { get; init; }

    /// <summary>How it asks to be carried.</summary>
    internal Handling Handling { get; set; }

    /// <summary>When it may be tried first.</summary>
    internal DateTimeOffset Release { get; set; }

    /// <summary>Those that it was sent to, with what the sender wants to hear.</summary>
    internal List<(string Address, NotifyOn Notify)> Recipients { get; } = [];

    /// <summary>What was seen of each final address.</summary>
    internal Dictionary<string, Sightings> Seen { get; } = [];

    /// <summary>Notifications of it that came into being: each one's story, and what it says of whom.</summary>
    internal List<Report> Reports { get; } = [];

    /// <summary>What was done to it by an administrator so far: only the last act holds.</summary>
    internal int Acts { get; set; }

    /// <summary>An administrator removed it, or a part that carries it: nothing more is expected.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>It is a notification that went to postmaster because there was nobody else: nobody hears of its failure.</summary>
    internal bool IsLastResort { get; init; }

    /// <summary>True once any part of it was seen: from then on it is whole, whatever was said.</summary>
    internal bool WasSeen { get; set; }

    internal Sightings Of(string address)
    {
        if (!Seen.TryGetValue(address, out var sightings))
        {
            Seen[address] = sightings = new Sightings();
        }

        return sightings;
    }

    /// <summary>The token in a content, −1 without one.</summary>
    internal static int TokenOf(string content)
    {
        if (!content.StartsWith(Mark, StringComparison.Ordinal))
        {
            return -1;
        }

        var end = content.IndexOf('\r', StringComparison.Ordinal);
        return int.Parse(content.AsSpan(Mark.Length, end - Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public override string ToString()
    {
        var text = new StringBuilder($"message {Token} ({Standing}) from <{Sender}>");
        foreach (var (address, notify) in Recipients)
        {
            text.Append(CultureInfo.InvariantCulture, $", to {address} notify={notify}");
        }

        foreach (var (address, seen) in Seen)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {address} delivered={seen.Delivered} failed={seen.Failed} mayRepeat={seen.MayRepeat}");
        }

        foreach (var report in Reports)
        {
            text.Append(CultureInfo.InvariantCulture, $"; report {report.Story.Token}{(report.Story.WasSeen ? " seen" : string.Empty)}: {string.Join(' ', report.Lines)}");
        }

        return text.ToString();
    }
}

/// <summary>What was seen of one final address of a message.</summary>
internal sealed class Sightings
{
    /// <summary>How often it was delivered.</summary>
    internal int Delivered { get; set; }

    /// <summary>How often it was refused for good.</summary>
    internal int Failed { get; set; }

    /// <summary>Results that a crash may have taken back.</summary>
    internal int MayRepeat { get; set; }
}

/// <summary>A notification: its own story and its lines.</summary>
internal sealed record Report(Story Story, ulong About, List<(Ipc.Notices.NoticeAction Action, string Address)> Lines)
{
    /// <summary>True when it is known to have come into being: it was tried, or somebody removed it.</summary>
    internal bool CameToBe => Story.WasSeen || Story.IsRemoved;
}
