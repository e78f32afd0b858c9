using System.Globalization;
using System.Text;
using Postern.Spool;

namespace Postern.Bench.Fill;

/// <summary>The payloads of one message's records, as docs/queue-format.md (section 10) describes them.</summary>
/// <param name="generation">The run that the ids belong to.</param>
/// <param name="now">Unix seconds.</param>
internal sealed class QueuedMail(uint generation, long now)
{
    /// <summary>How much later than now the first attempt comes, and over how many seconds the attempts are spread.</summary>
    private const int FirstAttempt = 3600, Spread = 3 * 3600;

    private byte[] _content = [];

    /// <summary>The id of a message with a number.</summary>
    internal ulong IdOf(int number) => ((ulong)generation << 32) + (uint)number + 1;

    /// <summary>A content record: a header, and text up to so many bytes.</summary>
    internal ReadOnlySpan<byte> Content(int number, int size)
    {
        if (_content.Length != size)
        {
            const string line = "A line of text as it stands in many messages, seventy bytes and more.\r\n";
            var header = $"From: <s@example.org>\r\nSubject: queued\r\nDate: {DateTimeOffset.FromUnixTimeSeconds(now).ToString("r", CultureInfo.InvariantCulture)}\r\n\r\n";
            _content = new byte[size];
            Encoding.ASCII.GetBytes((header + string.Concat(Enumerable.Repeat(line, (size / line.Length) + 1))).AsSpan(0, size), _content);
        }

        return Written(writer =>
        {
            writer.Write(IdOf(number));
            writer.Write(_content);
        });
    }

    /// <summary>An envelope record: a sender of its own for each message, recipients at a domain that many share.</summary>
    internal ReadOnlySpan<byte> Envelope(int number, int size, int recipients, RecordPosition content) => Written(writer =>
    {
        writer.Write(IdOf(number));
        writer.Write((byte)0); // handed in
        writer.Write(0UL);
        writer.Write(0U);
        writer.Write(now - 60);
        writer.Write((long)size);
        writer.Write(stackalloc byte[] { 0, 1, 0, 0, 0 }); // no marks, ESMTP, RET and BODY not said, no SMTPUTF8
        Text(writer, "\0\0\0\0\0\0\0\0\0\0\u00FF\u00FF\u007F\0\0\u0001");
        Text(writer, $"sender-{number}@example.org");
        Text(writer, string.Empty);
        writer.Write(0U); // clears nothing
        writer.Write(1U);
        writer.Write(content.Section);
        writer.Write(content.Place);
        writer.Write((uint)recipients);
        for (var recipient = 0; recipient < recipients; recipient++)
        {
            Text(writer, $"recipient-{recipient}@d{number % 1000}.dead.example");
            Text(writer, string.Empty);
            writer.Write((ushort)0);
            Standing(writer, station: 0, attempts: 0, next: 0);
        }
    });

    /// <summary>A result record: deferred once.</summary>
    internal ReadOnlySpan<byte> Deferred(int number, int recipient) => Written(writer =>
    {
        writer.Write(IdOf(number));
        writer.Write((uint)recipient);
        Standing(writer, station: 1, attempts: 1, next: (uint)(now + FirstAttempt + ((long)number * 7919 % Spread)));
        writer.Write((byte)0); // nothing owed
        writer.Write((byte)1);
        writer.Write(4_004_001U);
        Text(writer, string.Empty);
        Text(writer, "connection refused");
    });

    private static void Standing(BinaryWriter writer, byte station, ushort attempts, uint next)
    {
        writer.Write(station);
        writer.Write(stackalloc byte[3]);
        writer.Write(attempts);
        writer.Write(next);
    }

    private static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ushort)text.Length);
        writer.Write(Encoding.Latin1.GetBytes(text));
    }

    private static ReadOnlySpan<byte> Written(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        write(writer);
        writer.Flush();
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }
}
