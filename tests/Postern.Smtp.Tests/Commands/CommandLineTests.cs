namespace Postern.Smtp.Tests.Commands;

/// <summary>Cases B9, B10 and B14: which command a line asks for.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("EHLO c.test", CommandVerb.Ehlo, "c.test")]
    [InlineData("HELO c.test", CommandVerb.Helo, "c.test")]
    [InlineData("LHLO c.test", CommandVerb.Lhlo, "c.test")]
    [InlineData("MAIL FROM:<s@f.test> SIZE=5", CommandVerb.Mail, "FROM:<s@f.test> SIZE=5")]
    [InlineData("RCPT TO:<u@a.test>", CommandVerb.Rcpt, "TO:<u@a.test>")]
    [InlineData("DATA", CommandVerb.Data, "")]
    [InlineData("BDAT 5 LAST", CommandVerb.Bdat, "5 LAST")]
    [InlineData("RSET", CommandVerb.Rset, "")]
    [InlineData("NOOP", CommandVerb.Noop, "")]
    [InlineData("VRFY root", CommandVerb.Vrfy, "root")]
    [InlineData("EXPN list", CommandVerb.Expn, "list")]
    [InlineData("HELP", CommandVerb.Help, "")]
    [InlineData("QUIT", CommandVerb.Quit, "")]
    [InlineData("STARTTLS", CommandVerb.StartTls, "")]
    [InlineData("AUTH PLAIN AGEAYg==", CommandVerb.Auth, "PLAIN AGEAYg==")]
    // Any case; white space at the end; more than one space.
    [InlineData("mAiL fRoM:<s@f.test>", CommandVerb.Mail, "fRoM:<s@f.test>")]
    [InlineData("quit \t ", CommandVerb.Quit, "")]
    [InlineData("quit\t", CommandVerb.Quit, "")]
    [InlineData("NOOP   a b  ", CommandVerb.Noop, "a b")]
    public void KnownVerb_IsFoundWithItsArgument(string line, CommandVerb verb, string argument)
    {
        var command = CommandLine.Parse(Bytes.Of(line));
        Assert.Equal((verb, argument), (command.Verb, Bytes.Text(command.Argument)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" NOOP")]
    [InlineData("\tNOOP")]
    [InlineData("\u00ff\u00fe")]
    [InlineData("NOOPS")]
    [InlineData("NOO")]
    // A tab is no space: the grammar has SP.
    [InlineData("NOOP\ta")]
    // B14: doors of long ago, and what others offer.
    [InlineData("DEBUG")]
    [InlineData("WIZ")]
    [InlineData("KILL")]
    [InlineData("TURN")]
    [InlineData("ETRN x'; DROP TABLE t--")]
    [InlineData("SEND FROM:<a@b.test>")]
    // The Kelvin sign in UTF-8 is no K, a byte that differs from a letter by more than its case is none.
    [InlineData("\u00e2\u0084\u00aaILL")]
    [InlineData("M\u0001IL FROM:<a@b.test>")]
    [InlineData("MAIL\u00a0FROM:<a@b.test>")]
    // Words that merely begin like another protocol's.
    [InlineData("GETS x")]
    [InlineData("POSTMASTER")]
    public void OtherLine_IsUnknown(string line)
    {
        Assert.Equal(CommandVerb.Unknown, CommandLine.Parse(Bytes.Of(line)).Verb);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("get / HTTP/1.1")]
    [InlineData("POST /x HTTP/1.1")]
    [InlineData("CONNECT mx.a.test:25 HTTP/1.1")]
    [InlineData("PUT /x HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData("SSH-2.0-OpenSSH_9.2")]
    // A TLS ClientHello, digits, punctuation.
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001")]
    [InlineData("220 mx.f.test ESMTP")]
    [InlineData("{\"a\":1}")]
    [InlineData(".")]
    [InlineData("<x>")]
    [InlineData("\u007f")]
    public void OtherProtocol_IsRecognised(string line)
    {
        Assert.Equal(CommandVerb.ForeignProtocol, CommandLine.Parse(Bytes.Of(line)).Verb);
    }

    [Fact]
    public void EveryFirstByte_HasAReading()
    {
        for (int first = 0; first < 256; first++)
        {
            var verb = CommandLine.Parse([(byte)first, (byte)'x']).Verb;
            bool foreign = first < 0x80 && !char.IsAsciiLetter((char)first) && first is not (' ' or '\t' or '\r' or '\n');
            Assert.Equal(foreign ? CommandVerb.ForeignProtocol : CommandVerb.Unknown, verb);
        }
    }
}
