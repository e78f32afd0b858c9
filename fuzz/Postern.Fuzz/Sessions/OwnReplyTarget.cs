using System.Buffers;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>Replies of ours with any text: our own reader finds one reply with the code and the status that were meant.</summary>
internal static class OwnReplyTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        int code = 200 + reader.Below(400);
        var status = reader.Flag() || code / 100 == 3 ? (EnhancedStatus?)null : new EnhancedStatus((byte)(code / 100), (ushort)reader.Below(1000), (ushort)reader.Below(1000));
        List<byte[]> lines = [];
        while (lines.Count == 0 || (!reader.AtEnd && lines.Count < ReplyReader.MaxLines)) lines.Add(reader.Text().ToArray());
        var reply = lines.Count == 1 ? SmtpReply.Line(code, status, lines[0]) : SmtpReply.Lines(code, status, lines);
        var back = new ReplyReader();
        back.Begin();
        var read = back.Read(reply.Wire, out int consumed);
        Demand.That(read == OperationStatus.Done && consumed == reply.Wire.Length, "not one reply");
        Demand.Equal(code, back.Code, "the code");
        if (status is not null) Demand.Equal(status, back.Status, "the status");
        foreach (string line in Demand.Latin(reply.Wire)[..^2].Split("\r\n"))
            Demand.That(line.Length <= 510 && line.All(value => value is >= ' ' and <= '~'), "a line that is too long, or not plain");
    }
}
