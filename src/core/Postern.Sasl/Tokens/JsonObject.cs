using System.Text;
using System.Text.Json;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>The members of a JSON object that a token or a key has, read once and strictly: no member twice, nothing behind its end.</summary>
/// <remarks>Of a member that stands there twice one reader takes the first and another the last: they would see two different tokens.</remarks>
internal sealed class JsonObject
{
    private const int MaxDepth = 8;

    private readonly Dictionary<string, JsonElement> _members;

    private JsonObject(Dictionary<string, JsonElement> members) => _members = members;

    /// <summary>Reads one.</summary>
    /// <param name="text">UTF-8 from a stranger.</param>
    public static JsonObject? Read(ReadOnlySpan<byte> text)
    {
        if (!Utf8Text.IsValid(text)) return null;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!JsonElement.TryParseValue(ref reader, out var root) || root is not { ValueKind: JsonValueKind.Object } found || reader.BytesConsumed != text.Length) return null;
            return Of(found);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes an object that stands within another one; null when it is none, or a member is there twice.</summary>
    public static JsonObject? Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (NameOf(member) is not { } name || !members.TryAdd(name, member.Value)) return null;
        }
        return new JsonObject(members);
    }

    /// <summary>True when there is such a member.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>A member that is a text; null when it is none.</summary>
    public string? Text(string name) => _members.TryGetValue(name, out var value) ? TextOf(value) : null;

    /// <summary>A member that is a number of seconds since 1970, fractions cut off; null when it is none, or far off.</summary>
    public long? Seconds(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && Math.Abs(seconds) < 1e12
            ? (long)seconds
            : null;

    /// <summary>True when the member is "true", as a value or as a text.</summary>
    public bool IsTrue(string name) =>
        _members.TryGetValue(name, out var value) && (value.ValueKind == JsonValueKind.True || TextOf(value) == "true");

    /// <summary>Whether a member is a text, or a list with one, that equals another.</summary>
    public bool Names(string name, string text)
    {
        if (!_members.TryGetValue(name, out var value)) return false;
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(one => TextOf(one) == text) : TextOf(value) == text;
    }

    /// <summary>The elements of a member that is a list; none when it is none.</summary>
    public IEnumerable<JsonElement> List(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>A member that is base64url; null when it is none.</summary>
    public byte[]? Bytes(string name) => Text(name) is { } text && Base64UrlText.TryDecode(Encoding.UTF8.GetBytes(text), out var bytes) ? bytes : null;

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? Decode(value, static one => one.GetString()) : null;

    private static string? NameOf(JsonProperty member) => Decode(member, static one => one.Name);

    private static string? Decode<T>(T from, Func<T, string?> decode)
    {
        try
        {
            return decode(from);
        }
        catch (InvalidOperationException)
        {
            // An escape for half of a surrogate pair: JSON allows it, and no text has it.
            return null;
        }
    }
}
