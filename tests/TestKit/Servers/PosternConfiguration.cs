using System.Text;

namespace Postern.TestKit.Servers;

/// <summary>A configuration of a server under test: the usual one, and what a test adds.</summary>
public sealed record PosternConfiguration
{
    /// <summary>The domain that is its own; its host is mx in there.</summary>
    public string Domain { get; init; } = "example.org";

    /// <summary>The port of its SMTP listener, for servers that have to know each other; null takes any free one.</summary>
    public int? Port { get; init; }

    /// <summary>Two mailboxes of example.org.</summary>
    public IReadOnlyList<string> Users { get; init; } = ["alice@example.org", "bob@example.org"];

    /// <summary>Lines at the top, before any section.</summary>
    public string Top { get; init; } = "";

    /// <summary>The lines of [aliases].</summary>
    public string Aliases { get; init; } = "";

    /// <summary>The lines of [routes].</summary>
    public string Routes { get; init; } = "";

    /// <summary>The lines of [queue]; the default retries after a second.</summary>
    public string Queue { get; init; } = "retry_first = \"1s\"\nretry_max = \"2s\"";

    /// <summary>Whole sections to add.</summary>
    public string More { get; init; } = "";

    /// <summary>Whether there is an LMTP listener as well.</summary>
    public bool Lmtp { get; init; }

    internal string Text(string folder, int smtp, int lmtp)
    {
        var text = new StringBuilder();
        text.Append($"""
            hostname = "mx.{Domain}"
            domains = ["{Domain}"]
            state = "{folder}/state"
            {Top}

            [[listen]]
            address = "127.0.0.1:{smtp}"

            """);
        if (Lmtp)
        {
            text.Append($"[[listen]]\naddress = \"127.0.0.1:{lmtp}\"\nservice = \"lmtp\"\n");
        }

        text.Append($"[mailboxes]\nroot = \"{folder}/mail\"\nusers = [{string.Join(", ", Users.Select(user => $"\"{user}\""))}]\n");
        Section(text, "aliases", Aliases);
        Section(text, "routes", Routes);
        Section(text, "queue", Queue);
        return text.Append(More).Append('\n').ToString();
    }

    private static void Section(StringBuilder text, string name, string lines)
    {
        if (lines.Length > 0)
        {
            text.Append($"[{name}]\n{lines}\n");
        }
    }
}
