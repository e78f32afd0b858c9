using System.Buffers;

namespace Postern.Smtp.Tests.Client;

/// <summary>Case I6: what a server offers, and what it says besides.</summary>
public class EhloCapabilitiesTests
{
    private static EhloCapabilities Read(params string[] lines)
    {
        var reader = new ReplyReader();
        var capabilities = new EhloCapabilities();
        reader.Begin(capabilities);
        string reply = string.Concat(lines.Prepend("mx.f.test at your service").Select((line, at) => $"250{(at == lines.Length ? ' ' : '-')}{line}\r\n"));
        Assert.Equal(OperationStatus.Done, reader.Read(Bytes.Of(reply), out _));
        return capabilities;
    }

    [Theory]
    [InlineData("PIPELINING", SmtpExtensions.Pipelining)]
    [InlineData("pipelining", SmtpExtensions.Pipelining)]
    [InlineData("SIZE 1000", SmtpExtensions.Size)]
    [InlineData("8BITMIME", SmtpExtensions.EightBitMime)]
    [InlineData("SMTPUTF8", SmtpExtensions.SmtpUtf8)]
    [InlineData("DSN", SmtpExtensions.Dsn)]
    [InlineData("CHUNKING", SmtpExtensions.Chunking)]
    [InlineData("ENHANCEDSTATUSCODES", SmtpExtensions.EnhancedStatusCodes)]
    [InlineData("STARTTLS", SmtpExtensions.StartTls)]
    [InlineData("AUTH PLAIN", SmtpExtensions.Auth)]
    [InlineData("LIMITS RCPTMAX=5", SmtpExtensions.Limits)]
    // Not ours to use, or no keyword at all.
    [InlineData("AUTH=PLAIN", SmtpExtensions.None)]
    [InlineData("HELP", SmtpExtensions.Help)]
    [InlineData("XYZZY", SmtpExtensions.None)]
    [InlineData("STARTTLSX", SmtpExtensions.None)]
    [InlineData("STARTTLS\u00ff", SmtpExtensions.None)]
    [InlineData("", SmtpExtensions.None)]
    [InlineData(" DSN", SmtpExtensions.None)]
    public void Keyword_IsFound(string line, SmtpExtensions extension) => Assert.Equal(extension, Read(line).Extensions);

    [Theory]
    [InlineData("AUTH PLAIN LOGIN", "LOGIN", true)]
    [InlineData("auth plain login", "PLAIN", true)]
    [InlineData("AUTH   SCRAM-SHA-256-PLUS  PLAIN", "PLAIN", true)]
    [InlineData("AUTH SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", false)]
    [InlineData("AUTH PLAIN", "", false)]
    [InlineData("AUTH  PLAIN", "", false)]
    [InlineData("AUTH", "PLAIN", false)]
    [InlineData("AUTH=PLAIN", "PLAIN", false)]
    [InlineData("DSN PLAIN", "PLAIN", false)]
    public void Mechanism_IsFound(string line, string mechanism, bool isOffered) => Assert.Equal(isOffered, Read(line).OffersMechanism(Bytes.Of(mechanism)));

    [Fact]
    public void OfTwoLinesOfMechanisms_TheFirstCounts() => Assert.False(Read("AUTH LOGIN", "AUTH PLAIN").OffersMechanism("PLAIN"u8));

    [Fact]
    public void FirstLine_IsTheServersNameAndNothingElse()
    {
        var reader = new ReplyReader();
        var capabilities = new EhloCapabilities();
        reader.Begin(capabilities);
        reader.Read(Bytes.Of("250-STARTTLS\r\n250 DSN\r\n"), out _);
        Assert.Equal(SmtpExtensions.Dsn, capabilities.Extensions);
    }

    [Fact]
    public void SeveralKeywords_AreAllThere()
    {
        var capabilities = Read("SIZE 52428800", "8BITMIME", "STARTTLS", "STARTTLS", "DSN");
        Assert.True(capabilities.Offers(SmtpExtensions.StartTls | SmtpExtensions.Dsn));
        Assert.False(capabilities.Offers(SmtpExtensions.StartTls | SmtpExtensions.Chunking));
        Assert.Equal(52_428_800, capabilities.MaxSize);
    }

    [Theory]
    [InlineData("SIZE 1", 1L)]
    [InlineData("size 9223372036854775807", long.MaxValue)]
    [InlineData("SIZE 18446744073709551615", long.MaxValue)]
    // No fixed limit; numbers that are none.
    [InlineData("SIZE", null)]
    [InlineData("SIZE 0", null)]
    [InlineData("SIZE 99999999999999999999", null)]
    [InlineData("SIZE -1", null)]
    [InlineData("SIZE 1k", null)]
    [InlineData("SIZE 1 2", null)]
    public void Size_IsALimitOnlyWhenItIsANumber(string line, long? size)
    {
        Assert.Equal(size, Read(line).MaxSize);
        Assert.True(Read(line).Offers(SmtpExtensions.Size));
    }

    [Theory]
    [InlineData("LIMITS RCPTMAX=20 MAILMAX=5", 20, 5)]
    [InlineData("limits mailmax=5 XMAX=9 rcptmax=999999", 999999, 5)]
    [InlineData("LIMITS RCPTMAX=0 MAILMAX=1000000", null, null)]
    [InlineData("LIMITS RCPTMAX MAILMAX=", null, null)]
    [InlineData("LIMITS RCPTMAX=-1 =5", null, null)]
    [InlineData("LIMITS", null, null)]
    public void Limits_AreReadOneByOne(string line, int? recipients, int? transactions)
    {
        var capabilities = Read(line);
        Assert.Equal((recipients, transactions), (capabilities.MaxRecipients, capabilities.MaxTransactions));
    }

    [Fact]
    public void LimitSaidTwice_StaysAsItWasFirst()
    {
        Assert.Equal(5, Read("SIZE 5", "SIZE 6").MaxSize);
    }
}
