using System.Globalization;
using System.Text;

namespace Postern.Cell.Running;

/// <summary>The end of a cell as a line of JSON. Fixed words and numbers alone stand in it: nothing that would have to be escaped.</summary>
internal static class ReportLine
{
    /// <summary>Writes it.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="relays">Standard input, output and error; none when it did not begin.</param>
    /// <param name="peakKibibytes">The largest resident set.</param>
    /// <param name="milliseconds">How long it took.</param>
    /// <param name="missing">The walls that were missing.</param>
    internal static byte[] Of(CellEnd end, IReadOnlyList<Relay> relays, long peakKibibytes, long milliseconds, IReadOnlyList<string> missing)
    {
        var counts = relays.Select(relay => relay.Count).Concat([0, 0, 0]).ToArray();
        var cause = end.Cause switch
        {
            EndCause.Itself => "itself",
            EndCause.Time => "time",
            EndCause.Output => "output",
            EndCause.Memory => "memory",
            EndCause.Forbidden => "forbidden",
            EndCause.NotExecuted => "not-executed",
            EndCause.Writing => "writing",
            _ => "walls",
        };
        var walls = string.Join(',', missing.Select(wall => $"\"{wall}\""));
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"cause\":\"{cause}\",\"code\":{end.Code},\"milliseconds\":{milliseconds},\"peak_kib\":{peakKibibytes},\"input\":{counts[0]},\"output\":{counts[1]},\"error\":{counts[2]},\"missing\":[{walls}]}}\n"));
    }
}
