using System.Text.Json;
using Postern.Acme.Web;

namespace Postern.Acme.Protocol;

/// <summary>What an authority has (RFC 8555 §7.1.1).</summary>
/// <param name="NewNonce">Where there are nonces.</param>
/// <param name="NewAccount">Where accounts are made.</param>
/// <param name="NewOrder">Where certificates are ordered.</param>
internal sealed record AcmeDirectory(WebPlace NewNonce, WebPlace NewAccount, WebPlace NewOrder)
{
    /// <summary>Reads one; null when it is none.</summary>
    internal static AcmeDirectory? Read(ReadOnlyMemory<byte> json) => JsonFields.Read(json, fields =>
        fields.Place("newNonce") is { } nonce && fields.Place("newAccount") is { } account && fields.Place("newOrder") is { } order
            ? new AcmeDirectory(nonce, account, order) : null);
}

/// <summary>An order (RFC 8555 §7.1.3).</summary>
/// <param name="Status">pending, ready, processing, valid or invalid.</param>
/// <param name="Authorizations">What has to be shown first.</param>
/// <param name="Finish">Where the request goes.</param>
/// <param name="Certificate">Where the certificate is; null while there is none.</param>
/// <param name="Fault">Why it is invalid, in the authority's words; null for nothing.</param>
internal sealed record AcmeOrder(string Status, IReadOnlyList<WebPlace> Authorizations, WebPlace Finish, WebPlace? Certificate, string? Fault)
{
    /// <summary>More than we ever ask for.</summary>
    internal const int MaxAuthorizations = 100;

    /// <summary>Reads one; null when it is none.</summary>
    internal static AcmeOrder? Read(ReadOnlyMemory<byte> json) => JsonFields.Read(json, fields =>
    {
        var places = fields.List("authorizations").Select(one => WebPlace.TryParse(JsonFields.TextOf(one), out var place) ? place : null).ToList();
        return fields.Text("status") is { } status && fields.Place("finalize") is { } finish && places.Count <= MaxAuthorizations && !places.Contains(null)
            ? new AcmeOrder(status, places!, finish, fields.Place("certificate"), fields.Fault("error")) : null;
    });
}

/// <summary>What an authority wants to see before it believes that a name is ours (RFC 8555 §7.1.4).</summary>
/// <param name="Status">pending, valid, invalid and others.</param>
/// <param name="Name">The name.</param>
/// <param name="Challenge">Where it is told to look; null when it does not look by HTTP.</param>
/// <param name="Token">What it looks for; null likewise.</param>
/// <param name="Fault">What it found instead, in its words; null for nothing.</param>
internal sealed record AcmeAuthorization(string Status, string Name, WebPlace? Challenge, string? Token, string? Fault)
{
    /// <summary>The longest token. Arbitrary: those in use have 43 characters.</summary>
    internal const int MaxToken = 256;

    /// <summary>Reads one; null when it is none.</summary>
    internal static AcmeAuthorization? Read(ReadOnlyMemory<byte> json) => JsonFields.Read(json, fields =>
    {
        var challenge = fields.List("challenges").Select(one => new JsonFields(one)).FirstOrDefault(one => one.Text("type") == "http-01");
        var (place, token) = (challenge.Place("url"), challenge.Text("token"));
        return fields.Text("status") is { } status && fields.Fields("identifier").Text("value") is { } name && (place is null) == (token is null)
            && (token is null || IsToken(token))
            ? new AcmeAuthorization(status, name, place, token, challenge.Fault("error")) : null;
    });

    /// <summary>True for the characters of base64url alone (§8.3): anything else could name another file.</summary>
    internal static bool IsToken(string text) =>
        text.Length is > 0 and <= MaxToken && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}

/// <summary>Why a request was refused (RFC 8555 §6.7).</summary>
/// <param name="Type">The kind, without the prefix that all have.</param>
/// <param name="Detail">The authority's words.</param>
internal sealed record AcmeProblem(string Type, string Detail)
{
    private const string Prefix = "urn:ietf:params:acme:error:";

    /// <summary>Reads one; null when it is none.</summary>
    internal static AcmeProblem? Read(ReadOnlyMemory<byte> json) => JsonFields.Read(json, fields => fields.Text("type") is { } type
        ? new AcmeProblem(type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : type, fields.Text("detail") ?? string.Empty) : null);
}

/// <summary>The fields of an object, as far as they are of the kind that is asked for; of nothing, none.</summary>
/// <param name="element">The object.</param>
internal readonly struct JsonFields(JsonElement element)
{
    private const int MaxDepth = 8;

    /// <summary>Reads an object out of bytes that a server sent; null when they are none, or not what is wanted.</summary>
    internal static T? Read<T>(ReadOnlyMemory<byte> json, Func<JsonFields, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return read(new JsonFields(document.RootElement));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of an element; null when it is none.</summary>
    internal static string? TextOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Not UTF-8, or half of a surrogate.
        }
    }

    /// <summary>A text; null when there is none.</summary>
    internal string? Text(string name) => TextOf(Find(name));

    /// <summary>An address; null when there is none.</summary>
    internal WebPlace? Place(string name) => WebPlace.TryParse(Text(name), out var place) ? place : null;

    /// <summary>An object in it.</summary>
    internal JsonFields Fields(string name) => new(Find(name));

    /// <summary>A list; empty when there is none.</summary>
    internal IEnumerable<JsonElement> List(string name) => Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Cast<JsonElement>() : [];

    /// <summary>The words of a problem; null when there is none.</summary>
    internal string? Fault(string name) => Fields(name).Text("detail");

    private JsonElement Find(string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            return default; // The name of another member is half of a surrogate, and can't be compared.
        }
    }
}
