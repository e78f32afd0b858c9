using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>The web server of a domain that has its policy (MTA-STS, RFC 8461): Python's own, at the port of HTTPS in a network of tests.</summary>
internal sealed class PolicySite : IDisposable
{
    internal const string Address = "192.0.2.80";

    private const string Script = """
        import http.server, ssl, sys
        address, chain, how, policy = sys.argv[1:]

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                print('asked', self.headers['Host'], self.path, flush=True)
                body = policy.replace(';', '\r\n').encode()
                if how == 'large':
                    body += b'mx: mx.example.net\r\n' * 4000
                moved = how == 'moved' and self.path == '/.well-known/mta-sts.txt'
                self.send_response(301 if moved else 404 if how == 'missing' else 200)
                if moved:
                    self.send_header('Location', 'https://mta-sts.example.net/elsewhere')
                self.send_header('Content-Type', 'text/html' if how == 'html' else 'text/plain')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        server = http.server.ThreadingHTTPServer((address, 443), Answer)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print('ready', flush=True)
        server.serve_forever()
        """;

    private readonly RunningProgram _server;

    /// <param name="network">Where.</param>
    /// <param name="chain">A file with its certificate and key.</param>
    /// <param name="how">"plain", or what is wrong with its answer: "moved", "missing", "html", "large".</param>
    /// <param name="policy">The policy, ";" for an end of a line.</param>
    internal PolicySite(OwnNetwork network, string chain, string how, string policy)
    {
        _server = new RunningProgram(network.Inside([Requirement.Peer("python3"), "-c", Script, Address, chain, how, policy]));
        _server.AwaitLine(line => line == "ready", "ready");
    }

    /// <summary>What it was asked for.</summary>
    internal IReadOnlyList<string> Asked => [.. _server.Output.Where(line => line.StartsWith("asked ", StringComparison.Ordinal)).Select(line => line[6..])];

    public void Dispose() => _server.Dispose();

    /// <summary>Writes certificate and key into a file that the servers of tests can read; returns its path.</summary>
    internal static string Write(Scratch folder, string name, Paper paper)
    {
        var path = folder.Write(name, paper.Chain + "\n" + paper.Key);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", path]).MustSucceed();
        }

        return path;
    }
}
