using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Postern.Acme.Protocol;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Certificates;

/// <summary>What a certificate authority says: no reader throws, and each finds what a plain walk through the framework's own tree finds.</summary>
internal static partial class AuthorityTarget
{
    private const int MaxDepth = 8;

    /// <summary>A tree with a name in it that is no text: what is found beside that is the readers' own affair, as long as none throws.</summary>
    private static readonly Dictionary<string, object?> s_unclear = [];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        byte[] json = input.ToArray();
        var allocated = Allocated.Begin();
        var directory = AcmeDirectory.Read(json);
        var order = AcmeOrder.Read(json);
        var authorization = AcmeAuthorization.Read(json);
        var problem = AcmeProblem.Read(json);
        allocated.Demand(input.Length, 400);
        if (Tree(json) is not { } root)
        {
            Demand.That(directory is null && order is null && authorization is null && problem is null, "something that is no JSON is taken");
            return;
        }
        if (ReferenceEquals(root, s_unclear)) return;
        Demand.Equal(Shown(Place(root, "newNonce"), Place(root, "newAccount"), Place(root, "newOrder")), directory is null ? null : Shown(directory.NewNonce.Text, directory.NewAccount.Text, directory.NewOrder.Text), "the directory");
        Demand.Equal(Order(root), order is null ? null : $"{order.Status}|{string.Join(' ', order.Authorizations.Select(one => one.Text))}|{order.Finish.Text}|{order.Certificate?.Text}|{order.Fault}", "the order");
        Demand.Equal(Authorization(root), authorization is null ? null : $"{authorization.Status}|{authorization.Name}|{authorization.Challenge?.Text}|{authorization.Token}|{authorization.Fault}", "the authorization");
        Demand.Equal(Text(root, "type") is { } type ? $"{PrefixForm().Replace(type, "")}|{Text(root, "detail")}" : null, problem is null ? null : $"{problem.Type}|{problem.Detail}", "the problem");
    }

    /// <summary>The tree; null when it is no JSON.</summary>
    private static Dictionary<string, object?>? Tree(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Value(document.RootElement) as Dictionary<string, object?> ?? [];
        }
        catch (JsonException)
        {
            return null;
        }
        catch (FormatException)
        {
            return s_unclear;
        }
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Members(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => Attempt(element.GetString),
        _ => null,
    };

    /// <summary>Of members with one name the last.</summary>
    private static Dictionary<string, object?> Members(JsonElement element)
    {
        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            members[Attempt(() => member.Name) ?? throw new FormatException()] = Value(member.Value);
        }
        return members;
    }

    private static string? Attempt(Func<string?> get)
    {
        try
        {
            return get();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static object? Find(object? tree, string name) => (tree as Dictionary<string, object?>)?.GetValueOrDefault(name);

    private static string? Text(object? tree, string name) => Find(tree, name) as string;

    private static string? Place(object? tree, string name) => PlaceTarget.IsPlace(Text(tree, name)) ? Text(tree, name) : null;

    private static string? Shown(params string?[] all) => all.Contains(null) ? null : string.Join(' ', all);

    private static string? Order(object root)
    {
        var places = (Find(root, "authorizations") as List<object?> ?? []).Select(one => PlaceTarget.IsPlace(one as string) ? (string?)one : null).ToList();
        return Text(root, "status") is { } status && Place(root, "finalize") is { } finish && places.Count <= AcmeOrder.MaxAuthorizations && !places.Contains(null)
            ? $"{status}|{string.Join(' ', places)}|{finish}|{Place(root, "certificate")}|{Text(Find(root, "error"), "detail")}" : null;
    }

    private static string? Authorization(object root)
    {
        var challenge = (Find(root, "challenges") as List<object?> ?? []).FirstOrDefault(one => Text(one, "type") == "http-01");
        var (place, token) = (Place(challenge, "url"), Text(challenge, "token"));
        bool fits = place is null ? token is null : token is not null && TokenForm().IsMatch(token);
        return fits && Text(root, "status") is { } status && Text(Find(root, "identifier"), "value") is { } name
            ? $"{status}|{name}|{place}|{token}|{Text(Find(challenge, "error"), "detail")}" : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"\Aurn:ietf:params:acme:error:")]
    private static partial Regex PrefixForm();
}
