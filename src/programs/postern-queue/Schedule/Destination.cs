using Postern.Ipc.Delivery;

namespace Postern.Queue.Schedule;

/// <summary>Where messages go next, and what waits for it.</summary>
internal sealed class Destination(int index, NextHop hop, Window window)
{
    /// <summary>Its place in the destination table.</summary>
    internal int Index { get; } = index;

    /// <summary>The next hop.</summary>
    internal NextHop Hop { get; } = hop;

    /// <summary>The next hop's name as it goes into a frame.</summary>
    internal byte[] HopName { get; } = System.Text.Encoding.ASCII.GetBytes(hop.Name);

    /// <summary>The next hop as it stands in the log for people.</summary>
    internal string HopText { get; } = hop.ToString();

    /// <summary>How many attempts may be under way; shared with the other domains that have the same mail exchangers.</summary>
    internal Window Window { get; set; } = window;

    /// <summary>Its mail exchangers as <c>remote</c> told them; null while nobody did.</summary>
    internal string? Exchangers { get; set; }

    /// <summary>Recipients in the table that go there.</summary>
    internal int Recipients { get; set; }

    /// <summary>Since when, in Unix seconds, there are none.</summary>
    internal long IdleSince { get; set; }

    /// <summary>True while it stands in the line of those that may soon be forgotten.</summary>
    internal bool MayBeForgotten { get; set; }

    /// <summary>Recipients that are ready to be tried there.</summary>
    internal SenderTurns<int> Waiting { get; } = new();

    /// <summary>True while it stands somewhere: in the rotation of those whose turn comes, at its window, or in a line for a place.</summary>
    internal bool InRotation { get; set; }

    /// <summary>The line for a place that it stands in; null when it stands elsewhere.</summary>
    internal SenderTurns<Destination>? Line { get; set; }
}
