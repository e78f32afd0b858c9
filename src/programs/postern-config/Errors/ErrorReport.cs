using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Postern.Config.Errors;

/// <summary>Writes the errors for people and for programs.</summary>
internal static class ErrorReport
{
    /// <summary>One line per error: FILE:LINE: message. After them the warnings: FILE:LINE: warning: message.</summary>
    /// <param name="file">The configuration file's name.</param>
    /// <param name="errors">What is wrong with it.</param>
    internal static byte[] Text(string file, ErrorList errors)
    {
        var text = new StringBuilder();
        Write(text, errors.InOrder(file), ": ");
        Write(text, errors.WarningsInOrder(file), ": warning: ");

        if (errors.Dropped > 0)
        {
            text.Append(Printable.Line(file)).Append(":1: and ").Append(errors.Dropped).Append(" more\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>One object: {"valid": …, "errors": [{"file", "line", "column", "message"} …], "warnings": [the same], "dropped": …}.</summary>
    /// <inheritdoc cref="Text"/>
    internal static byte[] Json(string file, ErrorList errors)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteBoolean("valid", errors.IsEmpty);
            Write(json, "errors", errors.InOrder(file));
            Write(json, "warnings", errors.WarningsInOrder(file));
            json.WriteNumber("dropped", errors.Dropped);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(StringBuilder text, IReadOnlyList<ConfigError> errors, string separator)
    {
        foreach (var error in errors)
        {
            text.Append(Printable.Line(error.Place.File)).Append(':').Append(error.Place.Line).Append(separator).Append(error.Message).Append('\n');
        }
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ConfigError> errors)
    {
        json.WriteStartArray(name);
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("file", error.Place.File);
            json.WriteNumber("line", error.Place.Line);
            json.WriteNumber("column", error.Place.Column);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
