using Postern.Posix.Polling;

namespace Postern.Posix.Processes;

/// <summary>Writes log lines to descriptor 2 without ever waiting for whoever reads them.</summary>
public static unsafe class StandardError
{
    /// <summary>The largest write that a pipe takes whole (PIPE_BUF, pipe(7)).</summary>
    public const int MaxLine = 4096;

    private const int Number = 2;

    /// <summary>Writes one line; false when it was dropped because it would have had to wait.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> line)
    {
        if (!DescriptorPoll.IsWritable(Number))
        {
            return false;
        }

        fixed (byte* start = line)
        {
            return ProcessCalls.Write(Number, start, (nuint)Math.Min(line.Length, MaxLine)) >= 0;
        }
    }
}
