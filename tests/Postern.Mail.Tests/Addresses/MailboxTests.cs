using System.Text;
using CsCheck;

namespace Postern.Mail.Tests.Addresses;

/// <summary>What is a mailbox, in which form it is held, and which two are the same.</summary>
public class MailboxTests
{
    private static AddressFault FaultOf(string text, bool allowUtf8 = false)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bool parsed = Mailbox.TryParse(bytes, allowUtf8, out var mailbox, out var fault);
        Assert.Equal(parsed, mailbox is not null);
        Assert.Equal(parsed, fault == AddressFault.None);
        // Those who need no object have the same judgement, and the same domain.
        Assert.Equal(parsed, Mailbox.IsValid(bytes, allowUtf8));
        Span<byte> domain = new byte[DomainName.MaxLength];
        Assert.Equal(parsed, Mailbox.TryReadDomain(bytes, allowUtf8, domain, out int length));
        Assert.True(domain[..length].SequenceEqual(mailbox is null ? default : mailbox.DomainText));
        return fault;
    }

    private static Mailbox Of(string text)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox));
        return mailbox;
    }

    [Theory]
    [InlineData("u@a.test", "u@a.test", "u")]
    [InlineData("U@A.TEST", "U@a.test", "U")]
    [InlineData("first.last+tag@a.test", "first.last+tag@a.test", "first.last+tag")]
    // E27: quotes and backslashes that change nothing are dropped, others kept.
    [InlineData("\"u\"@a.test", "u@a.test", "u")]
    [InlineData("\"\\u\"@a.test", "u@a.test", "u")]
    [InlineData("\"first.last\"@a.test", "first.last@a.test", "first.last")]
    [InlineData("\"a b\"@a.test", "\"a b\"@a.test", "a b")]
    [InlineData("\"\\a\\ b\"@a.test", "\"a b\"@a.test", "a b")]
    [InlineData("\"a\\\"b\"@a.test", "\"a\\\"b\"@a.test", "a\"b")]
    [InlineData("\"a\\\\b\"@a.test", "\"a\\\\b\"@a.test", "a\\b")]
    [InlineData("\"..\"@a.test", "\"..\"@a.test", "..")]
    [InlineData("\".u\"@a.test", "\".u\"@a.test", ".u")]
    // E7: the "@" inside belongs to the name.
    [InlineData("\"x@f.test\"@a.test", "\"x@f.test\"@a.test", "x@f.test")]
    // E4, E6, E12: relaying by other signs is a name and nothing else.
    [InlineData("x%f.test@a.test", "x%f.test@a.test", "x%f.test")]
    [InlineData("\"x%f.test\"@a.test", "x%f.test@a.test", "x%f.test")]
    [InlineData("f.test!x@a.test", "f.test!x@a.test", "f.test!x")]
    // E24: a literal in its one form.
    [InlineData("x@[192.0.2.1]", "x@[192.0.2.1]", "x")]
    [InlineData("x@[IPv6:::1]", "x@[IPv6:::1]", "x")]
    [InlineData("x@[IPv6:::ffff:127.0.0.1]", "x@[127.0.0.1]", "x")]
    // E29, F1: bytes with a meaning elsewhere have none here. What is atext is a name that nobody has.
    [InlineData("$%{}|`@a.test", "$%{}|`@a.test", "$%{}|`")]
    [InlineData("`id`@a.test", "`id`@a.test", "`id`")]
    [InlineData("-oQ/tmp@f.test", "-oQ/tmp@f.test", "-oQ/tmp")]
    [InlineData("--@a.test", "--@a.test", "--")]
    [InlineData("%n%s@a.test", "%n%s@a.test", "%n%s")]
    [InlineData("/dev/null@a.test", "/dev/null@a.test", "/dev/null")]
    [InlineData("/etc/passwd@a.test", "/etc/passwd@a.test", "/etc/passwd")]
    [InlineData("|/bin/sh@f.test", "|/bin/sh@f.test", "|/bin/sh")]
    [InlineData("~root@a.test", "~root@a.test", "~root")]
    [InlineData("\"../u\"@a.test", "\"../u\"@a.test", "../u")]
    [InlineData("u+../../x@a.test", "", "")]
    [InlineData("u+@a.test", "u+@a.test", "u+")]
    public void Mailboxes_AreHeldInOneForm(string text, string expected, string localPart)
    {
        // E34: two dots in a row need quotes.
        if (expected.Length == 0)
        {
            Assert.Equal(AddressFault.BadLocalPart, FaultOf(text));
            return;
        }
        var mailbox = Of(text);
        Assert.Equal(expected, Latin.Text(mailbox.Text));
        Assert.Equal(localPart, Latin.Text(mailbox.LocalPart));
        Assert.True(mailbox.IsAscii);
        var again = Of(expected);
        Assert.Equal(mailbox, again);
        Assert.Equal(mailbox.GetHashCode(), again.GetHashCode());
        Assert.Equal(expected, again.ToString());
        Assert.True(Mailbox.TryCreate(mailbox.LocalPart, mailbox.Domain, out var created));
        Assert.True(created.Text.SequenceEqual(mailbox.Text));
    }

    [Fact]
    public void Bytes_AreThoseOfTheText() => Assert.True(Of("u@a.test").Bytes.Span.SequenceEqual("u@a.test"u8));

    [Theory]
    // E3, E11, E13, E17: no domain of its own.
    [InlineData("spamtest", AddressFault.MissingDomain)]
    [InlineData("\"x@f.test\"", AddressFault.MissingDomain)]
    [InlineData("f.test!x", AddressFault.MissingDomain)]
    [InlineData("a.test!f.test!x", AddressFault.MissingDomain)]
    [InlineData("x%f.test", AddressFault.MissingDomain)]
    // E8, E14, E18: two domains.
    [InlineData("x@f.test@a.test", AddressFault.BadDomain)]
    [InlineData("x@f.test@[192.0.2.1]", AddressFault.BadDomain)]
    [InlineData("x@a.test@f.test", AddressFault.BadDomain)]
    // E16, E19, E20, E24, E30.
    [InlineData("x@f.test.", AddressFault.BadDomain)]
    [InlineData("x@a.test\0.f.test", AddressFault.BadDomain)]
    [InlineData("x@f.test(a.test)", AddressFault.BadDomain)]
    [InlineData("x@[0177.0.0.1]", AddressFault.BadDomain)]
    [InlineData("x@[2130706433]", AddressFault.BadDomain)]
    [InlineData("x@[0x7f.1]", AddressFault.BadDomain)]
    [InlineData("x@127.0.0.1", AddressFault.BadDomain)]
    [InlineData("x@#2130706433", AddressFault.BadDomain)]
    [InlineData("u@", AddressFault.BadDomain)]
    [InlineData("u@a..test", AddressFault.BadDomain)]
    [InlineData("u@.test", AddressFault.BadDomain)]
    [InlineData("a@xn---.test", AddressFault.BadDomain)]
    [InlineData("", AddressFault.BadLocalPart)]
    [InlineData("@a.test", AddressFault.BadLocalPart)]
    [InlineData("@", AddressFault.BadLocalPart)]
    [InlineData(".u@a.test", AddressFault.BadLocalPart)]
    [InlineData("u.@a.test", AddressFault.BadLocalPart)]
    [InlineData("u..v@a.test", AddressFault.BadLocalPart)]
    [InlineData("..@a.test", AddressFault.BadLocalPart)]
    [InlineData("../u@a.test", AddressFault.BadLocalPart)]
    // E29: bytes that are no atext.
    [InlineData(";sleep 66;", AddressFault.BadLocalPart)]
    [InlineData(";for i in 0 1 2 3;do read r;done;sh;exit 0;@f.test", AddressFault.BadLocalPart)]
    [InlineData("|\"exec sh\"@a.test", AddressFault.BadLocalPart)]
    [InlineData("${run{\\x2Fbin\\x2Fsh\\t-c\\t\"id\"}}@a.test", AddressFault.BadLocalPart)]
    [InlineData("$(id)@a.test", AddressFault.BadLocalPart)]
    [InlineData("() { :;};id@a.test", AddressFault.BadLocalPart)]
    [InlineData("a\\b@a.test", AddressFault.BadLocalPart)]
    [InlineData("u:2,S@a.test", AddressFault.BadLocalPart)]
    [InlineData("u\0x@a.test", AddressFault.BadLocalPart)]
    [InlineData("u x@a.test", AddressFault.BadLocalPart)]
    [InlineData(" u@a.test", AddressFault.BadLocalPart)]
    [InlineData("u\n@a.test", AddressFault.BadLocalPart)]
    [InlineData("\x7f@a.test", AddressFault.BadLocalPart)]
    // E27, E31: empty quotes, controls in quotes, quotes that don't end or aren't alone.
    [InlineData("\"\"@a.test", AddressFault.BadLocalPart)]
    [InlineData("\"a\r\nBcc: x\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"a\tb\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"\r\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"\\\n\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"a\0\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"\x7f\"@f.test", AddressFault.BadLocalPart)]
    // What is wrong first is said, whatever script follows.
    [InlineData("\"\\ü\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"a\tü\"@f.test", AddressFault.BadLocalPart)]
    [InlineData("\"", AddressFault.BadLocalPart)]
    [InlineData("\"\\", AddressFault.BadLocalPart)]
    [InlineData("\"a", AddressFault.BadLocalPart)]
    [InlineData("\"a\"b@a.test", AddressFault.BadLocalPart)]
    [InlineData("\"a\".b@a.test", AddressFault.BadLocalPart)]
    [InlineData("a.\"b\"@a.test", AddressFault.BadLocalPart)]
    // B6: other scripts have to be asked for.
    [InlineData("ü@f.test", AddressFault.NeedsSmtpUtf8)]
    [InlineData("\"ü\"@f.test", AddressFault.NeedsSmtpUtf8)]
    [InlineData("u@bücher.test", AddressFault.NeedsSmtpUtf8)]
    public void OtherTexts_AreNoMailboxes(string text, AddressFault fault)
    {
        Assert.Equal(fault, FaultOf(text));
        if (fault != AddressFault.NeedsSmtpUtf8) Assert.Equal(fault, FaultOf(text, allowUtf8: true));
    }

    [Fact]
    public void Lengths_AreThoseOfTheStandard()
    {
        // E28.
        string local = new('a', 64);
        Assert.Equal(AddressFault.None, FaultOf(local + "@a.test"));
        Assert.Equal(AddressFault.TooLong, FaultOf(local + "a@a.test"));
        Assert.Equal(AddressFault.None, FaultOf($"\"{new string('a', 61)} \"@a.test"));
        Assert.Equal(AddressFault.TooLong, FaultOf($"\"{new string('a', 63)} \"@a.test"));
        Assert.Equal(AddressFault.TooLong, FaultOf($"\"{string.Concat(Enumerable.Repeat("\\a", 32))}\"@a.test"));
        string label = new('b', 63);
        string domain = $"{label}.{label}.{label}";
        Assert.Equal(AddressFault.None, FaultOf($"{new string('a', 62)}@{domain}"));
        Assert.Equal(AddressFault.TooLong, FaultOf($"{new string('a', 63)}@{domain}"));
        // The limit is one on what was written, though without its quotes it would be shorter.
        Assert.Equal(AddressFault.None, FaultOf($"\"{new string('a', 60)}\"@{domain}"));
        Assert.Equal(AddressFault.TooLong, FaultOf($"\"{new string('a', 61)}\"@{domain}"));
        Assert.Equal(AddressFault.TooLong, FaultOf(new string('a', 1 << 20)));
        Assert.Equal(AddressFault.BadLocalPart, FaultOf("\"" + new string('a', 63)));
        Assert.Equal(AddressFault.TooLong, FaultOf("\"" + new string('a', 64)));
        Assert.Equal(AddressFault.TooLong, FaultOf("\"" + new string('a', 1 << 20)));
        Assert.Equal(AddressFault.TooLong, FaultOf("a@" + new string('a', 1 << 20)));
    }

    [Theory]
    [InlineData("u@a.test", "U@A.Test", true)]
    [InlineData("\"a b\"@a.test", "\"A B\"@a.test", true)]
    [InlineData("\"u\"@a.test", "u@a.test", true)]
    [InlineData("u@bücher.test", "u@xn--bcher-kva.test", true)]
    [InlineData("u@a.test", "v@a.test", false)]
    [InlineData("u@a.test", "u@b.test", false)]
    [InlineData("u@127.test", "u@[127.0.0.1]", false)]
    [InlineData("a.b@a.test", "ab@a.test", false)]
    // E33: case beyond ASCII is the receiver's.
    [InlineData("Ü@a.test", "ü@a.test", false)]
    public void Mailboxes_AreEqualButForAsciiCase(string left, string right, bool equal)
    {
        var a = Of(left);
        var b = Of(right);
        Assert.Equal(equal, a.Equals(b));
        Assert.Equal(equal, a.GetHashCode() == b.GetHashCode());
        Assert.False(a.Equals(null));
        Assert.False(a.Equals((object)left));
        Assert.Equal(equal, a.Equals((object)b));
    }

    [Fact]
    public void OtherScripts_AreTakenWhenAskedFor()
    {
        var mailbox = Of("почта@пример.рф");
        Assert.False(mailbox.IsAscii);
        Assert.Equal("почта@xn--e1afmkfd.xn--p1ai", mailbox.ToString());
        // The least byte beyond ASCII is one of it.
        Assert.Equal("\u0100@a.test", Of("\u0100@a.test").ToString());
        // Only the domain was foreign: no SMTPUTF8 is needed to send it on.
        Assert.True(Of("u@пример.рф").IsAscii);
    }

    [Theory]
    [InlineData("\xc0\xaf@a.test")]
    [InlineData("\xed\xa0\x80@a.test")]
    [InlineData("\xe2\x80\xae" + "a@a.test")]
    [InlineData("henry\xe2\x85\xa3@a.test")]
    [InlineData("u\xcc\x88@a.test")]
    [InlineData("\"a \xc0\x80\"@a.test")]
    [InlineData("\"a \xc2\x9b\"@a.test")]
    public void TricksOfUnicode_AreRefused(string latin)
    {
        Assert.False(Mailbox.TryParse(Latin.Bytes(latin), allowUtf8: true, out _, out var fault));
        Assert.Equal(AddressFault.BadUtf8, fault);
    }

    [Fact]
    public void Postmaster_IsKnownInAnyCase()
    {
        Assert.True(Of("PostMaster@a.test").IsPostmaster);
        Assert.False(Of("postmaster2@a.test").IsPostmaster);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("a\xff")]
    public void LocalParts_ThatNoMailboxHas_AreNotJoined(string localPart)
    {
        Assert.True(DomainName.TryParse("a.test", out var domain));
        Assert.False(Mailbox.TryCreate(Latin.Bytes(localPart), new MailDomain(domain), out _));
        Assert.False(Mailbox.TryCreate(new byte[65].AsSpan(), new MailDomain(domain), out _));
        Assert.False(Mailbox.TryCreate(Latin.Bytes(new string('"', 40)), new MailDomain(domain), out _));
    }

    [Fact]
    public void LongestLocalPart_IsJoined()
    {
        Assert.True(DomainName.TryParse("a.test", out var domain));
        var given = new MailDomain(domain);
        Assert.True(Mailbox.TryCreate(Latin.Bytes(new string('a', 64)), given, out var mailbox));
        Assert.Equal(new string('a', 64) + "@a.test", mailbox.ToString());
        Assert.Same(given, mailbox.Domain);
        Assert.False(Mailbox.TryCreate(Latin.Bytes(new string('a', 65)), given, out _));
    }

    [Fact]
    public void Literal_IsKnownAsSuch()
    {
        var domain = Of("x@[192.0.2.1]").Domain;
        Assert.True(domain.IsLiteral);
        Assert.Null(domain.Name);
        Assert.Equal("192.0.2.1", domain.Literal.ToString());
        Assert.Null(Of("x@a.test").Domain.Literal);
        Assert.Equal("a.test", Of("x@a.test").Domain.Name!.ToString());
        Assert.True(Of("x@[192.0.2.1]").HasLiteral);
        Assert.False(Of("x@a.test").HasLiteral);
    }

    [Fact]
    public void AnyBytes_AreJudgedWithoutAnException_AndWhatIsAcceptedIsSafe()
    {
        var letter = Some.Of('a', '.', '"', '\\', '@', ' ', '\n', '\0', '[', ']', ':', '1', '<', '>', '-', '\xc3', '\xbc', '\xff');
        Gen.String[letter, 0, 20].Sample(text =>
        {
            if (!Mailbox.TryParse(Latin.Bytes(text), allowUtf8: true, out var mailbox, out _)) return true;
            foreach (byte value in mailbox.Text)
            {
                if (value is < 0x20 or 0x7f) return false;
            }
            return Mailbox.TryParse(mailbox.Text, allowUtf8: true, out var again, out _) && again.Text.SequenceEqual(mailbox.Text)
                && again.LocalPart.SequenceEqual(mailbox.LocalPart);
        }, iter: 50_000);
    }
}
