using System.Text;
using CsCheck;

namespace Postern.Config.Tests.Toml;

/// <summary>Files that nobody writes by hand: each ends in errors with lines, none in a crash.</summary>
public class HostileInputTests
{
    private static void Ends(Reading reading)
    {
        Assert.Equal(reading.Configuration is null, reading.Errors.Count > 0);
        foreach (var error in reading.Errors)
        {
            var colon = error.IndexOf(':', StringComparison.Ordinal);
            Assert.InRange(int.Parse(error[..colon], System.Globalization.CultureInfo.InvariantCulture), 1, int.MaxValue);
            Assert.False(error.AsSpan().ContainsAnyExceptInRange(' ', '~'), error);
            Assert.InRange(error.Length, 1, 700);
        }
    }

    [Fact]
    public void AFileOfTenMegabytes_IsRefusedUnread() =>
        Assert.Equal(["1: the file is larger than 4 MiB"], Reading.Of(new byte[10 * 1024 * 1024]).Errors);

    [Fact]
    public void AFileAtTheLimit_IsRead() => Assert.Empty(Reading.After(new string('\n', (4 * 1024 * 1024) - Reading.Required.Length)).Errors);

    [Fact]
    public void AFileBeyondTheLimitByOne_IsNot() =>
        Assert.Single(Reading.After(new string('\n', (4 * 1024 * 1024) - Reading.Required.Length + 1)).Errors);

    [Theory]
    [InlineData("x = [", 100_000)]
    [InlineData("x = \n[", 100_000)]
    [InlineData("x = {a=", 100_000)]
    public void DeepNesting_IsAnErrorWithItsLine(string start, int depth)
    {
        var reading = Reading.After(start + string.Concat(Enumerable.Repeat(start[4..], depth)));
        Assert.Matches("^[34]: ", reading.Errors[0]);
        Ends(reading);
    }

    [Fact]
    public void NestingAtTheLimit_IsNoCrashEither() => Ends(Reading.After($"trusted = {new string('[', 64)}{new string(']', 64)}\n"));

    [Fact]
    public void NestingOverLines_NamesTheLine() => Assert.Equal(
        ["67: lists or tables within each other, deeper than any key takes"],
        Reading.After("\ntrusted = [" + string.Concat(Enumerable.Repeat("\n[", 200))).Errors);

    [Fact]
    public void LongDottedKeys_AreNoCrash()
    {
        var key = string.Join('.', Enumerable.Repeat("a", 100_000));
        Ends(Reading.After(key + " = 1\n"));
        Ends(Reading.After($"[{key}]\n"));
        Ends(Reading.After($"[[{key}]]\n[{key}.b]\n"));
    }

    [Fact]
    public void SectionsThatRepeatALongOne_StaySmall()
    {
        var text = "[aliases]\nx = \"" + new string('x', 1_000_000) + "\"\n" + string.Concat(Enumerable.Repeat("[aliases]\n", 100_000));
        var reading = Reading.After(text);
        Ends(reading);
        Assert.Equal(500, reading.Errors.Count);
    }

    [Theory]
    // Beginnings of sequences, bytes that never occur, a surrogate, an overlong slash, one beyond Unicode.
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xc0, 0xaf })]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    public void InvalidUtf8_IsAnErrorWithItsLine(byte[] bytes)
    {
        byte[] file = [.. Encoding.UTF8.GetBytes(Reading.Required), .. "state = \"/"u8, .. bytes, .. "\"\n\n# "u8, .. bytes, (byte)'\n'];
        Assert.Equal(["3: this line is not valid UTF-8", "5: this line is not valid UTF-8"], Reading.Of(file).Errors);
    }

    [Fact]
    public void AnEscapeSequence_NeverReachesTheTerminal()
    {
        var errors = Reading.After("\"\\u001b]0;owned\\u0007\u202e\" = 1\n").Errors;
        Assert.Equal(["3: unknown key \"\\u{1B}]0;owned\\u{7}\\u{202E}\""], errors);
    }

    [Fact]
    public void RandomBytes_NeverCrash() => Gen.Byte.Array[0, 200].Sample(bytes => Ends(Reading.Of(bytes)), iter: 5000);

    [Fact]
    public void PiecesOfToml_InAnyOrder_NeverCrash()
    {
        // Random bytes rarely get past the first line; pieces of the real thing reach every section.
        string[] pieces =
        [
            "hostname", "domains", "trusted", "listen", "queue", "aliases", "routes", "users", "address", "file", "expire", "mailboxes",
            " = ", "\n", ".", ",", "[", "]", "[[", "]]", "{", "}", "\"", "'", "\"\"\"", "#", "\\", "\\u0000", "\t", "\r\n",
            "\"a@example.org\"", "\"example.org\"", "\"[::]:25\"", "\"lmtp:/x\"", "\"5d\"", "1", "-1", "true", "1979-05-27", "1.5", "\0", "\u00fc",
        ];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 40].Sample(parts => Ends(Reading.After(string.Concat(parts))), iter: 20_000);
    }

    [Fact]
    public void RandomValues_OfEveryKey_NeverCrash()
    {
        var keys = Config.Sections.Schema.Keys
            .SelectMany(section => section.Value.Select(key => (Section: section.Key, Key: key)))
            .Where(pair => pair.Section != Config.Sections.Schema.Root)
            .ToArray();
        var texts = Gen.OneOf(Gen.String[Gen.Char["abz09.:/@*[]-+ \\~|\u00fc"], 0, 20], Gen.String[0, 10]);
        Gen.Select(Gen.Int[0, keys.Length - 1].Select(index => keys[index]), texts, Gen.Bool).Sample(
            (pair, text, list) =>
            {
                var quoted = $"\"{string.Concat(text.Select(unit => $"\\u{(char.IsSurrogate(unit) ? 'x' : unit):X4}"))}\"";
                var header = pair.Section == "listen" ? "[[listen]]" : $"[{pair.Section}]";
                var value = list ? $"[{quoted}]" : quoted;
                Ends(Reading.After($"{header}\n{pair.Key} = {value}\n[aliases2]\n"));
            },
            iter: 10_000);
    }

    [Fact]
    public void TheExampleCutAnywhere_IsReadOrRefused()
    {
        var example = Encoding.UTF8.GetBytes(Repository.Text("etc", "postern.toml"));
        for (var length = 0; length < example.Length; length++)
        {
            Ends(Reading.Of(example.AsSpan(0, length)));
        }
    }
}
