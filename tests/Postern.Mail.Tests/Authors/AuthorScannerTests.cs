using CsCheck;
using Postern.TestKit;

namespace Postern.Mail.Tests.Authors;

/// <summary>In whose name a message is written, however its header is cut.</summary>
public class AuthorScannerTests
{
    [Theory]
    [InlineData("From: u@a.test\r\n\r\n", "u@a.test")]
    [InlineData("Subject: x\r\nFROM:\r\n Ann <u@a.test>,\r\n\tv@a.test\r\nTo: w@a.test\r\n\r\n", "u@a.test v@a.test")]
    // White space before the colon is old, and a From all the same.
    [InlineData("From \t: u@a.test\r\n\r\n", "u@a.test")]
    [InlineData("Sender: v@a.test\r\nFrom: u@a.test\r\n\r\n", "u@a.test for v@a.test")]
    // Names that only look alike, and lines that go on with another field.
    [InlineData("X-From: x\r\nFrom-X: x\r\nFro: x\r\nResent-From: w@b.test\r\nFrom: u@a.test\r\nSenders: x\r\nSubject: x\r\n From: v@b.test\r\n", "u@a.test")]
    // Without the empty line, and without any line end.
    [InlineData("From: u@a.test\r\n", "u@a.test")]
    [InlineData("From: u@a.test", "u@a.test")]
    public void Authors_AreFound(string header, string expected) => Assert.Equal(expected, EverySplit(header));

    [Theory]
    [InlineData("", "NoFrom")]
    [InlineData("\r\n", "NoFrom")]
    [InlineData("Subject: x\r\nSender: u@a.test\r\n\r\n", "NoFrom")]
    [InlineData("From: u@a.test\r\nfrom : v@b.test\r\n\r\n", "Repeated")]
    [InlineData("From: u@a.test\r\nSender: u@a.test\r\nSender: u@a.test\r\n\r\n", "Repeated")]
    [InlineData("From:\r\n\r\n", "BadFrom")]
    [InlineData("From: Friends: u@a.test;\r\n\r\n", "BadFrom")]
    [InlineData("From: u@a.test\r\nSender: u@a.test, u@a.test\r\n\r\n", "BadSender")]
    [InlineData("From: u@a.test\r\nSender:\r\n\r\n", "BadSender")]
    // Lines that are no fields: a start that is folded, no colon, no name, a name that nobody may have, a name at the end.
    [InlineData(" From: u@a.test\r\n\r\n", "BadHeader")]
    [InlineData("\tx\r\nFrom: u@a.test\r\n\r\n", "BadHeader")]
    [InlineData("hello\r\nFrom: u@a.test\r\n\r\n", "BadHeader")]
    [InlineData("From u@a.test Mon Mar  2 12:00:00 2026\r\nFrom: u@a.test\r\n\r\n", "BadHeader")]
    [InlineData(": x\r\nFrom: u@a.test\r\n\r\n", "BadHeader")]
    [InlineData("From: u@a.test\r\nX\xe4: x\r\n\r\n", "BadHeader")]
    [InlineData("From: u@a.test\r\nFr\0om: v@b.test\r\n\r\n", "BadHeader")]
    [InlineData("From: u@a.test\r\nFrom", "BadHeader")]
    [InlineData("From: u@a.test\r\nFrom ", "BadHeader")]
    public void WhatIsUnclear_IsAFault(string header, string fault) => Assert.Equal(fault, EverySplit(header));

    [Fact]
    public void LongFields_AreRefusedWhenTheyMatter()
    {
        var padding = new string(' ', AuthorList.MaxLength);
        Assert.Equal("BadFrom", Run([Latin.Bytes($"From: u@a.test{padding}\r\n\r\n")]));
        // What was not kept could have been another author.
        Assert.Equal("BadFrom", Run([Latin.Bytes($"From:{padding[..^8]}u@a.test\r\n ,v@b.test\r\n\r\n")]));
        Assert.Equal("BadSender", Run([Latin.Bytes($"From: u@a.test\r\nSender: u@a.test{padding}\r\n\r\n")]));
        Assert.Equal("u@a.test", Run([Latin.Bytes($"Subject: {padding}\r\n{new string('n', 100_000)}: x\r\nFrom: u@a.test\r\n\r\n")]));
        Assert.Equal("u@a.test", Run([Latin.Bytes($"From:{padding[..^8]}u@a.test\r\n\r\n")]));
    }

    [Fact]
    public void AnyHeader_IsSeenAlikeHoweverItIsCut()
    {
        var token = Some.Of("From:", "Sender:", "From", "X:", " u@a.test", ",", "\r\n", "\n", "\r", " ", ":", "\"", "(", ")", "<", ">", "\xe4");
        token.Array[0, 12].Select(tokens => string.Concat(tokens)).Sample(header => { _ = EverySplit(header); }, iter: 500);
    }

    private static string EverySplit(string header) => SplitDriver.EverySplit(Latin.Bytes(header), Run);

    private static string Run(IReadOnlyList<byte[]> pieces)
    {
        var scanner = new AuthorScanner();
        foreach (var piece in pieces) scanner.Feed(piece);
        var fault = scanner.Read(allowUtf8: false, out var from, out var sender);
        if (fault == AuthorFault.None) return string.Join(' ', from.Select(mailbox => mailbox.ToString())) + (sender is null ? "" : $" for {sender}");
        Assert.Empty(from);
        Assert.Null(sender);
        return fault.ToString();
    }
}
