using System.Text;
using CsCheck;

namespace Postern.Sts.Tests.Cache;

/// <summary>The file of policies, there and back, whole and damaged.</summary>
public sealed class CacheTextTests
{
    private const string Policy = "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 604800\n";

    private static readonly DateTimeOffset _fetched = DateTimeOffset.FromUnixTimeSeconds(1_764_331_200);

    [Fact]
    public void TheFormat_IsThis()
    {
        string text = Write(Entry("a.test", "1", "version: STSv1\r\nmode: none\nmax_age: 5\r\n"));
        Assert.Equal("postern-sts 1\na.test\t1\t1764331200\t244129c6\n\tversion: STSv1\r\n\tmode: none\n\tmax_age: 5\r\n\t\n", text);
        Assert.Equal("postern-sts 1\n", Write());
    }

    [Fact]
    public void AnyEntries_GoThereAndBack() => Gen.Select(
            Gen.Char.AlphaNumeric.Array[1, 32], Gen.Long[0, 253402300799], Gen.Shuffle(new[] { "version: STSv1\n", "mode: testing\r\n", "mx: *.a.test\n", "max_age: 7\n", "\n", "x: \u00fc\n" }), Gen.Bool)
        .Array[0, 6].Sample(drawn =>
        {
            StsEntry[] entries = [.. drawn.Select((one, place) =>
                Entry($"d{place}.test", new string(one.Item1), one.Item4 ? string.Concat(one.Item3) : string.Concat(one.Item3).TrimEnd()) with { Fetched = DateTimeOffset.FromUnixTimeSeconds(one.Item2) })];
            byte[] text = StsCacheText.Write(entries);
            Assert.True(StsCacheText.TryRead(text, out var read, out int damaged));
            Assert.Equal(0, damaged);
            Assert.Equal(entries.Select(Shown), read.Select(Shown));
            Assert.Equal(text, StsCacheText.Write(read));
        });

    [Theory]
    [InlineData("")]
    [InlineData("postern-sts 1")]
    [InlineData("postern-sts 2\n")]
    [InlineData("postern-sts 1\r\n")]
    [InlineData("\npostern-sts 1\n")]
    public void AnotherFormat_IsNotRead(string text)
    {
        Assert.False(StsCacheText.TryRead(Encoding.UTF8.GetBytes(text), out var entries, out int damaged));
        Assert.Empty(entries);
        Assert.Equal(0, damaged);
    }

    [Fact]
    public void EveryChangedByte_CostsItsEntry_AndOneBesideItAtMost()
    {
        byte[] text = Encoding.UTF8.GetBytes(Write(Entry("a.test"), Entry("b.test"), Entry("c.test")));
        int begin = Encoding.UTF8.GetString(text).IndexOf("b.test", StringComparison.Ordinal), end = Encoding.UTF8.GetString(text).IndexOf("c.test", StringComparison.Ordinal);
        for (int place = begin; place < end; place++)
        {
            foreach (byte value in new byte[] { (byte)(text[place] ^ 1), (byte)(text[place] ^ 0x20), 0, (byte)'\n', (byte)'\t', 0xff })
            {
                if (value == text[place]) continue;
                byte[] changed = [.. text];
                changed[place] = value;
                // An entry ends with a line end that no tab follows: without the one or with the other, two are one.
                string[] left = place == end - 1 ? ["a.test"] : place == begin && value == '\t' ? ["c.test"] : ["a.test", "c.test"];
                Assert.Equal(left, Domains(changed, out int damaged));
                Assert.InRange(damaged, 1, 3);
            }
        }
    }

    [Fact]
    public void AFileCutAnywhere_KeepsTheEntriesInFront()
    {
        byte[] text = Encoding.UTF8.GetBytes(Write(Entry("a.test"), Entry("b.test")));
        string all = Encoding.UTF8.GetString(text);
        int second = all.IndexOf("b.test", StringComparison.Ordinal);
        for (int length = "postern-sts 1\n".Length; length < text.Length; length++)
        {
            // An entry lacks nothing without its last line end.
            int whole = length >= text.Length - 1 ? 2 : length >= second - 1 ? 1 : 0;
            Assert.Equal(whole, Domains(text[..length], out _).Length);
        }
    }

    [Fact]
    public void WhatIsLostOfAPolicyThatStaysOne_IsNoticed()
    {
        string text = Write(Entry("a.test", "1", Policy + "mx: b.test\n"));
        string less = text.Replace("\tmx: b.test\n", "");
        Assert.NotEqual(text, less);
        Assert.Empty(Domains(Encoding.UTF8.GetBytes(less), out int damaged));
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void EveryPolicy_IsJudgedAnew()
    {
        // The sum is right, and the policy none.
        byte[] text = Encoding.UTF8.GetBytes("postern-sts 1\na.test\t1\t5\t" + Sum("a.test\t1\t5\tmode: odd") + "\n\tmode: odd\n");
        Assert.Empty(Domains(text, out int damaged));
        Assert.Equal(1, damaged);
        text = Encoding.UTF8.GetBytes("postern-sts 1\na.test\t1\t5\t" + Sum("a.test\t1\t5\t" + Policy) + "\n\t" + Policy.Replace("\n", "\n\t") + "\n");
        Assert.Equal(["a.test"], Domains(text, out damaged));
        Assert.Equal(0, damaged);
    }

    [Theory]
    [InlineData("A.test\t1\t5\t")]
    [InlineData("a test\t1\t5\t")]
    [InlineData("\t1\t5\t")]
    [InlineData("a.test\t\t5\t")]
    [InlineData("a.test\ta-b\t5\t")]
    [InlineData("a.test\t1\t\t")]
    [InlineData("a.test\t1\t05\t")]
    [InlineData("a.test\t1\t-5\t")]
    [InlineData("a.test\t1\t253402300800\t")]
    [InlineData("a.test\t1\t5\t5\t")]
    [InlineData("a.test\t5\t")]
    public void AFirstLineThatIsNone_IsDropped_WithASumThatIsRight(string named)
    {
        string text = $"postern-sts 1\n{named}{Sum(named + Policy)}\n\t{Policy.Replace("\n", "\n\t")}\n";
        Assert.Empty(Domains(Encoding.UTF8.GetBytes(text), out int damaged));
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void OfTwoEntriesOfADomain_TheFirstCounts()
    {
        string text = Write(Entry("a.test", "1"), Entry("a.test", "2"), Entry("b.test"));
        Assert.True(StsCacheText.TryRead(Encoding.UTF8.GetBytes(text), out var entries, out int damaged));
        Assert.Equal(["1", "1"], entries.Select(entry => entry.Id));
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void TenThousandEntries_AreKept_AndNoMore()
    {
        var entries = Enumerable.Range(0, StsCacheText.MaxEntries + 5).Select(number => Entry($"d{number}.test")).ToArray();
        byte[] text = StsCacheText.Write(entries);
        Assert.Equal(entries.Take(StsCacheText.MaxEntries).Select(entry => entry.Domain), Domains(text, out int damaged));
        Assert.Equal(0, damaged);
        // What somebody else appended is counted and left.
        byte[] more = [.. text, .. StsCacheText.Write([Entry("more.test")]).AsSpan("postern-sts 1\n".Length)];
        Assert.Equal(StsCacheText.MaxEntries, Domains(more, out damaged).Length);
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void ALongFile_IsWrittenUpToTheLimit_AndNotReadBeyondIt()
    {
        string large = (Policy + "x: ").PadRight(StsPolicy.MaxLength, 'y');
        var entries = Enumerable.Range(0, 300).Select(number => Entry($"d{number}.test", "1", large));
        byte[] text = StsCacheText.Write(entries);
        Assert.InRange(text.Length, StsCacheText.MaxLength - StsPolicy.MaxLength - 100, StsCacheText.MaxLength);
        Assert.Equal(255, Domains(text, out int damaged).Length);
        Assert.Equal(0, damaged);
        byte[] longer = new byte[StsCacheText.MaxLength + 1];
        text.CopyTo(longer, 0);
        Assert.False(StsCacheText.TryRead(longer, out var none, out _));
        Assert.Empty(none);
    }

    [Fact]
    public void WhatCouldNotBeReadAgain_IsOurMistake()
    {
        foreach (string domain in new[] { "", "A.test", "a\tb", "a\nb", new string('a', 256) })
            Assert.Throws<ArgumentException>(() => StsCacheText.Write([Entry("a.test") with { Domain = domain }]));
        Assert.Throws<ArgumentException>(() => StsCacheText.Write([Entry("a.test") with { Id = "a-b" }]));
        // A name that is odd, and still one that mail may go to.
        Assert.Equal(["a.1com"], Domains(StsCacheText.Write([Entry("a.1com")]), out _));
    }

    private static StsEntry Entry(string domain, string id = "1", string policy = Policy)
    {
        Assert.True(StsPolicy.TryParse(Encoding.UTF8.GetBytes(policy), out var read));
        return new StsEntry(domain, id, _fetched, read);
    }

    private static string Write(params StsEntry[] entries) => Encoding.UTF8.GetString(StsCacheText.Write(entries));

    private static string[] Domains(byte[] text, out int damaged)
    {
        Assert.True(StsCacheText.TryRead(text, out var entries, out damaged));
        return [.. entries.Select(entry => entry.Domain)];
    }

    private static string Shown(StsEntry entry) => $"{entry.Domain} {entry.Id} {entry.Fetched:O} {Encoding.UTF8.GetString(entry.Policy.Source)}";

    /// <summary>CRC-32C by its definition, bit by bit.</summary>
    private static string Sum(string text)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++) sum = (sum & 1) == 1 ? (sum >> 1) ^ 0x82f63b78 : sum >> 1;
        }
        return $"{~sum:x8}";
    }
}
