using CsCheck;
using Postern.Text;

namespace Postern.Mail.Tests.Trace;

/// <summary>The Received field; cases B7 and E31: nothing that a client says gets out of its place.</summary>
public class ReceivedFieldTests
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 23, 20, 1, 2, TimeSpan.Zero);

    private static string Write(MessageOrigin origin, string clientName = "client.test", string? recipient = null, bool hidden = false)
    {
        Assert.True(DomainName.TryParse("mx.a.test", out var host));
        var field = new ReceivedField
        {
            Origin = origin,
            ClientName = Latin.Bytes(clientName),
            HidesClient = hidden,
            Host = host,
            Id = new MessageId(1),
            OnlyRecipient = recipient is null ? null : Mailbox.TryParse(recipient, out var mailbox) ? mailbox : throw new ArgumentException(recipient),
            Time = s_time,
        };
        byte[] output = new byte[ReceivedField.MaxLength];
        return System.Text.Encoding.UTF8.GetString(output, 0, field.Write(output));
    }

    private static MessageOrigin From(string address, MailProtocol protocol = MailProtocol.Esmtp, bool encrypted = false, bool authenticated = false) =>
        new(protocol, IpAddress.TryParse(address, out var client) ? client : throw new ArgumentException(address), 0, encrypted, authenticated);

    [Fact]
    public void FieldOfAClient_HasTheGrammarOfTheStandard()
    {
        Assert.Equal(
            "Received: from client.test ([192.0.2.7])\r\n\tby mx.a.test with ESMTP\r\n\tid 0000000000001\r\n\tfor <u@a.test>; Mon, 23 Nov 2026 20:01:02 +0000\r\n",
            Write(From("192.0.2.7"), recipient: "u@a.test"));
        Assert.Equal(
            "Received: from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n\tby mx.a.test with ESMTP\r\n\tid 0000000000001; Mon, 23 Nov 2026 20:01:02 +0000\r\n",
            Write(From("2001:db8::1"), "[IPv6:2001:db8::1]"));
    }

    [Theory]
    [InlineData("client.test")]
    [InlineData("WIN_HOST")]
    public void HiddenClient_LeavesTheRestAsItIs(string name) => Assert.Equal(
        "Received: by mx.a.test with ESMTPSA\r\n\tid 0000000000001\r\n\tfor <u@a.test>; Mon, 23 Nov 2026 20:01:02 +0000\r\n",
        Write(From("192.0.2.7", encrypted: true, authenticated: true), name, "u@a.test", hidden: true));

    [Fact]
    public void FieldWithoutAClient_NamesTheUserOrNobody()
    {
        Assert.Equal(
            "Received: by mx.a.test (Postern, from uid 1000)\r\n\tid 0000000000001; Mon, 23 Nov 2026 20:01:02 +0000\r\n",
            Write(new MessageOrigin(MailProtocol.Local, LocalUid: 1000)));
        Assert.Equal(
            "Received: by mx.a.test\r\n\tid 0000000000001; Mon, 23 Nov 2026 20:01:02 +0000\r\n",
            Write(new MessageOrigin(MailProtocol.Internal)));
    }

    [Theory]
    // RFC 3848 and RFC 6531.
    [InlineData(MailProtocol.Smtp, false, false, "SMTP")]
    [InlineData(MailProtocol.Smtp, true, true, "SMTP")]
    [InlineData(MailProtocol.Esmtp, true, false, "ESMTPS")]
    [InlineData(MailProtocol.Esmtp, false, true, "ESMTPA")]
    [InlineData(MailProtocol.Esmtp, true, true, "ESMTPSA")]
    [InlineData(MailProtocol.Utf8Smtp, true, true, "UTF8SMTPSA")]
    [InlineData(MailProtocol.Lmtp, false, false, "LMTP")]
    [InlineData(MailProtocol.Utf8Lmtp, true, false, "UTF8LMTPS")]
    public void Protocol_HasItsRegisteredName(MailProtocol protocol, bool encrypted, bool authenticated, string name) =>
        Assert.Contains($" with {name}\r\n", Write(From("192.0.2.7", protocol, encrypted, authenticated)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "(helo=)")]
    [InlineData("WIN_HOST", "(helo=WIN_HOST)")]
    [InlineData("127.0.0.1", "(helo=127.0.0.1)")]
    [InlineData("a\r\nX: y", "(helo=a??X:?y)")]
    [InlineData("a) by b (", "(helo=a??by?b??)")]
    [InlineData("\x1b[31m<script>\"\\\0", "(helo=??31m?script????)")]
    [InlineData("b\xc3\xbc" + "cher.test", "(helo=b??cher.test)")]
    public void OddClientName_IsTamedInAComment(string name, string comment) =>
        Assert.StartsWith($"Received: from [192.0.2.7] {comment}\r\n\tby ", Write(From("192.0.2.7"), name), StringComparison.Ordinal);

    [Fact]
    public void LongestField_Fits()
    {
        string label = new('a', 63);
        string host = $"{label}.{label}.{label}.{label}";
        Assert.True(DomainName.TryParse(host, out var name));
        Assert.True(Mailbox.TryParse($"{new string('b', 62)}@{label}.{label}.{label}", out var recipient));
        var field = new ReceivedField
        {
            Origin = From("1111:1111:1111:1111:1111:1111:1111:1111", MailProtocol.Utf8Lmtp, true, true),
            ClientName = Latin.Bytes(host),
            Host = name,
            Id = new MessageId(ulong.MaxValue),
            OnlyRecipient = recipient,
            Time = s_time,
        };
        byte[] output = new byte[ReceivedField.MaxLength];
        string text = Latin.Text(output.AsSpan(0, field.Write(output)));
        // RFC 5322 §2.1.1: no line beyond 998.
        Assert.All(text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.Contains(new string('?', 64) + ")", Write(From("192.0.2.7"), new string(' ', 100_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void RecipientBeyondAscii_IsNamedOnlyWhereHeadersAreUtf8()
    {
        Assert.DoesNotContain("for", Write(From("192.0.2.7"), recipient: "почта@a.test"), StringComparison.Ordinal);
        Assert.Contains("for <почта@a.test>", Write(From("192.0.2.7", MailProtocol.Utf8Smtp), recipient: "почта@a.test"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnyClientName_LeavesOneWellFormedField() => Gen.Byte.Array[0, 100].Sample(name =>
    {
        string field = Write(From("192.0.2.7"), Latin.Text(name));
        string[] lines = field.Split("\r\n");
        return lines is [_, _, _, ""] && lines.Skip(1).SkipLast(1).All(line => line[0] == '\t')
            && field.Count(character => character == '(') == 1 && field.Count(character => character == ')') == 1
            && field.All(character => character is '\r' or '\n' or '\t' or (>= ' ' and <= '~'));
    });

    [Fact]
    public void FieldsOfDelivery_NameSenderAndMailbox()
    {
        Assert.True(Mailbox.TryParse("\"a b\"@f.test", out var mailbox));
        byte[] output = new byte[TraceFields.MaxLength];
        Assert.Equal("Return-Path: <\"a b\"@f.test>\r\n", Latin.Text(output.AsSpan(0, TraceFields.WriteReturnPath(mailbox, output))));
        Assert.Equal("Return-Path: <>\r\n", Latin.Text(output.AsSpan(0, TraceFields.WriteReturnPath(null, output))));
        Assert.Equal("Delivered-To: \"a b\"@f.test\r\n", Latin.Text(output.AsSpan(0, TraceFields.WriteDeliveredTo(mailbox, output))));
    }
}
