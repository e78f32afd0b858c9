using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;

namespace Postern.CommandLine.Tests.Commands;

public sealed class InjectTests : IDisposable
{
    private const string Received =
        "Received: by mx.example.org (Postern, from uid 1001)\r\n\tid 000000000002d\r\n\tfor <bob@example.org>; Mon, 23 Nov 2026 20:01:02 +0000\r\n";

    private readonly Caller _caller = new();

    [Fact]
    public void Message_ReachesTheQueueWithTraceAndWhatWasMissing()
    {
        using var queue = new FakeQueue(_caller.QueueSocket) { Condition = QueueCondition.Accepting };
        Assert.Equal(0, _caller.Run("Subject: x\n\nhello\n", "postern", "inject", "--from", "al@example.org", "bob@example.org"));
        queue.Join();
        Assert.Equal(["from al@example.org Local Unspecified SevenBit  None", "to bob@example.org Unspecified", "commit"], queue.Log);
        Assert.Equal(
            Received + "Date: Mon, 23 Nov 2026 20:01:02 +0000\r\nMessage-ID: <000000000002d.1795464062@mx.example.org>\r\n"
            + "From: <al@example.org>\r\nSubject: x\r\n\r\nhello\r\n",
            queue.Text);
        Assert.Equal("", _caller.Output + _caller.Error);
    }

    [Fact]
    public void FieldsThatAreThere_AreLeftAlone()
    {
        const string Message = "From: a@b\nDate: today\nMessage-Id: <1@x>\nBcc: c@d\n\nhello\n";
        using var queue = new FakeQueue(_caller.QueueSocket) { Condition = QueueCondition.Accepting };
        Assert.Equal(0, _caller.Run(Message, "postern", "inject", "bob@example.org"));
        queue.Join();
        Assert.Equal(Received + Message.ReplaceLineEndings("\r\n"), queue.Text);
    }

    [Fact]
    public void CallerAndNamesWithoutADomain_AreCompleted()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run("hello", "postern", "inject", "--verbose", "bob", "<carol@example.net>", "bob@example.org"));
        queue.Join();
        Assert.Equal(
            ["from ann@example.org Local Unspecified SevenBit  None", "to bob@example.org Unspecified", "to carol@example.net Unspecified", "commit"],
            queue.Log);
        Assert.EndsWith("From: <ann@example.org>\r\n\r\nhello\r\n", queue.Text);
        Assert.DoesNotContain("for <", queue.Text, StringComparison.Ordinal);
        Assert.Equal("000000000002d\n", _caller.Output);
    }

    [Fact]
    public void Json_HasTheId()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run("hello", "postern", "--json", "inject", "--from", "", "bob"));
        Assert.Equal("{\"id\":\"000000000002d\"}\n", _caller.Output);
        queue.Join();
        Assert.StartsWith("from  Local", queue.Log[0]);
        Assert.Contains("From: <ann@example.org>", queue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AddressBeyondAscii_AsksForSmtpUtf8()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run("hello", "postern", "inject", "j\u00fcrgen@example.org"));
        queue.Join();
        Assert.EndsWith(" SmtpUtf8", queue.Log[0]);
    }

    // RFC 8689 §4.3: what a local program writes counts as what comes by SMTP.
    [Fact]
    public void HeaderThatCanDoWithoutTls_IsToldToTheQueue()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run("TLS-Required: No\nSubject: x\n\nTLS-Required: Yes\n", "postern", "inject", "bob@example.org"));
        queue.Join();
        Assert.EndsWith(" TlsOptional", queue.Log[0]);
    }

    [Fact]
    public void LargeMessage_StaysWithinTheCreditAndFillsItsFrames()
    {
        var body = string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 20_000));
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run(new Dribble(body), "postern", "inject", "bob@example.org"));
        queue.Join();
        Assert.EndsWith(body.ReplaceLineEndings("\r\n"), queue.Text);
        Assert.InRange(queue.MostUnderWay, 1, FrameLimits.ContentWindow);
        Assert.InRange(queue.Pieces, 1, (queue.Content.Length / FrameLimits.MaxContent * 2) + 2);
    }

    [Theory]
    [InlineData(SubmissionOutcome.Full, 75)]
    [InlineData(SubmissionOutcome.Draining, 75)]
    [InlineData(SubmissionOutcome.Failed, 75)]
    [InlineData(SubmissionOutcome.Unknown, 75)]
    [InlineData(SubmissionOutcome.TooLarge, 65)]
    public void Refusal_IsTold(SubmissionOutcome outcome, int code)
    {
        using var queue = new FakeQueue(_caller.QueueSocket) { Outcome = outcome };
        Assert.Equal(code, _caller.Run("hello", "postern", "inject", "bob"));
        Assert.NotEmpty(_caller.Error);
    }

    [Theory]
    [InlineData(QueueCondition.Full)]
    [InlineData(QueueCondition.Draining)]
    public void QueueThatTakesNothing_GetsNothing(QueueCondition condition)
    {
        using var queue = new FakeQueue(_caller.QueueSocket) { Condition = condition };
        Assert.Equal(75, _caller.Run("hello", "postern", "inject", "bob"));
        queue.Join();
        Assert.Empty(queue.Log);
    }

    [Theory]
    // Wherever the queue dies, the caller is told to try again.
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void QueueThatDies_IsATemporaryFailure(int type)
    {
        using var queue = new FakeQueue(_caller.QueueSocket) { HangUpAt = (ushort)type };
        Assert.Equal(75, _caller.Run("hello", "postern", "inject", "bob"));
    }

    [Fact]
    public void NoServer_IsATemporaryFailureWithAClearWord()
    {
        Assert.Equal(75, _caller.Run("hello", "postern", "inject", "bob"));
        Assert.Contains("not running", _caller.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TooLargeMessage_IsTakenBack()
    {
        using var caller = new Caller { MessageSize = 1000 };
        using var queue = new FakeQueue(caller.QueueSocket);
        Assert.Equal(65, caller.Run(new string('x', 1000), "postern", "inject", "bob"));
        queue.Join();
        Assert.Equal("abort", queue.Log[^1]);
    }

    [Theory]
    // Nothing of these is ever committed.
    [InlineData("Subject: a\rb\n\nx")]
    [InlineData("Subject: a\n\nx\0y\n")]
    [InlineData("Subject: a\n\nx\r")]
    public void ForbiddenByte_IsBadData(string message)
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(65, _caller.Run(message, "postern", "inject", "bob"));
        queue.Join();
        Assert.DoesNotContain("commit", queue.Log);
    }

    [Fact]
    public void EndlessHeader_IsBadData()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(65, _caller.Run("A: " + new string('x', 2_000_000), "postern", "inject", "bob"));
    }

    [Theory]
    [InlineData("a b@example.org")]
    [InlineData("@example.org")]
    [InlineData("bob@")]
    [InlineData("bob@exa mple.org")]
    [InlineData("")]
    public void BadRecipient_IsAMisuse(string recipient)
    {
        Assert.Equal(64, _caller.Run("hello", "postern", "inject", "--", recipient));
        Assert.Contains("not an address", _caller.Error, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    /// <summary>Gives its text in small pieces, as a slow program does.</summary>
    private sealed class Dribble(string text) : MemoryStream(System.Text.Encoding.Latin1.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 777));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 777)]);
    }
}
