using System.Runtime.CompilerServices;

namespace Postern.Smtp;

/// <summary>The fast path that everything on the way of message content shares.</summary>
internal static class ContentScan
{
    /// <summary>
    /// Counts the bytes of well-formed content at the start of <paramref name="window"/>, whose first byte stands inside a
    /// line, until a byte comes that needs a decision.
    /// </summary>
    /// <param name="window">Content, cut anywhere.</param>
    /// <param name="atLineStart">True when the counted bytes end with a CRLF and the next byte is a dot or not there yet.
    /// When false and bytes are left, the next one is a bare LF, a NUL, or a CR without its LF in the window.</param>
    /// <returns>Bytes that may be copied as they are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Run(ReadOnlySpan<byte> window, out bool atLineStart)
    {
        atLineStart = false;
        int at = 0;
        while (true)
        {
            // Three values compare faster than a general set, and the search is vectorised.
            int next = window[at..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
            if (next < 0) return window.Length;
            at += next;
            if (at + 1 >= window.Length || window[at] != '\r' || window[at + 1] != '\n') return at;
            at += 2;
            if (at == window.Length || window[at] == '.')
            {
                atLineStart = true;
                return at;
            }
        }
    }

    /// <summary>Names the fault of a byte at which <see cref="Run"/> stopped and which is no CR.</summary>
    public static LineFault FaultOf(byte value) => value == '\n' ? LineFault.BareLineFeed : LineFault.Nul;
}
