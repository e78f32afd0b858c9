using System.Text;
using Postern.CommandLine.Submission;
using Postern.TestKit;

namespace Postern.CommandLine.Tests.Submission;

public sealed class AddressListTests
{
    [Theory]
    // Bare addresses, with and without space.
    [InlineData(" a@b.example", "a@b.example")]
    [InlineData("a@b.example,c@d.example ,\r\n e", "a@b.example|c@d.example|e")]
    // Names in front, quoted or not.
    [InlineData("Ann Smith <a@b.example>", "a@b.example")]
    [InlineData("\"Smith, Ann\" <a@b.example>, c@d.example", "a@b.example|c@d.example")]
    // A quotation mark inside a quoted name does not end it.
    [InlineData("\"Ann \\\", <evil@x.example>\" <a@b.example>", "a@b.example")]
    // Comments, nested, with what would end an element in them.
    [InlineData("a@b.example (Ann (the, first) \\) one)", "a@b.example")]
    [InlineData("(Ann) a@b.example", "a@b.example")]
    // Groups; an empty one has nobody in it.
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("Friends: a@b.example, Bob <c@d.example>; e@f.example", "a@b.example|c@d.example|e@f.example")]
    // A route in front of the address is old and ignored.
    [InlineData("<@x.example,@y.example:a@b.example>", "a@b.example")]
    // Domain literals have colons in them.
    [InlineData("a@[IPv6:2001:db8::1], b@[192.0.2.1]", "a@[IPv6:2001:db8::1]|b@[192.0.2.1]")]
    // Quoted local parts.
    [InlineData("\"a b\"@c.example", "\"a b\"@c.example")]
    [InlineData("<\"a>b\"@c.example>", "\"a>b\"@c.example")]
    // Spaces around dots and the at sign are old and legal; others stay, and make an address that is refused later.
    [InlineData("a . b @ c.example", "a.b@c.example")]
    [InlineData("a b@c.example", "a b@c.example")]
    // Empty elements are old and legal.
    [InlineData(",, a@b.example,,", "a@b.example")]
    [InlineData("", "")]
    [InlineData("<>", "")]
    public void Addresses_AreFound(string text, string expected)
    {
        List<byte[]> found = [];
        Assert.True(AddressList.TryRead(Encoding.Latin1.GetBytes(text), found));
        Assert.Equal(expected, string.Join('|', found.Select(Encoding.Latin1.GetString)));
    }

    [Theory]
    // What is not closed might hide a recipient.
    [InlineData("\"Ann <a@b.example>")]
    [InlineData("a@b.example (Ann")]
    [InlineData("<a@b.example")]
    [InlineData("a@b.example>")]
    [InlineData("a@[192.0.2.1")]
    // Two addresses in one element.
    [InlineData("<a@b.example> <c@d.example>")]
    [InlineData("<a@b.example<")]
    public void UnclosedList_IsRefused(string text) => Assert.False(AddressList.TryRead(Encoding.Latin1.GetBytes(text), []));

    [Fact]
    public void EveryCutOfAList_IsJudgedWithoutAnException()
    {
        var text = "\"A \\\" b\" (c (d) \\) e) <@r:\"x y\"@[IPv6:::1]>, G: a@b;, c@d"u8.ToArray();
        foreach (var cut in SplitDriver.EveryCut(text))
        {
            AddressList.TryRead(cut, []);
        }
    }

    /// <summary>Attack G4: what made old parsers recurse, run out of their buffers, or take the square of the time.</summary>
    public static TheoryData<string, string, int> Shapes => new()
    {
        { "addresses", string.Concat(Enumerable.Repeat("a@b.example,", 100_000)), 100_000 },
        { "comments within comments", new string('(', 10_000) + "x" + new string(')', 10_000) + " a@b.example", 1 },
        { "comments that are not closed", new string('(', 1_000_000) + " a@b.example", -1 },
        { "groups", string.Concat(Enumerable.Repeat("G: a@b.example;,", 50_000)), 50_000 },
        { "empty brackets", string.Concat(Enumerable.Repeat("<>,", 200_000)), 0 },
        { "brackets without commas", string.Concat(Enumerable.Repeat("<><>", 200)), -1 },
        { "escapes in quotes", "\"" + string.Concat(Enumerable.Repeat("\\\u00ff", 5000)) + "\" <a@b.example>", 1 },
        { "a megabyte of white space", new string(' ', 1_000_000) + "a@b.example", 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ListOfAnyShape_IsReadInOnePass(string shape, string text, int addresses)
    {
        Assert.NotEmpty(shape);
        List<byte[]> found = [];
        Assert.Equal(addresses >= 0, AddressList.TryRead(Encoding.Latin1.GetBytes(text), found));
        if (addresses >= 0) Assert.Equal(addresses, found.Count);
    }
}
