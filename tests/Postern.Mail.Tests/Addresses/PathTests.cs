using System.Text;

namespace Postern.Mail.Tests.Addresses;

/// <summary>The paths of MAIL and RCPT, at the start of an argument that may have parameters.</summary>
public class PathTests
{
    private static string Reverse(string input, bool allowUtf8 = true) =>
        ReversePath.TryRead(Encoding.UTF8.GetBytes(input), allowUtf8, out var path, out int consumed, out var fault)
            ? $"{path.Sender?.ToString() ?? "null"}|{Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(input)[consumed..])}"
            : fault.ToString();

    private static string Forward(string input, bool allowUtf8 = true) =>
        ForwardPath.TryRead(Encoding.UTF8.GetBytes(input), allowUtf8, out var path, out int consumed, out var fault)
            ? $"{path.Recipient?.ToString() ?? "postmaster"}|{Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(input)[consumed..])}"
            : fault.ToString();

    [Theory]
    [InlineData("<u@a.test>", "u@a.test|")]
    [InlineData("<u@a.test> SIZE=1", "u@a.test| SIZE=1")]
    // The brackets are optional around a plain address.
    [InlineData("u@a.test", "u@a.test|")]
    [InlineData("u@a.test SIZE=1", "u@a.test| SIZE=1")]
    // A bracket and a space in quotes are part of the name.
    [InlineData("<\"a>b c\"@a.test> X", "\"a>b c\"@a.test| X")]
    [InlineData("<\"a\\\">b\"@a.test>", "\"a\\\">b\"@a.test|")]
    public void Paths_AreSplitFromTheParameters(string input, string expected)
    {
        Assert.Equal(expected, Reverse(input));
        Assert.Equal(expected, Forward(input));
    }

    [Theory]
    [InlineData("", "BadSyntax")]
    [InlineData("<", "BadSyntax")]
    [InlineData(">", "BadSyntax")]
    [InlineData(" <u@a.test>", "BadSyntax")]
    [InlineData("< u@a.test>", "BadSyntax")]
    [InlineData("<u@a.test", "BadSyntax")]
    [InlineData("u@a.test>", "BadSyntax")]
    [InlineData("<u@a.test>>", "BadSyntax")]
    [InlineData("<<u@a.test>>", "BadSyntax")]
    [InlineData("<u@a.test>SIZE=1", "BadSyntax")]
    [InlineData("<u@a.test>\t", "BadSyntax")]
    [InlineData("<u@a.test>\0", "BadSyntax")]
    [InlineData("<a@b>=\"", "BadSyntax")]
    [InlineData("\"u\"@a.test", "BadSyntax")]
    [InlineData("Name <u@a.test>", "MissingDomain")]
    [InlineData("u", "MissingDomain")]
    [InlineData("<\"u@a.test>", "BadSyntax")]
    // E9, E10, E25: source routes; E30: what only looks like one.
    [InlineData("<@a.test:x@f.test>", "SourceRoute")]
    [InlineData("<@a.test,@b.test:x@f.test>", "SourceRoute")]
    [InlineData("<@a.test>", "BadSyntax")]
    [InlineData("<@>", "BadSyntax")]
    [InlineData("<u@>", "BadDomain")]
    [InlineData("<;sleep 66;>", "BadSyntax")]
    [InlineData("<|\"exec sh\"@a.test>", "BadSyntax")]
    public void OtherTexts_AreNoPaths(string input, string fault)
    {
        Assert.Equal(fault, Reverse(input));
        Assert.Equal(fault, Forward(input));
    }

    [Fact]
    public void NullSender_IsForMailAlone()
    {
        Assert.Equal("null|", Reverse("<>"));
        Assert.Equal("null| BODY=8BITMIME", Reverse("<> BODY=8BITMIME"));
        Assert.Equal("BadSyntax", Forward("<>"));
        Assert.Equal("BadSyntax", Reverse("< >"));
    }

    [Theory]
    // E26.
    [InlineData("<postmaster>")]
    [InlineData("<POSTMASTER>")]
    [InlineData("<PostMaster>")]
    [InlineData("postmaster")]
    public void BarePostmaster_IsForRcptAlone(string input)
    {
        Assert.Equal("postmaster|", Forward(input));
        Assert.Equal("MissingDomain", Reverse(input));
        Assert.True(ForwardPath.TryRead(Latin.Bytes(input), false, out var path, out _, out _));
        Assert.True(DomainName.TryParse("mx.a.test", out var ours));
        Assert.Equal("postmaster@mx.a.test", path.Resolve(ours).ToString());
    }

    [Fact]
    public void RecipientWithDomain_StaysWhoItIs()
    {
        Assert.True(ForwardPath.TryRead("<u@a.test>"u8, false, out var path, out _, out _));
        Assert.True(DomainName.TryParse("mx.a.test", out var ours));
        Assert.Same(path.Recipient, path.Resolve(ours));
        Assert.Equal("MissingDomain", Forward("<\"postmaster\">"));
    }

    [Fact]
    public void PathInUtf8_SaysSoThoughItsFormIsAscii()
    {
        Assert.True(ReversePath.TryRead("<u@bücher.test>"u8, true, out var reverse, out _, out _));
        Assert.True(reverse.WrittenInUtf8 && reverse.Sender!.IsAscii);
        Assert.True(ForwardPath.TryRead("<u@bücher.test>"u8, true, out var forward, out _, out _));
        Assert.True(forward.WrittenInUtf8);
        Assert.True(ForwardPath.TryRead("<u@a.test> ORCPT=rfc822;ü"u8, true, out forward, out _, out _));
        Assert.False(forward.WrittenInUtf8);
        Assert.Equal("NeedsSmtpUtf8", Forward("<u@bücher.test>", allowUtf8: false));
        Assert.Equal("NeedsSmtpUtf8", Reverse("<ü@f.test>", allowUtf8: false));
    }

    [Fact]
    public void EveryCutOfAPath_IsNoPath()
    {
        const string whole = "<\"a b\\\">\"@a.test>";
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal("BadSyntax", Reverse(whole[..length]));
            Assert.Equal("BadSyntax", Forward(whole[..length]));
        }
    }

    [Fact]
    public void Faults_HaveTheStatusOfTheirSide()
    {
        Assert.Equal("5.1.7", AddressFaults.StatusOf(AddressFault.BadDomain, ofSender: true).ToString());
        Assert.Equal("5.1.3", AddressFaults.StatusOf(AddressFault.TooLong, ofSender: false).ToString());
        Assert.Equal("5.6.7", AddressFaults.StatusOf(AddressFault.NeedsSmtpUtf8, ofSender: true).ToString());
        Assert.Equal("5.6.7", AddressFaults.StatusOf(AddressFault.BadUtf8, ofSender: false).ToString());
    }
}
