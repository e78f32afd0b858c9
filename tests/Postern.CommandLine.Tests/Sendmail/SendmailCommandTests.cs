using Postern.CommandLine.Tests.Fakes;

namespace Postern.CommandLine.Tests.Sendmail;

public sealed class SendmailCommandTests : IDisposable
{
    private readonly Caller _caller = new();

    [Fact]
    public void Header_NamesTheRecipientsAndBlindOnesAreTakenOut()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run(
            "To: Bob <bob@x.example>,\n carol\nCc: \"D, D\" <d@x.example>\nBCC: secret@x.example,\n other@x.example\nSubject: s\n\nhello\n",
            "/usr/sbin/sendmail", "-t", "-i"));
        queue.Join();
        Assert.Equal(
            ["to bob@x.example Unspecified", "to carol@example.org Unspecified", "to d@x.example Unspecified", "to secret@x.example Unspecified", "to other@x.example Unspecified"],
            queue.Log[1..^1]);
        Assert.DoesNotContain("secret", queue.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("other@", queue.Text, StringComparison.Ordinal);
        Assert.Contains("Subject: s\r\n\r\nhello\r\n", queue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ResentMessage_GoesToWhomItIsResent()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run("To: old@x.example\nResent-To: new@x.example\nResent-Bcc: b@x.example\n\nhi\n", "sendmail", "-ti"));
        queue.Join();
        Assert.Equal(["to new@x.example Unspecified", "to b@x.example Unspecified"], queue.Log[1..^1]);
        Assert.DoesNotContain("b@x.example", queue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ReachTheEnvelope()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run(
            "hello\n.\nnot this\n", "sendmail", "-f", "al@x.example", "-F", "Al", "-Nnever", "-Rhdrs", "-V", "a+b", "-B8BITMIME", "bob@x.example"));
        queue.Join();
        Assert.Equal(["from al@x.example Local Headers EightBitMime a+2Bb None", "to bob@x.example Never", "commit"], queue.Log);
        Assert.EndsWith("From: \"Al\" <al@x.example>\r\n\r\nhello\r\n", queue.Text);
    }

    [Fact]
    public void NullSender_IsSentAsSuch()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(0, _caller.Run("hello\n.\n", "sendmail", "-f<>", "-i", "bob"));
        queue.Join();
        Assert.StartsWith("from  Local", queue.Log[0]);
        Assert.EndsWith("hello\r\n.\r\n", queue.Text);
    }

    [Theory]
    // Half of the recipients would be worse than none.
    [InlineData("To: a@b.example, \"c\n\n")]
    [InlineData("To: a@b.example, c d@e.example\n\n")]
    public void UnreadableRecipients_AreBadData(string message)
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(65, _caller.Run(message, "sendmail", "-t"));
        queue.Join();
        Assert.Empty(queue.Log);
    }

    [Theory]
    [InlineData("-t")]
    public void MessageWithoutRecipients_IsAMisuse(string option)
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        Assert.Equal(64, _caller.Run("Subject: x\n\n", "sendmail", option));
    }

    [Fact]
    public void CallWithoutRecipients_DoesNotWaitForAMessage() => Assert.Equal(64, _caller.Run("Subject: x\n\n", "sendmail"));

    [Theory]
    [InlineData("-C", "x")]
    [InlineData("-bd", "x")]
    public void RefusedOption_IsAMisuse(string option, string recipient) =>
        Assert.Equal(64, _caller.Run("", "sendmail", option, recipient));

    [Theory]
    // A hostile sender is an address or nothing: no option and no line end hides in it.
    [InlineData("-x y")]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    [InlineData("a@b.example> RET=FULL")]
    public void HostileSender_IsRefused(string sender) => Assert.Equal(64, _caller.Run("hello", "sendmail", "-f", sender, "bob"));

    [Fact]
    public void NewAliases_SaysWhenAliasesAreRead()
    {
        using var caller = new Caller { Slices = new Dictionary<Postern.Ipc.ProgramName, byte[]>() };
        Assert.Equal(0, caller.Run("", "newaliases"));
        Assert.Contains("SIGHUP", caller.Output, StringComparison.Ordinal);
    }

    [Theory]
    // A typo that the administrator has just made must not lose the mail of cron.
    [InlineData("sendmail bob", 75)]
    [InlineData("sendmail -bs", 75)]
    [InlineData("postern queue list", 78)]
    public void AWrongConfiguration_PassesForSendmail(string command, int code)
    {
        using var caller = new Caller { LoadFailure = new CommandFailure(78, "/etc/x: not usable") };
        Assert.Equal(code, caller.Run("Subject: x\n\n", command.Split(' ')));
        Assert.EndsWith("/etc/x: not usable\n", caller.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionWithoutAListener_IsUnavailable() => Assert.Equal(69, _caller.Run("", "sendmail", "-bs"));

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();
}
