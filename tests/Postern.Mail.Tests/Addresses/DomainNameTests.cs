using System.Text;
using CsCheck;

namespace Postern.Mail.Tests.Addresses;

/// <summary>What is a domain, and which two are the same (cases E16, E19 to E24, E28, E30).</summary>
public class DomainNameTests
{
    private static string Label(int length) => new('a', length);

    private static AddressFault FaultOf(string text, bool allowUtf8 = true)
    {
        bool parsed = DomainName.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8, out var name, out var fault);
        Assert.Equal(parsed, name is not null);
        Assert.Equal(parsed, fault == AddressFault.None);
        return fault;
    }

    [Theory]
    [InlineData("a.test", "a.test")]
    [InlineData("A.TEST", "a.test")]
    [InlineData("localhost", "localhost")]
    [InlineData("3com.test", "3com.test")]
    [InlineData("123.com", "123.com")]
    [InlineData("c--n.test", "c--n.test")]
    // Hyphens in the fourth place only, or in a label of three.
    [InlineData("üa-b.test", "xn--a-b-goa.test")]
    [InlineData("üab-c.test", "xn--ab-c-zra.test")]
    // Ends like a number, but is none.
    [InlineData("a.0xg1", "a.0xg1")]
    [InlineData("a.1a", "a.1a")]
    // E23: another script has an ASCII form, and only that is held.
    [InlineData("bücher.test", "xn--bcher-kva.test")]
    [InlineData("Bücher.TEST", "xn--bcher-kva.test")]
    [InlineData("xn--bcher-kva.test", "xn--bcher-kva.test")]
    [InlineData("XN--BCHER-KVA.test", "xn--bcher-kva.test")]
    [InlineData("почта.рф", "xn--80a1acny.xn--p1ai")]
    // A registered name of an older rule: a name of its own, and equal only to itself.
    [InlineData("xn--i-7iq.test", "xn--i-7iq.test")]
    // A-labels that encode nothing: the same.
    [InlineData("xn--0.test", "xn--0.test")]
    [InlineData("xn--bcher-kv.test", "xn--bcher-kv.test")]
    [InlineData("XN--99999999.test", "xn--99999999.test")]
    public void Names_AreHeldInOneForm(string text, string expected)
    {
        Assert.True(DomainName.TryParse(text, out var name));
        Assert.Equal(expected, name.ToString());
        Assert.True(DomainName.TryParse(Latin.Bytes(expected), out var again));
        Assert.Equal(name, again);
        Assert.Equal(name.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".a.test")]
    [InlineData("a..test")]
    // E16: the dot that a resolver would forgive makes a second name of ours.
    [InlineData("a.test.")]
    [InlineData("-a.test")]
    [InlineData("a-.test")]
    [InlineData("a_b.test")]
    [InlineData("a b.test")]
    [InlineData("a.test\0.f.test")]
    [InlineData("f.test(a.test)")]
    [InlineData("a/b.test")]
    [InlineData("a.test\n")]
    [InlineData("[192.0.2.1]")]
    // E24: what other readers take for an address.
    [InlineData("127.0.0.1")]
    [InlineData("a.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f.0x1")]
    [InlineData("1.0x")]
    [InlineData("#2130706433")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    // A-labels that encode nothing foreign, or not the way that encoding does.
    [InlineData("xn--.test")]
    [InlineData("xn---.test")]
    [InlineData("xn--a-.test")]
    [InlineData("xn--bcher-kva-.test")]
    // Capitals beyond ASCII, a mark or hyphen at the wrong place.
    [InlineData("BÜCHER.test")]
    [InlineData("\u05b0a.test")]
    [InlineData("-ü.test")]
    [InlineData("ab--ü.test")]
    [InlineData("üb--.test")]
    [InlineData("ü-.test")]
    [InlineData("xn--ü.test")]
    [InlineData("ü_a.test")]
    [InlineData("ü\0.test")]
    public void OtherTexts_AreNoDomains(string text) => Assert.Equal(AddressFault.BadDomain, FaultOf(text));

    [Theory]
    // E21: full width, and the full stop of another script.
    [InlineData("ａ.test")]
    [InlineData("a。test")]
    [InlineData("a．test")]
    // E35: the Kelvin sign, a decomposed letter, an override.
    [InlineData("\u212aom.test")]
    [InlineData("bu\u0308cher.test")]
    [InlineData("a\u202eb.test")]
    public void TricksOfUnicode_AreRefused(string text)
    {
        Assert.Equal(AddressFault.BadUtf8, FaultOf(text));
        Assert.Equal(AddressFault.NeedsSmtpUtf8, FaultOf(text, allowUtf8: false));
    }

    [Fact]
    public void BrokenUtf8_IsRefused()
    {
        Assert.False(DomainName.TryParse(Latin.Bytes("a\xc0\xaf.test"), allowUtf8: true, out _, out var fault));
        Assert.Equal(AddressFault.BadUtf8, fault);
    }

    [Fact]
    public void Lengths_AreThoseOfTheStandard()
    {
        string name = $"{Label(63)}.{Label(63)}.{Label(63)}.{Label(63)}";
        Assert.Equal(255, name.Length);
        Assert.Equal(AddressFault.None, FaultOf(name));
        Assert.Equal(AddressFault.TooLong, FaultOf("a." + name[2..] + "a"));
        Assert.Equal(AddressFault.TooLong, FaultOf(name[..^1] + ".ab"));
        Assert.Equal(AddressFault.TooLong, FaultOf(Label(64) + ".test"));
        Assert.Equal(AddressFault.TooLong, FaultOf(Label(1 << 20)));
        // In ASCII form the label or the name is longer than it was written.
        Assert.Equal(AddressFault.TooLong, FaultOf(Label(60) + "ü.test"));
        Assert.Equal(AddressFault.TooLong, FaultOf(string.Concat(Enumerable.Repeat("ü.", 40)) + Label(63) + "." + Label(63)));
        Assert.Equal(AddressFault.TooLong, FaultOf(string.Concat(Enumerable.Repeat("ü", 127))));
        // "xn--tda" has seven.
        string room = $"{Label(63)}.{Label(63)}.{Label(63)}.";
        Assert.Equal(AddressFault.None, FaultOf($"{room}{Label(55)}.ü"));
        Assert.Equal(AddressFault.TooLong, FaultOf($"{room}{Label(56)}.ü"));
    }

    [Fact]
    public void OtherScripts_AreTakenOnlyWhenAskedFor()
    {
        byte[] text = Encoding.UTF8.GetBytes("bücher.test");
        Assert.False(DomainName.TryParse(text, out _));
        Assert.False(DomainName.IsValid(text));
        Assert.True(DomainName.TryParse("xn--bcher-kva.test"u8, out var name));
        Assert.True(DomainName.IsValid("xn--bcher-kva.test"u8));
        Assert.True(name.Bytes.Span.SequenceEqual("xn--bcher-kva.test"u8));
    }

    [Fact]
    public void Names_EqualNothingElse()
    {
        Assert.True(DomainName.TryParse("a.test", out var name));
        Assert.True(DomainName.TryParse("A.test", out var same));
        Assert.True(DomainName.TryParse("b.test", out var other));
        Assert.True(name.Equals((object)same));
        Assert.False(name.Equals(other));
        Assert.False(name.Equals((object)other));
        Assert.False(name.Equals(null));
        Assert.False(name.Equals((object)"a.test"));
    }

    [Fact]
    public void Within_MeansTheNameOrALabelBelow()
    {
        Assert.True(DomainName.TryParse("a.test", out var parent));
        foreach (var (text, expected) in new[] { ("a.test", true), ("b.a.test", true), ("ba.test", false), ("test", false), ("a.test.b", false) })
        {
            Assert.True(DomainName.TryParse(text, out var name));
            Assert.Equal(expected, name.IsWithin(parent));
        }
    }

    [Fact]
    public void AnyBytes_AreJudgedWithoutAnException() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        _ = DomainName.TryParse(bytes, allowUtf8: true, out _, out _);
    });

    [Fact]
    public void WhatIsAccepted_IsAcceptedAgainUnchanged()
    {
        var letter = Some.Of('a', 'Z', '0', '-', '.', 'x', 'n', 'ü', 'я', '語', '\u0301', 'Ⅳ');
        Gen.String[letter, 1, 30].Sample(text =>
            !DomainName.TryParse(text, out var name)
            || (DomainName.TryParse(name.Text, allowUtf8: false, out var again, out _) && again.Equals(name)), iter: 20_000);
    }
}
