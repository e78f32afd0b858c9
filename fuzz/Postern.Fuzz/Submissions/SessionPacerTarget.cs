using System.Globalization;
using System.Text;
using Postern.CommandLine.Sendmail;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Submissions;

/// <summary>sendmail -bs: whatever a program writes at once reaches a server that answers each command, in the same bytes however
/// they came, and never a command before the answer to the one before.</summary>
internal static class SessionPacerTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string sent = Pieces.SameHoweverCut(input, Relay);
        string text = Demand.Latin(input);
        if (text.Contains("BDAT", StringComparison.OrdinalIgnoreCase)) return;
        string lines = text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";
        Demand.Equal(lines.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal), sent, "what the server gets");
    }

    private static string Relay(IReadOnlyList<byte[]> pieces)
    {
        var pacer = new SessionPacer();
        var server = new Server();
        pacer.TakeFromServer("220-a\r\n220 b\r\n"u8);
        foreach (byte[] piece in pieces)
        {
            pacer.TakeFromClient(piece);
            Answer(pacer, server);
        }
        pacer.EndClient();
        Answer(pacer, server);
        Demand.That(pacer.IsOver || server.IsInChunk, "bytes that never reach the server");
        return server.Received;
    }

    private static void Answer(SessionPacer pacer, Server server)
    {
        while (pacer.Outgoing.Length > 0)
        {
            string answers = server.Take(Demand.Latin(pacer.Outgoing.Span));
            pacer.Outgoing.Consume(pacer.Outgoing.Length);
            Demand.That(answers.Split('\n').Length <= 2, "a command before the answer to the one before");
            pacer.TakeFromServer(Encoding.ASCII.GetBytes(answers));
        }
    }

    /// <summary>The commands that matter here, of a server that takes everything.</summary>
    private sealed class Server
    {
        private readonly StringBuilder _received = new();
        private string _line = "";
        private bool _inContent;
        private long _chunk;

        internal string Received => _received.ToString();

        internal bool IsInChunk => _chunk > 0;

        internal string Take(string bytes)
        {
            string answers = "";
            _received.Append(bytes);
            foreach (char value in bytes)
            {
                if (_chunk > 0)
                {
                    answers += --_chunk == 0 ? "250 chunk\r\n" : "";
                    continue;
                }
                _line += value;
                if (!_line.EndsWith("\r\n", StringComparison.Ordinal)) continue;
                answers += Answer(_line[..^2]);
                _line = "";
            }
            return answers;
        }

        private string Answer(string line)
        {
            if (_inContent)
            {
                _inContent = line != ".";
                return _inContent ? "" : "250 taken\r\n";
            }
            _inContent = line.Equals("DATA", StringComparison.OrdinalIgnoreCase);
            string[] words = line.Split(' ');
            bool isChunk = words.Length > 1 && words[0].Equals("BDAT", StringComparison.OrdinalIgnoreCase);
            _chunk = isChunk && words[1].Length <= 20 && words[1].All(char.IsAsciiDigit) && uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint count) ? count : 0;
            return _chunk > 0 ? "" : _inContent ? "354 go on\r\n" : "250 ok\r\n";
        }
    }
}
