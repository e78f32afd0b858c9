using Postern.Mail;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Commands;

/// <summary>Cases B6, B13, B15 and H1 for MAIL.</summary>
public class MailCommandTests
{
    private const SmtpExtensions All = (SmtpExtensions)0x1bff;

    private static CommandFault FaultOf(string argument, SmtpExtensions offered = All)
    {
        bool passed = MailCommand.TryParse(Bytes.Of(argument), offered, out _, out var fault);
        Assert.Equal(fault == CommandFault.None, passed);
        return fault;
    }

    [Theory]
    [InlineData("", Handling.None)]
    [InlineData(" REQUIRETLS", Handling.RequireTls)]
    [InlineData(" requiretls SMTPUTF8", Handling.RequireTls | Handling.SmtpUtf8)]
    public void RequireTls_IsAWordWithoutAValue(string parameters, Handling handling)
    {
        Assert.True(MailCommand.TryParse(Bytes.Of("FROM:<s@f.test>" + parameters), All, out var command, out _));
        Assert.Equal(handling, command.Handling);
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<s@f.test> REQUIRETLS=1"));
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<s@f.test> REQUIRETLS REQUIRETLS"));
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("FROM:<s@f.test> REQUIRETLS", All & ~SmtpExtensions.RequireTls));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(" HOLDFOR=86400", 86_400u, null)]
    [InlineData(" holdfor=0", 0u, null)]
    [InlineData(" HOLDFOR=999999999", 999_999_999u, null)]
    [InlineData(" HOLDUNTIL=2026-11-28T15:00:00Z", null, "2026-11-28T15:00:00Z")]
    [InlineData(" HoldUntil=2028-02-29T23:59:59Z", null, "2028-02-29T23:59:59Z")]
    public void Hold_IsASpanOrAMoment(string parameters, uint? seconds, string? moment)
    {
        Assert.True(MailCommand.TryParse(Bytes.Of("FROM:<s@f.test>" + parameters), All, out var command, out _));
        Assert.Equal(seconds, command.HoldFor);
        Assert.Equal(moment, command.HoldUntil?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("HOLDFOR")]
    // A tenth digit, a sign, another script's digits.
    [InlineData("HOLDFOR=1000000000")]
    [InlineData("HOLDFOR=0000000001")]
    [InlineData("HOLDFOR=+5")]
    [InlineData("HOLDFOR=2026-11-28T15:00:00Z")]
    [InlineData("HOLDUNTIL")]
    [InlineData("HOLDUNTIL=5")]
    // No day, no hour, no leap second, no other zone, no fraction, no small letters.
    [InlineData("HOLDUNTIL=2026-02-29T15:00:00Z")]
    [InlineData("HOLDUNTIL=2026-11-28T24:00:00Z")]
    [InlineData("HOLDUNTIL=2026-12-31T23:59:60Z")]
    [InlineData("HOLDUNTIL=2026-11-28T15:00:00+01:00")]
    [InlineData("HOLDUNTIL=2026-11-28T15:00:00.5Z")]
    [InlineData("HOLDUNTIL=2026-11-28t15:00:00z")]
    [InlineData("HOLDUNTIL=0000-11-28T15:00:00Z")]
    // One of the two, and once.
    [InlineData("HOLDFOR=5 HOLDFOR=5")]
    [InlineData("HOLDFOR=5 HOLDUNTIL=2026-11-28T15:00:00Z")]
    [InlineData("HOLDUNTIL=2026-11-28T15:00:00Z HOLDFOR=5")]
    public void HoldThatIsNone_IsABadParameter(string parameters) =>
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<s@f.test> " + parameters));

    [Theory]
    [InlineData("HOLDFOR=5")]
    [InlineData("HOLDUNTIL=2026-11-28T15:00:00Z")]
    public void HoldThatIsNotOnOffer_IsUnknown(string parameters) =>
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("FROM:<s@f.test> " + parameters, All & ~SmtpExtensions.FutureRelease));

    [Theory]
    [InlineData("FROM:<s@f.test>", "s@f.test")]
    [InlineData("from:<s@f.test>", "s@f.test")]
    [InlineData("FROM:<>", "")]
    // Spelling that is common and means one thing only.
    [InlineData("FROM: <>", "")]
    [InlineData("FROM: <s@f.test>", "s@f.test")]
    [InlineData("FROM:s@f.test", "s@f.test")]
    [InlineData("FROM: s@f.test SIZE=5", "s@f.test")]
    [InlineData("FROM:<s@f.test>  SIZE=5", "s@f.test")]
    // Brackets and spaces inside quotes are letters of the local part.
    [InlineData("FROM:<\"a>b\"@f.test> SIZE=5", "\"a>b\"@f.test")]
    [InlineData("FROM:<\"a\\\"> SIZE=1\"@f.test> SIZE=5", "\"a\\\"> SIZE=1\"@f.test")]
    public void Sender_IsCutOut(string argument, string sender)
    {
        Assert.True(MailCommand.TryParse(Bytes.Of(argument), All, out var command, out _));
        Assert.Equal(sender, Paths.Of(command.Sender));
    }

    [Theory]
    [InlineData("")]
    [InlineData("FROM")]
    [InlineData("FROM:")]
    [InlineData("FROM: ")]
    [InlineData("FROM <s@f.test>")]
    [InlineData("TO:<s@f.test>")]
    [InlineData("<s@f.test>")]
    // Parameters that are none.
    [InlineData("FROM:<s@f.test> =x")]
    [InlineData("FROM:<s@f.test> =")]
    [InlineData("FROM:<s@f.test> SIZE=")]
    [InlineData("FROM:<s@f.test> SIZE=5=6")]
    [InlineData("FROM:<s@f.test> -A=5")]
    [InlineData("FROM:<s@f.test> S_E=5")]
    [InlineData("FROM:<s@f.test> \"=\"")]
    [InlineData("FROM:<s@f.test> SIZE=5\t")]
    [InlineData("FROM:<s@f.test> ENVID=a\u007f")]
    public void ArgumentThatIsNone_IsASyntaxFault(string argument) => Assert.Equal(CommandFault.Syntax, FaultOf(argument));

    [Theory]
    [InlineData("FROM:s@")]
    [InlineData("FROM:<@>")]
    [InlineData("FROM:<s@f.test")]
    [InlineData("FROM:<\"s@f.test>")]
    // What quotes hide needs its brackets.
    [InlineData("FROM:\"a b\"@f.test SIZE=5")]
    // CVE-2020-28022: a parameter that begins where none can.
    [InlineData("FROM:<a@b.test>=\"")]
    [InlineData("FROM:<a@b.test>\"")]
    [InlineData("FROM:<a@b.test>\"\"=")]
    [InlineData("FROM:<a@b.test>SIZE=5")]
    [InlineData("FROM:<s@f.test\t>")]
    public void SenderThatIsNoPath_IsRefused(string argument) => Assert.Equal(CommandFault.BadSender, FaultOf(argument));

    [Theory]
    // H1: the numbers of SIZE.
    [InlineData("0", 0L)]
    [InlineData("1", 1L)]
    [InlineData("007", 7L)]
    [InlineData("4294967296", 4294967296L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    // Twenty digits are legal, even those beyond 63 and 64 bits: the message is too big, not the number.
    [InlineData("9223372036854775808", long.MaxValue)]
    [InlineData("18446744073709551616", long.MaxValue)]
    [InlineData("99999999999999999999", long.MaxValue)]
    public void Size_IsRead(string digits, long size)
    {
        Assert.True(MailCommand.TryParse(Bytes.Of("FROM:<s@f.test> SIZE=" + digits), All, out var command, out _));
        Assert.Equal(size, command.Size);
    }

    [Theory]
    // H1: what libraries take for numbers.
    [InlineData("SIZE=-1")]
    [InlineData("SIZE=+5")]
    [InlineData("SIZE=0x10")]
    [InlineData("SIZE=1e9")]
    [InlineData("SIZE=5,0")]
    [InlineData("SIZE=\u00ef\u00bc\u0095")]
    [InlineData("SIZE=\u00d9\u00a3")]
    [InlineData("SIZE=000000000000000000001")]
    [InlineData("SIZE")]
    // B13: doubled, whatever the values.
    [InlineData("SIZE=5 SIZE=5")]
    [InlineData("SIZE=5 BODY=7BIT size=6")]
    [InlineData("BODY=7BIT BODY=8BITMIME")]
    [InlineData("SMTPUTF8 SMTPUTF8")]
    [InlineData("RET=FULL RET=FULL")]
    [InlineData("ENVID=a ENVID=a")]
    [InlineData("BODY=9BIT")]
    // H9: not advertised.
    [InlineData("BODY=BINARYMIME")]
    [InlineData("BODY")]
    [InlineData("SMTPUTF8=1")]
    [InlineData("RET=ALL")]
    [InlineData("RET")]
    [InlineData("ENVID")]
    // B15: what an ENVID would write into a notification.
    [InlineData("RET=FULL ENVID=+00abc")]
    [InlineData("ENVID=a+0D+0AInjected:+20x")]
    [InlineData("ENVID=a+7F")]
    [InlineData("ENVID=a+C3+BC")]
    [InlineData("ENVID=\u00c3\u00bc")]
    [InlineData("ENVID=+G1")]
    [InlineData("ENVID=+2")]
    [InlineData("ENVID=+")]
    // Capitals only, or two readers of one ENVID disagree.
    [InlineData("ENVID=a+2b")]
    [InlineData("AUTH=+0")]
    [InlineData("AUTH=a+0D")]
    [InlineData("AUTH")]
    public void BadValueOrDoubledParameter_IsRefused(string parameters)
    {
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<s@f.test> " + parameters));
    }

    [Fact]
    public void EnvelopeId_MayHaveAHundredCharacters()
    {
        Assert.Equal(CommandFault.None, FaultOf("FROM:<> ENVID=" + new string('a', 100)));
        Assert.Equal(CommandFault.None, FaultOf("FROM:<> ENVID=a" + string.Concat(Enumerable.Repeat("+2B", 33))));
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<> ENVID=" + new string('a', 101)));
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<> ENVID=" + new string('a', 5000)));
    }

    [Theory]
    [InlineData("FOO=bar")]
    [InlineData("FOO")]
    [InlineData("SIZES=5")]
    // Parameters of RCPT.
    [InlineData("NOTIFY=NEVER")]
    [InlineData("ORCPT=rfc822;a")]
    public void UnknownParameter_IsTold(string parameters)
    {
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("FROM:<s@f.test> " + parameters));
    }

    [Theory]
    [InlineData("SIZE=5", SmtpExtensions.Size)]
    [InlineData("BODY=7BIT", SmtpExtensions.EightBitMime)]
    [InlineData("SMTPUTF8", SmtpExtensions.SmtpUtf8)]
    [InlineData("RET=HDRS", SmtpExtensions.Dsn)]
    [InlineData("ENVID=a", SmtpExtensions.Dsn)]
    [InlineData("AUTH=<>", SmtpExtensions.Auth)]
    [InlineData("AUTH=a+2Bb@f.test", SmtpExtensions.Auth)]
    public void Parameter_IsKnownWhenItsExtensionIsOffered(string parameter, SmtpExtensions extension)
    {
        Assert.Equal(CommandFault.None, FaultOf("FROM:<s@f.test> " + parameter, extension));
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("FROM:<s@f.test> " + parameter, All & ~extension));
        // After HELO nothing was offered.
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("FROM:<s@f.test> " + parameter, SmtpExtensions.None));
    }

    [Fact]
    public void AuthenticatedSender_IsJudgedUpToItsLongest()
    {
        Assert.Equal(CommandFault.None, FaultOf("FROM:<> AUTH=" + new string('a', 500)));
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<> AUTH=" + new string('a', 501)));
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<> AUTH=" + new string('a', 1900)));
    }

    [Fact]
    public void AllParameters_AreKept()
    {
        byte[] line = Bytes.Of("FROM:<s@f.test> size=1000 body=8bitmime SMTPUTF8 RET=hdrs ENVID=a+2Bb AUTH=<>");
        Assert.True(MailCommand.TryParse(line, All, out var command, out _));
        Assert.Equal(1000, command.Size);
        Assert.Equal(BodyType.EightBitMime, command.Body);
        Assert.True(command.SmtpUtf8);
        Assert.Equal(ReturnContent.Headers, command.Return);
        Assert.Equal("a+2Bb", Bytes.Text(command.EnvelopeId));
    }

    [Fact]
    public void CommandWithoutParameters_HasTheirDefaults()
    {
        Assert.True(MailCommand.TryParse(Bytes.Of("FROM:<s@f.test>"), All, out var command, out _));
        Assert.Null(command.Size);
        Assert.Equal(BodyType.SevenBit, command.Body);
        Assert.False(command.SmtpUtf8);
        Assert.Equal(ReturnContent.Unspecified, command.Return);
        Assert.True(command.EnvelopeId.IsEmpty);
    }

    [Fact]
    public void TwoHundredParameters_AreRefusedAtTheFirstBadOne()
    {
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("FROM:<> " + string.Join(' ', Enumerable.Range(0, 200).Select(at => $"P{at}=1"))));
        Assert.Equal(CommandFault.BadParameter, FaultOf("FROM:<> " + string.Join(' ', Enumerable.Repeat("SIZE=1", 200))));
    }

    [Fact]
    public void AddressOutsideAscii_NeedsSmtpUtf8()
    {
        const string Sender = "FROM:<\u00c3\u00bc@f.test>";
        Assert.Equal(CommandFault.NeedsSmtpUtf8, FaultOf(Sender));
        Assert.Equal(CommandFault.NeedsSmtpUtf8, FaultOf("FROM:\u00c3\u00bc@f.test"));
        // E35: not UTF-8, with or without the parameter.
        Assert.Equal(CommandFault.BadUtf8, FaultOf("FROM:<\u00c0\u00af@f.test>"));
        Assert.Equal(CommandFault.BadUtf8, FaultOf("FROM:<\u00c0\u00af@f.test> SMTPUTF8"));
        Assert.Equal(CommandFault.None, FaultOf(Sender + " SMTPUTF8"));
        Assert.Equal(CommandFault.UnknownParameter, FaultOf(Sender + " SMTPUTF8", All & ~SmtpExtensions.SmtpUtf8));
    }

    [Fact]
    public void ArgumentCutAnywhere_HasAReading()
    {
        byte[] whole = Bytes.Of("FROM: <\"a\\\"> b\"@f.test> SIZE=5 BODY=7BIT SMTPUTF8 RET=FULL ENVID=a+2Bb AUTH=<>");
        foreach (byte[] cut in SplitDriver.EveryCut(whole)) FaultOf(Bytes.Text(cut));
    }
}
