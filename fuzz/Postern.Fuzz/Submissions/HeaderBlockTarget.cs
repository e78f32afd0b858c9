using Postern.CommandLine.Submission;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Submissions;

/// <summary>The header of a message that a local program hands in: the same however it comes, beside one that has all its lines.</summary>
internal static class HeaderBlockTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string seen = Pieces.SameHoweverCut(input, pieces =>
        {
            var header = new HeaderBlock();
            List<byte> content = [];
            bool ended = header.Scan([]);
            foreach (byte[] piece in pieces)
            {
                if (ended) break;
                content.AddRange(piece);
                ended = header.Scan([.. content]);
            }
            return $"{ended} {(ended ? header.BodyStart : -1)} {string.Join(' ', header.Fields.Select(field => $"{field.Start}+{field.NameLength}+{field.Length}"))}";
        });
        Demand.Equal(Reference(Demand.Latin(input)), seen, "the header");
    }

    private static string Reference(string content)
    {
        List<(int Start, int Name, int Length)> fields = [];
        (int at, int body) = (0, -1);
        while (body < 0 && content.IndexOf('\n', at) is var feed and >= 0)
        {
            string line = content[at..(feed + 1)];
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon < 0 ? "" : line[..colon].TrimEnd(' ', '\t');
            bool isName = name.Length > 0 && name.All(letter => letter is >= '!' and <= '~');
            if (line == "\r\n") body = feed + 1;
            else if (fields.Count > 0 && line[0] is ' ' or '\t' && fields.Count > 0) fields[^1] = fields[^1] with { Length = fields[^1].Length + line.Length };
            else if (isName && !IsEnvelope(line, at)) fields.Add((at, name.Length, line.Length));
            else if (!IsEnvelope(line, at)) body = at;
            at = feed + 1;
        }
        return $"{body >= 0} {body} {string.Join(' ', fields.Select(field => $"{field.Start}+{field.Name}+{field.Length}"))}";
    }

    // What a mailbox file has above each message; some programs hand it in.
    private static bool IsEnvelope(string line, int at) =>
        at == 0 && (line.StartsWith("From ", StringComparison.Ordinal) || line.StartsWith(">From ", StringComparison.Ordinal));
}
