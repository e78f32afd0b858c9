using System.Text;
using CsCheck;

namespace Postern.Sts.Tests.Policies;

/// <summary>The text of a policy (RFC 8461 §3.2).</summary>
public sealed class PolicyTests
{
    private const string Rest = "mode: enforce\nmx: a.test\nmax_age: 1\n";

    [Fact]
    public void ThePolicyOfTheStandard_IsRead()
    {
        const string Text = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.Example.NET\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n";
        var policy = Read(Text)!;
        Assert.Equal(StsMode.Enforce, policy.Mode);
        Assert.Equal(TimeSpan.FromDays(7), policy.MaxAge);
        Assert.Equal(["mail.example.com", "*.example.net", "backupmx.example.com"], policy.Exchangers);
        Assert.Equal(Text, Encoding.Latin1.GetString(policy.Source));
    }

    [Theory]
    [InlineData("version: STSv1\n" + Rest)]
    // The last line needs no end.
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 1")]
    // No order is asked for, not even of the version.
    [InlineData("max_age: 1\nmx: a.test\nmode: enforce\nversion: STSv1\n")]
    // White space behind the colon and the value, and none at all.
    [InlineData("version:STSv1\nmode:\t enforce \t\nmx:a.test\nmax_age:1 \n")]
    // CRLF and LF in one text.
    [InlineData("version: STSv1\r\nmode: enforce\nmx: a.test\r\nmax_age: 1\n")]
    // Fields that nobody knows yet, one of them in another script.
    [InlineData("version: STSv1\n" + Rest + "more: of: it = x;\n1.a-b_c: \u00fcber alles\n")]
    // An empty line, which editors leave.
    [InlineData("\nversion: STSv1\n\r\n" + Rest + " \t\n\n")]
    // Names in another case are other names.
    [InlineData("version: STSv1\nMode: other\nMX: !\n" + Rest)]
    // Of a repeated field the first counts, whatever the others say.
    [InlineData("version: STSv1\n" + Rest + "version: STSv2\nmode: none\nmode: odd\nmax_age: 7\nmax_age: never\n")]
    // The largest age has leading zeros.
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 0000000001\n")]
    // The longest name of a field.
    [InlineData("version: STSv1\n" + Rest + "a1234567890123456789012345678901: x\n")]
    public void WhatIsAPolicy_IsTaken(string text)
    {
        var policy = Read(text);
        Assert.NotNull(policy);
        Assert.Equal((StsMode.Enforce, TimeSpan.FromSeconds(1)), (policy.Mode, policy.MaxAge));
        Assert.Equal(["a.test"], policy.Exchangers);
    }

    [Theory]
    // Something is missing.
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(Rest)]
    [InlineData("version: STSv1\nmx: a.test\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\n")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: testing\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: none\n")]
    // Another version, and the second does not count.
    [InlineData("version: STSv2\n" + Rest)]
    [InlineData("version: STSv10\n" + Rest)]
    [InlineData("version: stsv1\n" + Rest)]
    [InlineData("version: STSv2\nversion: STSv1\n" + Rest)]
    // A mode that is none, and the second does not count.
    [InlineData("version: STSv1\nmode: Enforce\n" + Rest)]
    [InlineData("version: STSv1\nmode: enforced\n" + Rest)]
    // Ages that are none: too old, signs, spaces, too many digits, other digits.
    [InlineData("version: STSv1\nmax_age: 31557601\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: 18446744073709551617\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: 00000000001\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: -1\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: +1\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: 1 1\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: 1.5\n" + Rest)]
    [InlineData("version: STSv1\nmax_age: \u0661\n" + Rest)]
    // Lines that are no fields.
    [InlineData("version: STSv1\nversion\n" + Rest)]
    [InlineData("version: STSv1\n: x\n" + Rest)]
    [InlineData("version: STSv1\nx:\n" + Rest)]
    [InlineData("version: STSv1\nx: \t\n" + Rest)]
    [InlineData("version: STSv1\n_x: y\n" + Rest)]
    [InlineData("version: STSv1\n x: y\n" + Rest)]
    [InlineData("version: STSv1\nx : y\n" + Rest)]
    [InlineData("version: STSv1\n<x: y\n" + Rest)]
    [InlineData("version: STSv1\n\u00fc: y\n" + Rest)]
    [InlineData("version: STSv1\na12345678901234567890123456789012: x\n" + Rest)]
    // Controls, also in fields that nobody knows.
    [InlineData("version: STSv1\nx: a\0b\n" + Rest)]
    [InlineData("version: STSv1\nx: a\tb\n" + Rest)]
    [InlineData("version: STSv1\nx: a\rb\n" + Rest)]
    [InlineData("version: STSv1\nx: a\u007fb\n" + Rest)]
    [InlineData("version: STSv1\r\r\n" + Rest)]
    [InlineData("version: STSv1\r" + Rest)]
    [InlineData("version: STSv1\n" + Rest + "\r")]
    [InlineData("version: STSv1\n" + Rest + "x: y\r")]
    // A mark of the order of bytes is no letter.
    [InlineData("\ufeffversion: STSv1\n" + Rest)]
    public void WhatIsNone_IsRefused(string text) => Assert.Null(Read(text));

    [Fact]
    public void ForeignBytesThatAreNoText_AreRefused()
    {
        Assert.False(StsPolicy.TryParse([.. "version: STSv1\nx: "u8, 0xff, .. "\nmode: none\nmax_age: 1\n"u8], out var policy));
        Assert.Null(policy);
    }

    [Fact]
    public void AnAge_IsAYearAtMost_AndNothingAtLeast()
    {
        Assert.Equal(TimeSpan.FromSeconds(31557600), Read("version: STSv1\nmode: none\nmax_age: 31557600\n")!.MaxAge);
        Assert.Equal(TimeSpan.Zero, Read("version: STSv1\nmode: none\nmax_age: 0\n")!.MaxAge);
    }

    [Fact]
    public void WithoutAMode_NoServerIsNamed_OrSome()
    {
        Assert.Empty(Read("version: STSv1\nmode: none\nmax_age: 1\n")!.Exchangers);
        Assert.Equal(["a.test"], Read("version: STSv1\nmode: none\nmx: a.test\nmax_age: 1\n")!.Exchangers);
    }

    [Fact]
    public void AHundredServers_AreTaken_AndNoMore()
    {
        string Of(int count) => "version: STSv1\nmode: testing\nmax_age: 1\n" + string.Concat(Enumerable.Range(0, count).Select(number => $"mx: a{number}.test\n"));
        Assert.Equal(StsPolicy.MaxExchangers, Read(Of(StsPolicy.MaxExchangers))!.Exchangers.Count);
        Assert.Null(Read(Of(StsPolicy.MaxExchangers + 1)));
    }

    [Fact]
    public void ALongText_IsTakenUpToTheLimit()
    {
        string Of(int length) => ("version: STSv1\n" + Rest + "x: ").PadRight(length, 'y');
        Assert.Equal(StsPolicy.MaxLength, Read(Of(StsPolicy.MaxLength))!.Source.Length);
        Assert.Null(Read(Of(StsPolicy.MaxLength + 1)));
    }

    [Fact]
    public void AnyOrderOfFields_IsTheSamePolicy() => Gen.Shuffle(new[] { "version: STSv1", "mode: testing", "mx: a.test", "mx: *.b.test", "max_age: 86400", "x: y", "" })
        .Sample(lines =>
        {
            var policy = Read(string.Join("\r\n", lines))!;
            Assert.Equal((StsMode.Testing, 86400), (policy.Mode, (int)policy.MaxAge.TotalSeconds));
            Assert.Equal(["*.b.test", "a.test"], policy.Exchangers.Order(StringComparer.Ordinal));
        });

    [Fact]
    public void AnyText_IsJudgedWithoutAFall_AndKeptAsItCame() => Gen.OneOf(
            Gen.Const("version: STSv1\n"), Gen.Const("mode: none\n"), Gen.Const("max_age: 5\r\n"), Gen.Const("mx: *.a.test\n"), Gen.String[0, 20])
        .Array[0, 8].Sample(parts =>
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(parts));
            if (!StsPolicy.TryParse(text, out var policy)) return;
            Assert.Equal(text, policy.Source);
            Assert.True(StsPolicy.TryParse(policy.Source, out var again));
            Assert.Equal(policy.Exchangers, again.Exchangers);
        });

    private static StsPolicy? Read(string text)
    {
        bool read = StsPolicy.TryParse(Encoding.UTF8.GetBytes(text), out var policy);
        Assert.Equal(read, policy is not null);
        return policy;
    }
}
