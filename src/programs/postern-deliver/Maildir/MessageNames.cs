using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Postern.Deliver.Maildir;

/// <summary>Makes the names of messages: <c>seconds.M&lt;µs&gt;P&lt;pid&gt;Q&lt;n&gt;.&lt;host&gt;</c>, no two alike.</summary>
/// <remarks>
/// Moment and process tell processes apart, the number tells the messages of this one apart, and the host tells the hosts
/// apart that share a mailbox. Threads ask at the same time.
/// </remarks>
internal sealed class MessageNames
{
    /// <summary>A name in a folder has 255 bytes at most, and the other parts take up to 60.</summary>
    private const int MaxHost = 180;

    private readonly TimeProvider _time;
    private readonly int _process;
    private readonly string _host;
    private readonly StrongBox<long> _count;

    /// <summary>Makes the names of one process.</summary>
    internal MessageNames(TimeProvider time, int process, string host)
        : this(time, process, host, new StrongBox<long>())
    {
    }

    private MessageNames(TimeProvider time, int process, string host, StrongBox<long> count)
    {
        _count = count;
        _time = time;
        _process = process;
        // The two bytes that mean something in such a name are written as Maildir's specification says.
        var escaped = host.Replace("/", "\\057", StringComparison.Ordinal).Replace(":", "\\072", StringComparison.Ordinal);
        _host = escaped[..Math.Min(escaped.Length, MaxHost)];
    }

    /// <summary>Names with another host; the numbers go on, so that two never are the same.</summary>
    internal MessageNames WithHost(string host) => new(_time, _process, host, _count);

    /// <summary>A name for a file in tmp.</summary>
    internal string Next()
    {
        var now = _time.GetUtcNow();
        var seconds = now.ToUnixTimeSeconds();
        var micro = (now.Ticks / TimeSpan.TicksPerMicrosecond) % 1_000_000;
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.M{micro:D6}P{_process}Q{Interlocked.Increment(ref _count.Value)}.{_host}");
    }

    /// <summary>The name in new: with its size, which spares readers a look at the file.</summary>
    internal static string WithSize(string name, long size) => string.Create(CultureInfo.InvariantCulture, $"{name},S={size}");

    /// <summary>True for a name that this or an earlier process of ours may have made in tmp.</summary>
    internal static bool IsOurs(ReadOnlySpan<byte> name)
    {
        var dot = name.IndexOf((byte)'.');
        return dot > 0 && !name[..dot].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && TryMark(name[(dot + 1)..], (byte)'M', out var rest)
            && TryMark(rest, (byte)'P', out rest)
            && TryMark(rest, (byte)'Q', out rest)
            && rest.Length > 1 && rest[0] == '.';
    }

    /// <summary>The bytes of a name; what has no place in ASCII never got into one.</summary>
    internal static byte[] Bytes(string name) => Encoding.ASCII.GetBytes(name);

    private static bool TryMark(ReadOnlySpan<byte> text, byte mark, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (text.IsEmpty || text[0] != mark)
        {
            return false;
        }

        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        rest = digits < 0 ? [] : text[(1 + digits)..];
        return digits > 0;
    }
}
