using System.Text;
using CsCheck;

namespace Postern.Sts.Tests.Policies;

/// <summary>The TXT record (RFC 8461 §3.1).</summary>
public sealed class RecordTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";

    [Theory]
    [InlineData("v=STSv1; id=20160831085700Z;", "20160831085700Z")]
    [InlineData("v=STSv1;id=a", "a")]
    [InlineData("v=STSv1; \t id=a  \t;", "a")]
    [InlineData("v=STSv1; id=a; ", "a")]
    [InlineData("v=STSv1; id=" + Letters, Letters)]
    // Other fields, in front and behind, with a version among them that is not in front.
    [InlineData("v=STSv1; more=x:/y<>; id=a; 1._-=2", "a")]
    [InlineData("v=STSv1; id=a; v=STSv2", "a")]
    // Of a repeated field the first counts.
    [InlineData("v=STSv1; id=a; id=b", "a")]
    [InlineData("v=STSv1; id=a; id=not-an-id", "a")]
    // Names have one case.
    [InlineData("v=STSv1; ID=b; id=a", "a")]
    [InlineData("v=STSv1; id=a; a1234567890123456789012345678901=1", "a")]
    public void ARecord_HasAnId(string text, string id) => Assert.Equal(id, Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("v=STSv1")]
    [InlineData("v=STSv1;")]
    [InlineData("v=STSv1; ")]
    [InlineData("v=STSv1;;id=a")]
    [InlineData("v=STSv1; ;id=a")]
    [InlineData("v=STSv1; id=a;;")]
    [InlineData("v=STSv1; id=a; ;")]
    [InlineData("v=STSv1; more=1")]
    [InlineData("v=STSv1; ID=a")]
    // What does not begin so is no record of this version (§3.1), whatever the grammar says of white space.
    [InlineData("v=STSv1 ; id=a")]
    [InlineData(" v=STSv1; id=a")]
    [InlineData("V=STSv1; id=a")]
    [InlineData("v=STSV1; id=a")]
    [InlineData("v=STSv10; id=a")]
    [InlineData("id=a; v=STSv1")]
    // Ids that are none.
    [InlineData("v=STSv1; id=")]
    [InlineData("v=STSv1; id=a-b")]
    [InlineData("v=STSv1; id=a b")]
    [InlineData("v=STSv1; id= a")]
    [InlineData("v=STSv1; id =a")]
    [InlineData("v=STSv1; id=\u00fc")]
    [InlineData("v=STSv1; id=" + Letters + "g")]
    [InlineData("v=STSv1; id=a-b; id=a")]
    // Fields that are none.
    [InlineData("v=STSv1; id=a; x")]
    [InlineData("v=STSv1; id=a; =x")]
    [InlineData("v=STSv1; id=a; x=")]
    [InlineData("v=STSv1; id=a; x=y=z")]
    [InlineData("v=STSv1; id=a; x=y z")]
    [InlineData("v=STSv1; id=a; _x=y")]
    [InlineData("v=STSv1; id=a; x=\u00fc")]
    [InlineData("v=STSv1; id=a; x=\0")]
    [InlineData("v=STSv1; id=a; a12345678901234567890123456789012=1")]
    // White space before the end has no separator.
    [InlineData("v=STSv1; id=a ")]
    [InlineData("v=STSv1; id=a\n;")]
    public void WhatIsNone_HasNoId(string text) => Assert.Null(Read(text));

    [Fact]
    public void OtherTexts_ArePassedOver() => Assert.Equal("a", Read("v=spf1 -all", "v=STSv2; id=b", "v=STSv1; id=a", "", "v=STSv1 ; id=c"));

    [Fact]
    public void TwoRecords_AreNone()
    {
        Assert.Null(Read("v=STSv1; id=a", "v=STSv1; id=a"));
        // Right or wrong: two that begin so are two.
        Assert.Null(Read("v=STSv1; id=a", "v=STSv1;"));
        Assert.Null(Read());
    }

    [Fact]
    public void AnyFields_AreReadInAnyOrder() => Gen.Select(
            Gen.Char.AlphaNumeric.Array[1, StsRecord.MaxId], Gen.Shuffle(new[] { "x=1", "y.z=<>", "v=STSv9", "id=ID" }), Gen.OneOf(Gen.Const("; "), Gen.Const(";"), Gen.Const(" ;\t "), Gen.Const("\t;")), Gen.Bool)
        .Sample((id, fields, separator, ends) =>
        {
            string named = new(id);
            string text = $"v=STSv1;{string.Join(separator, fields.Select(field => field == "id=ID" ? $"id={named}" : field))}{(ends ? separator : "")}";
            Assert.Equal(named, Read(text));
        });

    private static string? Read(params string[] texts)
    {
        bool read = StsRecord.TryParse([.. texts.Select(Encoding.UTF8.GetBytes)], out string? id);
        // A field that is wrong behind the id leaves none of it.
        Assert.Equal(read, id is not null);
        return id;
    }
}
