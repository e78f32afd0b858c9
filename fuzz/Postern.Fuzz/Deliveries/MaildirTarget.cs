using System.Text.RegularExpressions;
using Postern.Deliver.Content;
using Postern.Deliver.Maildir;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;

namespace Postern.Fuzz.Deliveries;

/// <summary>What delivery makes of foreign bytes: line ends, the folder of a mailbox, names of files; beside patterns.</summary>
internal static partial class MaildirTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        Demand.Equal(text.Replace("\r\n", "\n", StringComparison.Ordinal), Pieces.SameHoweverCut(input, Convert), "the content of the file");
        Demand.Equal(Folder().IsMatch(text), MailboxPlace.TryRead(MailboxKind.Virtual, input, out var place), "a mailbox's folder");
        if (Folder().IsMatch(text))
        {
            string path = Demand.Latin(place.PathTo("tmp"u8));
            Demand.Equal(text + "/tmp", path, "the path");
            Demand.That(!path.Split('/').Any(part => part is "" or "." or ".."), "a path that leads elsewhere");
        }
        foreach (var kind in new[] { MailboxKind.System, MailboxKind.Postmaster })
            Demand.Equal(input.IsEmpty, MailboxPlace.TryRead(kind, input, out _), "a folder where none belongs");
        Demand.Equal(Name().IsMatch(text), MessageNames.IsOurs(input), "a name of ours");
        Demand.Equal(!text.Any(letter => letter < ' ' || letter == '\x7f'), TopFields.IsHarmless(input), "a harmless address");
    }

    private static string Convert(IReadOnlyList<byte[]> pieces)
    {
        var ends = new LineEnds();
        var output = new System.Text.StringBuilder();
        foreach (byte[] piece in pieces)
        {
            byte[] room = new byte[piece.Length + 1];
            output.Append(Demand.Latin(room.AsSpan(0, ends.Convert(piece, room))));
        }
        byte[] last = new byte[1];
        return output.Append(Demand.Latin(last.AsSpan(0, ends.Finish(last)))).ToString();
    }

    [GeneratedRegex(@"^(?!\.)[^\x00-\x1f\x7f/]+/(?!\.)[^\x00-\x1f\x7f/]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Folder();

    [GeneratedRegex(@"^[0-9]+\.M[0-9]+P[0-9]+Q[0-9]+\..+\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
