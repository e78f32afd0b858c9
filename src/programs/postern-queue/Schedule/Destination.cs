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

    /// <summary>How many attempts may be under way.</summary>
    internal Window Window { get; } = window;

    /// <summary>Messages that are ready to go there.</summary>
    internal SenderTurns Waiting { get; } = new();

    /// <summary>True while it stands in the rotation of those whose turn comes.</summary>
    internal bool InRotation { get; set; }

    /// <summary>What the last failed attempt said, for the administrator and for senders whose message never had its turn.</summary>
    internal string LastText { get; set; } = string.Empty;

    /// <summary>Its enhanced status.</summary>
    internal uint LastStatus { get; set; }
}

/// <summary>A next hop: kind, host, domain or path, and port.</summary>
internal sealed record NextHop(HopKind Kind, string Name, ushort Port)
{
    /// <summary>This host.</summary>
    internal static readonly NextHop Local = new(HopKind.Local, string.Empty, 0);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        HopKind.Local => "local",
        HopKind.Exchangers => Name,
        HopKind.LmtpHost => $"lmtp:{Name}:{Port}",
        HopKind.LmtpSocket => $"lmtp:{Name}",
        _ => $"{Name}:{Port}",
    };
}
