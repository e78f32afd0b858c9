using System.Text;
using Postern.Acme.Web;

namespace Postern.Acme.Tests.Harness;

/// <summary>An authority's server that says what a test tells it to, place by place; the last answer of a place is its answer from then on.</summary>
internal sealed class ScriptedWeb : IWeb
{
    internal const string Root = "https://ca.test/";

    private readonly Dictionary<string, Queue<(WebReply? Reply, string? Problem)>> _script = [];
    private int _nonces;

    /// <summary>What was asked, in order: the place's end and what was sent there.</summary>
    internal List<string> Asked { get; } = [];

    /// <summary>Called before each answer.</summary>
    internal Action<string> OnAsked { get; set; } = _ => { };

    /// <summary>False when answers bring no nonces but those of the script.</summary>
    internal bool GivesNonces { get; set; } = true;

    internal static WebPlace Place(string name) =>
        WebPlace.TryParse(Root + name, out var place) ? place : throw new InvalidOperationException(name);

    /// <summary>Adds an answer.</summary>
    internal ScriptedWeb On(string name, string body = "", int code = 200, string? location = null, string? nonce = null, int? retry = null) =>
        Add(name, new WebReply(code, Encoding.UTF8.GetBytes(body), nonce, location is null ? null : Root + location, retry is { } seconds ? TimeSpan.FromSeconds(seconds) : null), null);

    /// <summary>Adds a refusal.</summary>
    internal ScriptedWeb Refuses(string name, string type, string detail = "no", int? retry = null) =>
        On(name, $$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"{{detail}}"}""", 400, retry: retry);

    /// <summary>Adds silence.</summary>
    internal ScriptedWeb Fails(string name, string problem) => Add(name, null, problem);

    /// <summary>Adds an answer as it is.</summary>
    internal ScriptedWeb Script(string name, WebReply reply) => Add(name, reply, null);

    /// <summary>The number of requests to a place.</summary>
    internal int Count(string name) => Asked.Count(asked => asked == name || asked.StartsWith(name + " ", StringComparison.Ordinal));

    public ValueTask<(WebReply? Reply, string? Problem)> SendAsync(WebPlace place, byte[]? content)
    {
        var name = place.Text[Root.Length..];
        Asked.Add(content is null ? name : $"{name} {Encoding.UTF8.GetString(content)}");
        OnAsked(name);
        Assert.True(_script.TryGetValue(name, out var answers), $"{name} is not in the script");
        var (reply, problem) = answers!.Count > 1 ? answers.Dequeue() : answers.Peek();
        reply = reply is { Nonce: null } && GivesNonces ? reply with { Nonce = $"nonce{++_nonces}" } : reply;
        return ValueTask.FromResult((reply, problem));
    }

    private ScriptedWeb Add(string name, WebReply? reply, string? problem)
    {
        if (!_script.TryGetValue(name, out var answers))
        {
            _script[name] = answers = new();
        }

        answers.Enqueue((reply, problem));
        return this;
    }
}
