using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Postern.Text;

namespace Postern.CommandLine.Output;

/// <summary>Values as they are shown: foreign bytes, moments, sizes.</summary>
internal static class Shown
{
    // What DateTimeOffset can hold; a number beyond is no moment.
    private const long LastSecond = 253_402_300_799;

    private const int TabStop = 8;

    /// <summary>An address for a person; the null sender is &lt;&gt;.</summary>
    internal static string Address(ReadOnlySpan<byte> address) => address.IsEmpty ? "<>" : EscapedText.Of(address);

    /// <summary>A moment in UTC, or a dash for none.</summary>
    internal static string Moment(long unixSeconds) => unixSeconds is <= 0 or > LastSecond
        ? "-"
        : DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A number.</summary>
    internal static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes bytes as a JSON string: as they are when they are UTF-8, else escaped as for a person.</summary>
    internal static void WriteBytes(this Utf8JsonWriter writer, string name, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            writer.WriteString(name, bytes);
        }
        else
        {
            writer.WriteString(name, EscapedText.Of(bytes));
        }
    }

    /// <summary>A number of things.</summary>
    internal static string Count(ulong count, string one) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count} {one}s");

    /// <summary>Content for a terminal: line by line, with every other byte than printable ASCII escaped, and tabs as spaces.</summary>
    internal static void Content(Screen screen, ReadOnlySpan<byte> content)
    {
        foreach (var range in content.Split((byte)'\n'))
        {
            var shown = new StringBuilder();
            var line = content[range].TrimEnd((byte)'\r');
            foreach (var part in line.Split((byte)'\t'))
            {
                shown.Append(' ', shown.Length == 0 && part.Start.Value == 0 ? 0 : TabStop - (shown.Length % TabStop));
                Escape(line[part], shown);
            }

            screen.Line(shown.ToString());
        }
    }

    private static void Escape(ReadOnlySpan<byte> bytes, StringBuilder shown)
    {
        // An escaped byte takes four characters, and the cut mark is never needed.
        var text = ArrayPool<byte>.Shared.Rent((4 * bytes.Length) + 3);
        shown.Append(Encoding.ASCII.GetString(text.AsSpan(0, EscapedText.Write(bytes, text))));
        ArrayPool<byte>.Shared.Return(text);
    }
}
