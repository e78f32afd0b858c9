namespace Postern.Text.Tests.Bytes;

/// <summary>Case L12: who can't know the key can't aim at a bucket.</summary>
public class KeyedHashTests
{
    private static readonly (ulong, ulong) s_key = (0x0706050403020100, 0x0f0e0d0c0b0a0908);

    [Theory]
    // As CPython computes it with PYTHONHASHSEED=0, which makes the key all zeros.
    [InlineData("a", 4644417185603328019)]
    [InlineData("example.org", 17133222015840288604)]
    [InlineData("12345678", 3785724242978802311)]
    [InlineData("a longer text of more than two words", 7452570159611732762)]
    public void Hash_IsThatOfOthers(string text, ulong expected) =>
        Assert.Equal(expected, KeyedHash.Compute(Latin.Bytes(text), default, ignoreCase: false));

    [Fact]
    public void Hash_DependsOnEveryByteAndOnTheLength()
    {
        var seen = new HashSet<ulong>();
        for (int length = 0; length <= 24; length++)
        {
            byte[] text = new byte[length];
            Assert.True(seen.Add(KeyedHash.Compute(text, s_key, ignoreCase: false)));
            for (int at = 0; at < length; at++)
            {
                text[at] = 1;
                Assert.True(seen.Add(KeyedHash.Compute(text, s_key, ignoreCase: false)));
                text[at] = 0;
            }
        }
    }

    [Fact]
    public void Hash_DependsOnTheKey() =>
        Assert.NotEqual(KeyedHash.Compute("a"u8, s_key, false), KeyedHash.Compute("a"u8, (s_key.Item1, s_key.Item2 + 1), false));

    [Fact]
    public void IgnoringCase_IsTheHashOfTheFoldedText()
    {
        for (int length = 0; length < 40; length++)
        {
            byte[] upper = [.. Enumerable.Range(0, length).Select(i => (byte)('A' + (i % 26)))];
            byte[] lower = [.. upper.Select(Ascii.ToLower)];
            Assert.Equal(KeyedHash.Compute(lower, s_key, false), KeyedHash.Compute(upper, s_key, true));
            Assert.Equal(KeyedHash.IgnoreCase(lower), KeyedHash.IgnoreCase(upper));
            Assert.Equal(KeyedHash.Of(lower), KeyedHash.Of(lower));
        }
    }
}
