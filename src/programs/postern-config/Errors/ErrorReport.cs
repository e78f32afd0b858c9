using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Postern.Config.Errors;

/// <summary>Writes the errors for people and for programs.</summary>
internal static class ErrorReport
{
    /// <summary>One line per error: FILE:LINE: message.</summary>
    /// <param name="file">The configuration file's name.</param>
    /// <param name="errors">What is wrong with it.</param>
    internal static byte[] Text(string file, ErrorList errors)
    {
        var text = new StringBuilder();
        foreach (var error in errors.InOrder(file))
        {
            text.Append(Printable.Line(error.Place.File)).Append(':').Append(error.Place.Line).Append(": ").Append(error.Message).Append('\n');
        }

        if (errors.Dropped > 0)
        {
            text.Append(Printable.Line(file)).Append(":1: and ").Append(errors.Dropped).Append(" more errors\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>One object: {"valid": …, "errors": [{"file", "line", "column", "message"} …], "dropped": …}.</summary>
    /// <inheritdoc cref="Text"/>
    internal static byte[] Json(string file, ErrorList errors)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteBoolean("valid", errors.IsEmpty);
            json.WriteStartArray("errors");
            foreach (var error in errors.InOrder(file))
            {
                json.WriteStartObject();
                json.WriteString("file", error.Place.File);
                json.WriteNumber("line", error.Place.Line);
                json.WriteNumber("column", error.Place.Column);
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("dropped", errors.Dropped);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }
}
