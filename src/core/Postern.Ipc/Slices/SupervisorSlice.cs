using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>An address to listen on.</summary>
/// <param name="Name">As it stands in messages: <c>127.0.0.1:25</c>.</param>
/// <param name="Address">As the kernel takes it: a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</param>
/// <param name="IsForAcme">True when it is acme that listens there, and not smtpd.</param>
public sealed record ListenAddress(string Name, ReadOnlyMemory<byte> Address, bool IsForAcme = false);

/// <summary>What posternd must know of the configuration: where things are and which ports to open.</summary>
/// <remarks>
/// Reading it is code that runs as root, so it is made ready for use: addresses come as the kernel takes them, with their
/// names beside them, and writing is <see cref="SupervisorSliceFrame"/>'s.
/// </remarks>
public sealed record SupervisorSlice
{
    /// <summary>More listening sockets than any host has addresses and services for. Arbitrary.</summary>
    public const int MaxListeners = 65;

    /// <summary>Longest path: a socket below it must fit 107 bytes (unix(7)).</summary>
    public const int MaxPath = 90;

    /// <summary>The frame's number.</summary>
    public const ushort Type = 100;

    // "[", 45 characters of address, "]:" and five digits.
    private const int MaxName = 53;

    /// <summary>The state folder, absolute.</summary>
    public required string State { get; init; }

    /// <summary>The root of the virtual mailboxes, absolute.</summary>
    public required string MailboxRoot { get; init; }

    /// <summary>The system user that owns the virtual mailboxes.</summary>
    public required string MailboxUser { get; init; }

    /// <summary>True when system users get mail, too.</summary>
    public required bool SystemUsers { get; init; }

    /// <summary>True when no program may serve that a wall is missing around.</summary>
    public required bool Strict { get; init; }

    /// <summary>Where smtpd listens, in the order of its own slice; then where acme does, which runs only if it listens anywhere.</summary>
    public required IReadOnlyList<ListenAddress> Listeners { get; init; }

    /// <summary>Where acme listens; empty when it is not to run.</summary>
    public IEnumerable<string> OfAcme => Listeners.Where(listener => listener.IsForAcme).Select(listener => listener.Name);

    /// <summary>Reads the fields; false when a byte is wrong, missing or left over.</summary>
    public static bool TryRead(ref FrameReader reader, out SupervisorSlice frame)
    {
        var state = reader.Text(MaxPath);
        var root = reader.Text(MaxPath);
        var user = reader.Text(Control.ControlPacket.MaxUser);
        var (system, strict) = (reader.Flag(), reader.Flag());
        var listeners = new ListenAddress[reader.Count(MaxListeners)];
        for (var i = 0; i < listeners.Length; i++)
        {
            listeners[i] = new ListenAddress(reader.Text(MaxName), reader.Bytes(28).ToArray(), reader.Flag());
            // AF_INET or AF_INET6 and nothing else: a path, bound as root, would be a file made anywhere.
            if (listeners[i].Address.Span is not ([2, 0, ..] and { Length: 16 } or [10, 0, ..] and { Length: 28 }))
            {
                reader.Fail();
            }
        }

        frame = new SupervisorSlice { State = state, MailboxRoot = root, MailboxUser = user, SystemUsers = system, Strict = strict, Listeners = listeners };
        return reader.End() && state.StartsWith('/') && root.StartsWith('/');
    }
}

/// <summary>Puts a <see cref="SupervisorSlice"/> on the wire; posternd itself only reads it.</summary>
/// <param name="Slice">What is written.</param>
public readonly record struct SupervisorSliceFrame(SupervisorSlice Slice) : IFrame<SupervisorSliceFrame>
{
    public static ushort Type => SupervisorSlice.Type;

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Slice.State);
        writer.Text(Slice.MailboxRoot);
        writer.Text(Slice.MailboxUser);
        writer.Flag(Slice.SystemUsers);
        writer.Flag(Slice.Strict);
        writer.UInt32((uint)Slice.Listeners.Count);
        foreach (var listener in Slice.Listeners)
        {
            writer.Text(listener.Name);
            writer.Bytes(listener.Address.Span);
            writer.Flag(listener.IsForAcme);
        }
    }

    public static bool TryRead(ref FrameReader reader, out SupervisorSliceFrame frame)
    {
        var good = SupervisorSlice.TryRead(ref reader, out var slice);
        frame = new SupervisorSliceFrame(slice);
        return good;
    }
}
