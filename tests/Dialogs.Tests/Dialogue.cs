using System.Text;
using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Dialogs.Tests;

/// <summary>Runs one script against a server in this process.</summary>
/// <remarks>
/// A line begins with the name of a connection. What follows:
/// <c>tcp_connect HOST:PORT</c> (port 24 is LMTP, 587 submission; the host <c>friend</c> is a trusted client);
/// <c>tls_connect HOST:PORT</c> (submission over TLS, whatever the port);
/// <c>close</c>; <c>-> LINE</c> sends a line; <c>~> LITERAL</c> sends bytes; <c>&lt;- REPLY</c> and <c>&lt;~ REPLY</c> take one
/// reply; <c>&lt;... LINE</c> takes replies up to one that ends with the line; <c>closed</c> demands that the server has closed.
/// How a reply is compared is the caller's to say: foreign scripts agree on its class, ours on its words.
/// </remarks>
internal sealed class Dialogue(TestServer server, Func<string, string, bool> matches) : IDisposable
{
    private readonly Dictionary<string, TestClient> _connections = [];
    private readonly Dictionary<string, int> _taken = [];

    /// <summary>Runs the lines; throws at the first that goes another way.</summary>
    public void Run(IReadOnlyList<string> lines)
    {
        for (var number = 0; number < lines.Count; number++)
        {
            var line = lines[number];
            if (line.Length == 0 || line[0] == '#') continue;
            try
            {
                RunLine(line);
            }
            catch (Exception failure) when (failure is InvalidOperationException or FormatException)
            {
                throw new InvalidOperationException($"Line {number + 1}, \"{line}\": {failure.Message}", failure);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _connections.Values) client.Dispose();
    }

    private void RunLine(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var name = line[..space];
        var rest = line[(space + 1)..];
        space = rest.IndexOf(' ', StringComparison.Ordinal);
        var (verb, argument) = space < 0 ? (rest, "") : (rest[..space], rest[(space + 1)..]);
        if (verb is "tcp_connect" or "tls_connect" or "close")
        {
            if (_connections.Remove(name, out var old)) old.Dispose();
            if (verb != "close") Connect(name, verb == "tls_connect" ? ":465" : argument);
            return;
        }

        var client = _connections[name];
        switch (verb)
        {
            case "->":
                client.Send(Bytes(argument) + "\r\n");
                break;
            case "~>":
                client.Send(LiteralReader.Read(argument));
                break;
            case "<-" or "<~":
                var reply = Next(name, client);
                if (!matches(argument, reply)) throw new InvalidOperationException($"The server said \"{reply}\".");
                break;
            case "<...":
                while (!Next(name, client).EndsWith(argument, StringComparison.Ordinal))
                {
                }

                break;
            case "closed":
                if (!client.IsClosed || _taken[name] != client.Replies.Count) throw new InvalidOperationException("The connection is open.");
                break;
            default:
                throw new InvalidOperationException("No such verb.");
        }
    }

    private void Connect(string name, string address)
    {
        var service = address[address.IndexOf(':', StringComparison.Ordinal)..] switch
        {
            ":24" => ServiceKind.Lmtp,
            ":587" => ServiceKind.Submission,
            ":465" => ServiceKind.Submissions,
            _ => ServiceKind.Smtp,
        };
        var from = address.StartsWith("friend:", StringComparison.Ordinal) ? TestServer.Friend : TestServer.Stranger;
        _connections[name] = server.Connect(from, service);
        _taken[name] = 0;
    }

    private string Next(string name, TestClient client)
    {
        var taken = _taken[name]++;
        return taken < client.Replies.Count ? client.Replies[taken] : throw new InvalidOperationException("The server said nothing.");
    }

    /// <summary>Scripts are UTF-8, and so is what goes on the wire.</summary>
    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
