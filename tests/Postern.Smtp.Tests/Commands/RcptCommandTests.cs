using Postern.Mail;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Commands;

/// <summary>Cases B6, B13 and B15 for RCPT.</summary>
public class RcptCommandTests
{
    private const SmtpExtensions All = (SmtpExtensions)0x3ff;

    private static CommandFault FaultOf(string argument, bool smtpUtf8 = false, SmtpExtensions offered = All)
    {
        bool passed = RcptCommand.TryParse(Bytes.Of(argument), offered, smtpUtf8, out _, out var fault);
        Assert.Equal(fault == CommandFault.None, passed);
        return fault;
    }

    [Theory]
    [InlineData("TO:<u@a.test>", "u@a.test")]
    [InlineData("to: u@a.test", "u@a.test")]
    [InlineData("TO:u@a.test NOTIFY=NEVER", "u@a.test")]
    [InlineData("TO:<postmaster>", "postmaster")]
    [InlineData("TO:<POSTMASTER>", "postmaster")]
    [InlineData("TO:<\"a b>\"@a.test> NOTIFY=NEVER", "\"a b>\"@a.test")]
    public void Recipient_IsCutOut(string argument, string recipient)
    {
        Assert.True(RcptCommand.TryParse(Bytes.Of(argument), All, false, out var command, out _));
        Assert.Equal(recipient, Paths.Of(command.Recipient));
    }

    [Theory]
    [InlineData("TO:<u@a.test>\"", CommandFault.BadRecipient)]
    [InlineData("TO:<u@a.test>=\"\"=", CommandFault.BadRecipient)]
    [InlineData("TO:", CommandFault.Syntax)]
    [InlineData("FROM:<u@a.test>", CommandFault.Syntax)]
    [InlineData("TO:<u@a.test> NOTIFY=", CommandFault.Syntax)]
    [InlineData("TO:<@a.test:u@b.test>", CommandFault.SourceRoute)]
    [InlineData("TO:<@a.test,@b.test:u@c.test>", CommandFault.SourceRoute)]
    // A recipient is somebody.
    [InlineData("TO:<>", CommandFault.BadRecipient)]
    [InlineData("TO:<@>", CommandFault.BadRecipient)]
    [InlineData("TO:u@a.test\"", CommandFault.BadRecipient)]
    [InlineData("TO:<u@a.test> SIZE=5", CommandFault.UnknownParameter)]
    [InlineData("TO:<u@a.test> FOO", CommandFault.UnknownParameter)]
    public void Argument_IsRefusedForItsFault(string argument, CommandFault fault) => Assert.Equal(fault, FaultOf(argument));

    [Theory]
    [InlineData("NEVER", NotifyOn.Never)]
    [InlineData("never", NotifyOn.Never)]
    [InlineData("SUCCESS", NotifyOn.Success)]
    [InlineData("FAILURE,DELAY", NotifyOn.Failure | NotifyOn.Delay)]
    [InlineData("Success,Failure,Delay", NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay)]
    public void Notify_IsRead(string value, NotifyOn notify)
    {
        Assert.True(RcptCommand.TryParse(Bytes.Of("TO:<u@a.test> NOTIFY=" + value), All, false, out var command, out _));
        Assert.Equal(notify, command.NotifyOn);
    }

    [Theory]
    // B15: the two contradict each other.
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("NOTIFY=SUCCESS,NEVER")]
    [InlineData("NOTIFY=NEVER,NEVER")]
    [InlineData("NOTIFY=ALWAYS")]
    [InlineData("NOTIFY=SUCCESS,")]
    [InlineData("NOTIFY=,SUCCESS")]
    [InlineData("NOTIFY")]
    [InlineData("NOTIFY=NEVER NOTIFY=NEVER")]
    [InlineData("ORCPT=rfc822;a ORCPT=rfc822;a")]
    [InlineData("ORCPT")]
    [InlineData("ORCPT=rfc822")]
    [InlineData("ORCPT=rfc822;")]
    [InlineData("ORCPT=;a")]
    [InlineData("ORCPT=rf(c;a")]
    // B15: a NUL, a line end, and encodings that are none.
    [InlineData("ORCPT=rfc822;a+00b")]
    [InlineData("ORCPT=rfc822;x+0D+0AY")]
    [InlineData("ORCPT=rfc822;x+1B[31m")]
    [InlineData("ORCPT=rfc822;+G1")]
    [InlineData("ORCPT=rfc822;+2")]
    [InlineData("ORCPT=rfc822;\u00c3\u00bc@a.test")]
    [InlineData("ORCPT=utf-8;\\x{0D}\\x{0A}Y")]
    [InlineData("ORCPT=utf-8;\\x{D800}")]
    [InlineData("ORCPT=utf-8;\\x{110000}")]
    [InlineData("ORCPT=utf-8;\\x{}")]
    [InlineData("ORCPT=utf-8;\\x{1234567}")]
    [InlineData("ORCPT=utf-8;\\x{41")]
    [InlineData("ORCPT=utf-8;\\y")]
    [InlineData("ORCPT=utf-8;a+0D")]
    public void BadValueOrDoubledParameter_IsRefused(string parameters)
    {
        Assert.Equal(CommandFault.BadParameter, FaultOf("TO:<u@a.test> " + parameters));
    }

    [Theory]
    [InlineData("rfc822;a+2Bb@f.test", false)]
    [InlineData("RFC822;u@a.test", false)]
    [InlineData("x400;/C=x", null)]
    [InlineData("utf-8;a\\x{FC}b@f.test", false)]
    [InlineData("UTF-8;\\x{1F600}", false)]
    // UTF-8 itself only in a transaction that is in UTF-8.
    [InlineData("utf-8;\u00c3\u00bc@f.test", true)]
    // Not UTF-8; controls of the second half of Latin-1.
    [InlineData("utf-8;\u00c3(", null)]
    [InlineData("utf-8;\u00c0\u00af", null)]
    [InlineData("utf-8;a\u00c2\u0085b", null)]
    public void OriginalRecipient_IsKeptAsGiven(string value, bool? needsUtf8)
    {
        byte[] argument = Bytes.Of("TO:<u@a.test> ORCPT=" + value);
        Assert.Equal(needsUtf8 is false, RcptCommand.TryParse(argument, All, false, out _, out _));
        Assert.Equal(needsUtf8 is not null, RcptCommand.TryParse(argument, All, true, out var command, out _));
        if (needsUtf8 is not null) Assert.Equal(value, Bytes.Text(command.OriginalRecipient));
    }

    [Fact]
    public void OriginalRecipient_MayHaveFiveHundredCharacters()
    {
        Assert.Equal(CommandFault.None, FaultOf("TO:<u@a.test> ORCPT=rfc822;" + new string('a', 493)));
        Assert.Equal(CommandFault.BadParameter, FaultOf("TO:<u@a.test> ORCPT=rfc822;" + new string('a', 494)));
        Assert.Equal(CommandFault.BadParameter, FaultOf("TO:<u@a.test> ORCPT=utf-8;" + new string('a', 5000)));
    }

    [Fact]
    public void ParametersWithoutDsn_AreUnknown()
    {
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("TO:<u@a.test> NOTIFY=NEVER", offered: All & ~SmtpExtensions.Dsn));
        Assert.Equal(CommandFault.UnknownParameter, FaultOf("TO:<u@a.test> ORCPT=rfc822;a", offered: SmtpExtensions.None));
    }

    [Fact]
    public void AddressOutsideAscii_NeedsSmtpUtf8()
    {
        Assert.Equal(CommandFault.NeedsSmtpUtf8, FaultOf("TO:<\u00c3\u00bc@a.test>"));
        Assert.Equal(CommandFault.None, FaultOf("TO:<\u00c3\u00bc@a.test>", smtpUtf8: true));
        Assert.Equal(CommandFault.BadUtf8, FaultOf("TO:<\u00c0\u00af@a.test>", smtpUtf8: true));
    }

    [Fact]
    public void ArgumentCutAnywhere_HasAReading()
    {
        byte[] whole = Bytes.Of("TO:<\"a\\\"> b\"@a.test> NOTIFY=SUCCESS,DELAY ORCPT=utf-8;a\\x{FC}b@a.test");
        foreach (byte[] cut in SplitDriver.EveryCut(whole)) FaultOf(Bytes.Text(cut));
    }
}
