using System.Text;
using CsCheck;

namespace Postern.Mail.Tests.Authors;

/// <summary>Which mailboxes a From or Sender field has, and what is refused since programs read it in different ways (case G4).</summary>
public class AuthorListTests
{
    [Theory]
    // Bare, with a name, with several words, with a name right before the bracket.
    [InlineData("u@a.test", "u@a.test")]
    [InlineData(" Ann <u@a.test> ", "u@a.test")]
    [InlineData("Ann B. Smith <u@a.test>", "u@a.test")]
    [InlineData("Ann<u@a.test>", "u@a.test")]
    [InlineData("<u@A.Test>", "u@a.test")]
    // Several.
    [InlineData("u@a.test,Ann <v@a.test> , <w@a.test>", "u@a.test v@a.test w@a.test")]
    // Quoted strings may hold what means something outside, and escape their own end.
    [InlineData("\"Smith, Ann <v@b.test>\" <u@a.test>", "u@a.test")]
    [InlineData("\"Ann \\\" <v@b.test>, \\\\\" <u@a.test>", "u@a.test")]
    [InlineData("\"Ann\r\n Smith\" <u@a.test>", "u@a.test")]
    [InlineData("\"u v\"@a.test", "\"u v\"@a.test")]
    // Comments, nested, around the address and the name.
    [InlineData("u@a.test (Ann, <v@b.test>)", "u@a.test")]
    [InlineData("(a (b \\) c)) Ann (d) < (e) u@a.test (f) > (g)", "u@a.test")]
    // Folds.
    [InlineData("\r\n u@a.test,\r\n\tv@a.test", "u@a.test v@a.test")]
    // An encoded word is a word: nothing in it is an address.
    [InlineData("=?utf-8?q?v=40b.test?= <u@a.test>", "u@a.test")]
    [InlineData("=?utf-8?q?u?=@a.test", "=?utf-8?q?u?=@a.test")]
    // Names in UTF-8, by RFC 6532 or not.
    [InlineData("\u00c4nn <u@a.test>", "u@a.test")]
    [InlineData("\"\u00c4nn\" (\u00e4) <u@a.test>", "u@a.test")]
    [InlineData("u@[192.0.2.1]", "u@[192.0.2.1]")]
    public void Mailboxes_AreFound(string value, string expected)
    {
        Assert.True(AuthorList.TryParse(Encoding.UTF8.GetBytes(value), allowUtf8: false, out var found));
        Assert.Equal(expected, string.Join(' ', found.Select(mailbox => mailbox.ToString())));
    }

    [Theory]
    // Nobody, or a place for somebody.
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("<>")]
    [InlineData("Ann")]
    [InlineData("u@a.test,")]
    [InlineData(",u@a.test")]
    [InlineData("u@a.test,,v@a.test")]
    // Groups and routes.
    [InlineData("Friends: u@a.test;")]
    [InlineData("undisclosed:;")]
    [InlineData("<@b.test:u@a.test>")]
    [InlineData("@b.test:u@a.test")]
    // Two addresses in one place: which of them counts?
    [InlineData("v@b.test <u@a.test>")]
    [InlineData("u@a.test <v@b.test>")]
    [InlineData("<u@a.test> <v@b.test>")]
    [InlineData("<u@a.test> v@b.test")]
    [InlineData("u@a.test v@b.test")]
    [InlineData("<u@a.test,v@b.test>")]
    [InlineData("<<u@a.test>>")]
    [InlineData("u@a.test@b.test")]
    [InlineData("[v] <u@a.test>")]
    // White space and comments within an address.
    [InlineData("u @a.test")]
    [InlineData("u@ a.test")]
    [InlineData("u@(c)a.test")]
    [InlineData("u@a. test")]
    [InlineData("<u(c)@a.test>")]
    // What has no end, or an end without a start.
    [InlineData("\"Ann <u@a.test>")]
    [InlineData("(Ann <u@a.test>")]
    [InlineData("((Ann) u@a.test")]
    [InlineData("Ann) <u@a.test>")]
    [InlineData("<u@a.test")]
    [InlineData("u@a.test>")]
    [InlineData("u@[192.0.2.1")]
    [InlineData("u@a.test \\")]
    [InlineData("(\\")]
    [InlineData("\"\\")]
    // Line ends that fold nothing, and controls.
    [InlineData("u@a.test\r\n")]
    [InlineData("u@a.test\r\nv@b.test")]
    [InlineData("u@a.test\rv")]
    [InlineData("\"a\nb\" <u@a.test>")]
    [InlineData("\"a\0b\" <u@a.test>")]
    [InlineData("(a\u001bb) <u@a.test>")]
    [InlineData("u@a.test\0")]
    // An address in UTF-8 where that was not agreed on.
    [InlineData("\u00e4@a.test")]
    [InlineData("u@\u00e4.test")]
    public void WhatIsUnclear_IsRefused(string value)
    {
        Assert.False(AuthorList.TryParse(Encoding.UTF8.GetBytes(value), allowUtf8: false, out var found));
        Assert.Empty(found);
    }

    [Fact]
    public void AddressesInUtf8_AreTakenWhereAgreedOn_AndNothingElseBeyondAscii()
    {
        Assert.True(AuthorList.TryParse("Ann <\u00e4@a.test>"u8, allowUtf8: true, out var found));
        Assert.Equal("\u00e4@a.test", Assert.Single(found).ToString());
        // A byte of Latin-1 swallows what follows it, for some readers.
        Assert.False(AuthorList.TryParse(Latin.Bytes("\xc4<u@a.test>"), allowUtf8: true, out _));
        Assert.False(AuthorList.TryParse(Latin.Bytes("\"\xc4\" <u@a.test>"), allowUtf8: true, out _));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(3000, false)]
    public void Sixteen_AreTheMost(int count, bool isGood) =>
        Assert.Equal(isGood, AuthorList.TryParse(Latin.Bytes(string.Join(',', Enumerable.Repeat("u@a.test", count))), allowUtf8: false, out _));

    [Theory]
    [InlineData(AuthorList.MaxLength, true)]
    [InlineData(AuthorList.MaxLength + 1, false)]
    public void SixtyFourKibibytes_AreTheMost(int length, bool isGood) =>
        Assert.Equal(isGood, AuthorList.TryParse(Latin.Bytes("u@a.test".PadLeft(length)), allowUtf8: false, out _));

    [Fact]
    public void DeepComments_AreCommentsToo()
    {
        var deep = new string('(', 30_000);
        Assert.True(AuthorList.TryParse(Latin.Bytes($"{deep}{deep.Replace('(', ')')}u@a.test"), allowUtf8: false, out _));
        Assert.False(AuthorList.TryParse(Latin.Bytes($"{deep}u@a.test"), allowUtf8: false, out _));
    }

    [Fact]
    public void AnyText_IsRefusedOrMeansWhatIsFoundInIt()
    {
        var token = Some.Of("u@a.test", "v@b.test", "<", ">", ",", "\"", "(", ")", "\\", " ", "\r\n ", "\r\n", "Ann", ":", ";", "[", "]", "@", ".", "\xc4");
        token.Array[0, 10].Select(tokens => string.Concat(tokens)).Sample(
            text =>
            {
                if (!AuthorList.TryParse(Latin.Bytes(text), allowUtf8: true, out var found)) return;
                // Addresses stand in the text, in their order, and nothing was joined out of pieces.
                var (at, plain) = (0, Plain(text));
                foreach (var mailbox in found)
                {
                    at = plain.IndexOf(Plain(mailbox.ToString()), at, StringComparison.OrdinalIgnoreCase);
                    Assert.True(at >= 0);
                    at++;
                }

                var again = string.Join(", ", found.Select(mailbox => $"\"x, y\" <{mailbox}>"));
                Assert.True(AuthorList.TryParse(Latin.Bytes(again), allowUtf8: true, out var same));
                Assert.Equal(found, same);
            },
            iter: 20_000);
    }

    // Quotes that change nothing are dropped from an address.
    private static string Plain(string text) => text.Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
}
