using System.Buffers.Binary;
using System.Text;
using Postern.Text;

namespace Postern.Posix.Sockets;

/// <summary>Where a socket is: an IP address with a port, or a path in the file system.</summary>
public sealed record SocketAddress
{
    /// <summary>The longest path of a Unix socket.</summary>
    public const int MaxPathLength = UnixName.MaxLength;

    internal const int MaxSize = 110;

    private const ushort FamilyInet = 2;
    private const ushort FamilyInet6 = 10;

    private SocketAddress(IpAddress address, ushort port, string? path)
    {
        Address = address;
        Port = port;
        Path = path;
    }

    /// <summary>The IP address; meaningless when <see cref="Path"/> is set.</summary>
    public IpAddress Address { get; }

    /// <summary>The TCP or UDP port.</summary>
    public ushort Port { get; }

    /// <summary>The path of a Unix socket, else null.</summary>
    public string? Path { get; }

    /// <summary>True for a Unix socket.</summary>
    public bool IsUnix => Path is not null;

    internal int Family => IsUnix ? UnixName.Family : Address.IsIPv4 ? FamilyInet : FamilyInet6;

    /// <summary>An IP address with a port.</summary>
    public static SocketAddress Inet(IpAddress address, ushort port) => new(address, port, null);

    /// <summary>A Unix socket; the path is ASCII, at most <see cref="MaxPathLength"/> bytes, or an empty one for an unnamed peer.</summary>
    public static SocketAddress Unix(string path) => path.Length <= MaxPathLength && System.Text.Ascii.IsValid(path)
        ? new SocketAddress(default, 0, path)
        : throw new ArgumentException("A socket path is ASCII and at most 107 bytes.", nameof(path));

    /// <inheritdoc/>
    public override string ToString() => Path ?? (Address.IsIPv4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}");

    /// <summary>The kernel's form, for whoever opens sockets without this type.</summary>
    public byte[] ToKernel()
    {
        Span<byte> raw = stackalloc byte[MaxSize];
        return raw[..Write(raw)].ToArray();
    }

    /// <summary>Writes the kernel's form; returns its length.</summary>
    internal int Write(Span<byte> raw)
    {
        raw.Clear();
        BitConverter.TryWriteBytes(raw, (ushort)Family);
        if (Path is not null)
        {
            return 2 + Encoding.ASCII.GetBytes(Path, raw[2..]) + 1;
        }

        BinaryPrimitives.WriteUInt16BigEndian(raw[2..], Port);
        if (Address.IsIPv4)
        {
            // Of the mapped form the last four bytes are the address.
            Span<byte> mapped = stackalloc byte[IpAddress.Size];
            Address.CopyTo(mapped);
            mapped[^4..].CopyTo(raw[4..]);
            return 16;
        }

        Address.CopyTo(raw.Slice(8, 16));
        return 28;
    }

    /// <summary>Reads the kernel's form; an unknown family becomes an unnamed Unix address.</summary>
    internal static SocketAddress Read(ReadOnlySpan<byte> raw)
    {
        if (raw.Length >= 16 && BitConverter.ToUInt16(raw) == FamilyInet)
        {
            return Inet(IpAddress.FromBytes(raw.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(raw[2..]));
        }

        if (raw.Length >= 28 && BitConverter.ToUInt16(raw) == FamilyInet6)
        {
            return Inet(IpAddress.FromBytes(raw.Slice(8, 16)), BinaryPrimitives.ReadUInt16BigEndian(raw[2..]));
        }

        return new SocketAddress(default, 0, string.Empty);
    }
}
