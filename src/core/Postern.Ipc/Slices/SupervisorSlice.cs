using Postern.Ipc.Wire;
using Postern.Text;

namespace Postern.Ipc.Slices;

/// <summary>An address to listen on.</summary>
public readonly record struct ListenAddress(IpAddress Address, ushort Port);

/// <summary>What posternd must know of the configuration: where things are and which ports to open.</summary>
public sealed record SupervisorSlice : IFrame<SupervisorSlice>
{
    /// <summary>More listening sockets than any host has addresses and services for. Arbitrary.</summary>
    public const int MaxListeners = 64;

    /// <summary>Longest path: a socket below it must fit 107 bytes (unix(7)).</summary>
    public const int MaxPath = 90;

    public static ushort Type => 100;

    /// <summary>The state folder, absolute.</summary>
    public required string State { get; init; }

    /// <summary>The root of the virtual mailboxes, absolute.</summary>
    public required string MailboxRoot { get; init; }

    /// <summary>The system user that owns the virtual mailboxes.</summary>
    public required string MailboxUser { get; init; }

    /// <summary>True when system users get mail, too.</summary>
    public required bool SystemUsers { get; init; }

    /// <summary>Where smtpd listens, in the order of its own slice.</summary>
    public required IReadOnlyList<ListenAddress> Listeners { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(State);
        writer.Text(MailboxRoot);
        writer.Text(MailboxUser);
        writer.Flag(SystemUsers);
        writer.UInt32((uint)Listeners.Count);
        Span<byte> raw = stackalloc byte[16];
        foreach (var listener in Listeners)
        {
            listener.Address.CopyTo(raw);
            writer.Bytes(raw);
            writer.UInt16(listener.Port);
        }
    }

    public static bool TryRead(ref FrameReader reader, out SupervisorSlice frame)
    {
        var state = reader.Text(MaxPath);
        var root = reader.Text(MaxPath);
        var user = reader.Text(Control.DeliverRequestFrame.MaxUser);
        var system = reader.Flag();
        var listeners = new ListenAddress[reader.Count(MaxListeners)];
        for (var i = 0; i < listeners.Length; i++)
        {
            var raw = reader.Bytes(16);
            listeners[i] = new ListenAddress(raw.Length == 16 ? IpAddress.FromBytes(raw) : default, reader.UInt16());
        }

        frame = new SupervisorSlice
        {
            State = state,
            MailboxRoot = root,
            MailboxUser = user,
            SystemUsers = system,
            Listeners = listeners,
        };
        return reader.End() && state.StartsWith('/') && root.StartsWith('/');
    }
}
