namespace Postern.Text.Tests.Bytes;

/// <summary>Case L12: who can't know the key can't aim at a bucket.</summary>
public class KeyedHashTests
{
    [Fact]
    public void Hash_DependsOnEveryByteAndOnTheLength()
    {
        var seen = new HashSet<int>();
        foreach (var length in Enumerable.Range(0, 24).Concat([255, 256, 257, 511, 513]))
        {
            byte[] text = new byte[length];
            Assert.True(seen.Add(KeyedHash.Of(text)));
            for (int at = 0; at < length; at += 1 + (length / 20))
            {
                text[at] = 1;
                Assert.True(seen.Add(KeyedHash.Of(text)));
                text[at] = 0;
            }
        }
    }

    [Fact]
    public void IgnoringCase_IsTheHashOfTheFoldedText()
    {
        foreach (var length in Enumerable.Range(0, 40).Concat([255, 256, 257, 1000]))
        {
            byte[] upper = [.. Enumerable.Range(0, length).Select(i => (byte)('A' + (i % 26)))];
            byte[] lower = [.. upper.Select(Ascii.ToLower)];
            Assert.Equal(KeyedHash.Of(lower), KeyedHash.IgnoreCase(upper));
            Assert.Equal(KeyedHash.IgnoreCase(lower), KeyedHash.IgnoreCase(upper));
            Assert.Equal(KeyedHash.Of(lower), KeyedHash.Of(lower));
        }
    }
}
