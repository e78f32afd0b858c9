using System.Text;
using Postern.Loop;
using Postern.Mail;
using Postern.Role.Logging;
using Postern.Text;

namespace Postern.Role.Tests;

/// <summary>Log lines: whatever a peer sends, a line stays one line, and whoever reads it slowly holds nobody up.</summary>
public sealed class EventLogTests : IDisposable
{
    private const string Head = "2026-03-01T12:34:56.789Z info queue happened";

    private readonly EventLoop _loop = new(new ManualClock());
    private readonly List<byte[]> _writes = [];
    private readonly EventLog _log;
    private bool _reads = true;

    public EventLogTests() => _log = new EventLog("queue", _loop, Take);

    private string Written => Encoding.Latin1.GetString([.. _writes.SelectMany(bytes => bytes)]);

    [Fact]
    public void ALine_IsTimeLevelProgramEventAndPairs()
    {
        _log.Info("happened").Word("id", "AB12").Number("size", -7).Quoted("from", "a@b.test").Write();
        _log.Flush();
        Assert.Equal(Head + " id=AB12 size=-7 from=\"a@b.test\"\n", Written);
    }

    [Fact]
    public void IdOfAMessage_IsItsText()
    {
        _log.Info("happened").Word("id", new MessageId(ulong.MaxValue)).Number("least", long.MinValue).Write();
        _log.Flush();
        Assert.Equal($"{Head} id={new MessageId(ulong.MaxValue)} least=-9223372036854775808\n", Written);
    }

    [Fact]
    public void Levels_AreNamed()
    {
        _log.Warning("w").Write();
        _log.Error("e").Write();
        _log.Flush();
        Assert.Equal("2026-03-01T12:34:56.789Z warning queue w\n2026-03-01T12:34:56.789Z error queue e\n", Written);
    }

    [Theory]
    // Line ends forge entries; an escape drives a terminal; a NUL ends a C string; DEL rubs out.
    [InlineData("a\r\nb", "a\\x0d\\x0ab")]
    [InlineData("\u001b]0;x\u0007", "\\x1b]0;x\\x07")]
    [InlineData("a\0b\u007f", "a\\x00b\\x7f")]
    // The quotes that hold the field, and what escapes.
    [InlineData("a\" level=\"error", "a\\\" level=\\\"error")]
    [InlineData("\\", "\\\\")]
    // U+202E turns the rest of a line around; U+0085 is a line end to some readers.
    [InlineData("\u202egpj.exe", "\\xe2\\x80\\xaegpj.exe")]
    [InlineData("\u0085", "\\xc2\\x85")]
    public void ForeignText_IsEscaped(string foreign, string shown)
    {
        _log.Info("happened").Quoted("x", foreign).Write();
        _log.Flush();
        Assert.Equal($"{Head} x=\"{shown}\"\n", Written);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "v1@a.test")]
    [InlineData(3, "v1@a.test,v2@a.test,v3@a.test")]
    [InlineData(1000, "v1@a.test,v2@a.test,v3@a.test,v4@a.test,v5@a.test,v6@a.test,v7@a.test,v8@a.test,v9@a.test,v10@a.test,v11@a.test,"
        + "v12@a.test,v13@a.test,v14@a.test,v15@a.test,v16@a.test,v17@a.test,v18@a.test,v19@a.test,v20@a.test,+980")]
    public void List_ShowsTheFirstTwentyAndCountsTheRest(int count, string shown)
    {
        _log.Info("happened").QuotedList("to", [.. Enumerable.Range(1, count)], Address).Number("size", 7).Write();
        _log.Flush();
        Assert.Equal($"{Head} to=\"{shown}\" size=7\n", Written);
    }

    [Theory]
    // Exactly as many as fit are shown; what each byte costs when it is escaped counts.
    [InlineData(30, '\u00e9', 16)]
    [InlineData(254, 'a', 8)]
    [InlineData(100, 'a', 20)]
    // A quotation mark or a comma of a peer's ends neither the value nor the field.
    [InlineData(2, '"', 20)]
    public void List_LeavesRoomForTheFieldsBehindIt(int length, char letter, int listed)
    {
        var value = Encoding.Latin1.GetBytes(new string(letter, length));
        _log.Info("happened").QuotedList("to", [.. Enumerable.Repeat(value, 500)], bytes => bytes).Number("size", 7).Write();
        _log.Flush();
        Assert.EndsWith($",+{500 - listed}\" size=7\n", Written, StringComparison.Ordinal);
        Assert.Equal(listed, Written.Split(',').Length - 1);
        Assert.InRange(Written.Length, 1, 2200);
    }

    [Fact]
    public void EveryByte_IsEscapedOrPrintable()
    {
        for (var value = 0; value <= 0xff; value++)
        {
            _writes.Clear();
            // Alone most of them are no UTF-8.
            _log.Info("happened").Quoted("x", new[] { (byte)value }).Write();
            _log.Flush();
            Assert.StartsWith(Head + " x=\"", Written, StringComparison.Ordinal);
            Assert.EndsWith("\"\n", Written, StringComparison.Ordinal);
            Assert.All(Written[..^1], sign => Assert.InRange(sign, ' ', '~'));
        }
    }

    [Fact]
    public void AFieldIsCutVisibly_AndLeavesRoomForTheNext()
    {
        _log.Info("happened").Quoted("long", new byte[100_000]).Word("id", "AB12").Write();
        _log.Flush();
        Assert.EndsWith("...\" id=AB12\n", Written, StringComparison.Ordinal);
        Assert.InRange(Written.Length, EscapedText.MaxLength, EscapedText.MaxLength + 100);
    }

    [Fact]
    public void ALineOfManyFields_StaysOneUnsplitLine()
    {
        var line = _log.Info("happened");
        for (var i = 0; i < 40; i++)
        {
            line = line.Quoted("x", new string('y', 300));
        }

        line.Write();
        _log.Flush();
        // PIPE_BUF: more would be mixed with other programs' lines.
        Assert.Equal(4096, Assert.Single(_writes).Length);
        Assert.Equal('\n', Written[^1]);
        Assert.Single(Written, sign => sign == '\n');
    }

    [Fact]
    public void LinesOfATurn_GoOutTogetherAtItsEnd()
    {
        _log.Info("one").Write();
        _log.Info("two").Write();
        Assert.Empty(_writes);
        _loop.RunTurn(wait: false);
        Assert.Equal(2, Encoding.ASCII.GetString(Assert.Single(_writes)).Count(sign => sign == '\n'));
    }

    [Fact]
    public void ManyLines_AreWrittenInPiecesOfWholeLines()
    {
        for (var i = 0; i < 500; i++)
        {
            _log.Info("happened").Number("i", i).Write();
        }

        _log.Flush();
        Assert.True(_writes.Count > 1);
        Assert.All(_writes, piece => Assert.True(piece.Length <= 4096 && piece[^1] == '\n'));
        Assert.Equal(string.Concat(Enumerable.Range(0, 500).Select(i => $"{Head} i={i}\n")), Written);
    }

    [Fact]
    public void AReaderThatStopped_CostsLinesWhichAreCounted()
    {
        _reads = false;
        for (var i = 0; i < 300; i++)
        {
            _log.Info("lost").Write();
            _loop.RunTurn(wait: false);
        }

        Assert.Empty(_writes);
        _reads = true;
        _log.Info("happened").Write();
        _loop.RunTurn(wait: false);
        Assert.Equal($"2026-03-01T12:34:56.789Z warning queue log-dropped lines=300\n{Head}\n", Written);
    }

    [Fact]
    public void LinesLostInTheMiddleOfABurst_AreCounted()
    {
        var taken = 0;
        var log = new EventLog("queue", _loop, bytes => ++taken == 1 && Take(bytes));
        for (var i = 0; i < 500; i++)
        {
            log.Info("happened").Number("i", i).Write();
        }

        log.Flush();
        var kept = Written.Count(sign => sign == '\n');
        Assert.InRange(kept, 1, 499);
        taken = 0;
        log.Info("happened").Write();
        log.Flush();
        Assert.Contains($"log-dropped lines={500 - kept}\n", Written, StringComparison.Ordinal);
    }

    public void Dispose() => _loop.Dispose();

    private static ReadOnlySpan<byte> Address(int number) => Encoding.ASCII.GetBytes($"v{number}@a.test");

    private bool Take(ReadOnlySpan<byte> lines)
    {
        if (_reads)
        {
            _writes.Add(lines.ToArray());
        }

        return _reads;
    }
}
