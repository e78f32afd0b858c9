using System.Diagnostics;
using System.Text.Json;

namespace Postern.Config.Tests;

/// <summary>The program itself: its arguments, descriptors and exit codes.</summary>
public sealed class ConfigProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-config-tests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed record Ran(int Code, string Output, string Error);

    /// <summary>Runs it under a shell that arranges its descriptors.</summary>
    private Ran Run(string redirections, string arguments, string input)
    {
        var file = Path.Join(_folder, "postern.toml");
        File.WriteAllText(file, input);
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec \"$0\" {arguments} {redirections}");
        start.ArgumentList.Add(Path.Join(AppContext.BaseDirectory, "postern-config"));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Ran(process.ExitCode, output, error.Result);
    }

    private const string Eleven = "3<>3 4<>4 5<>5 6<>6 7<>7 8<>8 9<>9 10<>10 11<>11 12<>12 13<>13";

    [Fact]
    public void AGoodConfiguration_FillsElevenDescriptors()
    {
        var ran = Run($"<postern.toml {Eleven}", "postern.toml", Reading.Required);
        Assert.Equal(new Ran(0, string.Empty, string.Empty), ran);
        var slices = Config.Slicing.SliceSet.Cut(Reading.Good("dns.resolvers = [\"127.0.0.1\"]"));
        for (var i = 0; i < slices.Count; i++)
        {
            var written = File.ReadAllBytes(Path.Join(_folder, $"{i + 3}"));
            Assert.NotEmpty(written);
            // remote's and acme's depend on this host's name servers.
            if (i is not (4 or 10))
            {
                Assert.Equal(slices[i], written);
            }
        }
    }

    [Fact]
    public void AWrongConfiguration_WritesEveryErrorAndNoSlice()
    {
        var ran = Run($"<postern.toml {Eleven}", "/etc/postern/postern.toml", "hostname = 1\ndomains = 2\n");
        Assert.Equal(78, ran.Code);
        Assert.Equal(
            "/etc/postern/postern.toml:1: hostname must be a text in quotes, and this is a number\n"
            + "/etc/postern/postern.toml:2: domains must be a list of texts: [\"...\", \"...\"], and this is a number\n",
            ran.Error);
        Assert.Equal(0, new FileInfo(Path.Join(_folder, "3")).Length);
    }

    [Theory]
    // What a command needs is there: the server that runs still goes by an older file, and the command must reach it.
    [InlineData(Reading.Required + "state = \"/srv/postern\"\nbogus = 1\n[queue]\nexpire = 5\n")]
    [InlineData(Reading.Required + "[aliases]\nfile = \"/nonexistent/aliases\"\nbogus = 1\n")]
    [InlineData("hostname = \"mx.example.org\"\ndomains = 5\n[limits]\nmessage_size = \"5X\"\n")]
    public void Lenient_WritesTheSlicesOfAWrongConfigurationAndSaysNothing(string text)
    {
        var ran = Run($"<postern.toml {Eleven}", "--lenient postern.toml", text);
        Assert.Equal(new Ran(78, string.Empty, string.Empty), ran);
        Assert.NotEqual(0, new FileInfo(Path.Join(_folder, "3")).Length);
        Assert.Equal(78, Run($"<postern.toml {Eleven}", "postern.toml", text).Code);
    }

    [Theory]
    // Whose folder or name is in doubt might be another server's.
    [InlineData(Reading.Required + "stat = \"/srv/postern\"\n", "postern.toml:3: unknown key \"stat\"; is \"state\" meant?\n")]
    [InlineData(Reading.Required + "state = 5\n", "postern.toml:3: state must be a text in quotes, and this is a number\n")]
    [InlineData(Reading.Required + "state = \"srv\"\n", "postern.toml:3: state must be an absolute path\n")]
    [InlineData("hostname = 5\ndomains = []\n", "postern.toml:1: hostname must be a text in quotes, and this is a number\n")]
    [InlineData(Reading.Required + "state\n", "postern.toml:3: not TOML")]
    public void Lenient_WritesNothingWhenTheServerCanNotBeTold(string text, string error)
    {
        var ran = Run($"<postern.toml {Eleven}", "--lenient postern.toml", text);
        Assert.Equal(78, ran.Code);
        Assert.StartsWith(error, ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(Path.Join(_folder, "3")).Length);
    }

    [Fact]
    public void Lenient_IsTheSameForAGoodConfiguration()
    {
        Assert.Equal(new Ran(0, string.Empty, string.Empty), Run($"<postern.toml {Eleven}", "--lenient postern.toml", Reading.Required));
        Assert.NotEqual(0, new FileInfo(Path.Join(_folder, "3")).Length);
    }

    [Fact]
    public void WithoutDescriptors_NothingIsWritten()
    {
        var ran = Run("<postern.toml 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- 10>&-", "postern.toml", Reading.Required);
        Assert.Equal(74, ran.Code);
        Assert.StartsWith("postern-config: descriptor ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ADescriptorThatHoldsSomething_IsLeftAlone()
    {
        File.WriteAllText(Path.Join(_folder, "5"), "kept");
        var ran = Run($"<postern.toml {Eleven}", "postern.toml", Reading.Required);
        Assert.Equal(74, ran.Code);
        Assert.Equal("kept", File.ReadAllText(Path.Join(_folder, "5")));
    }

    [Fact]
    public void Check_NeedsNoDescriptors()
    {
        Assert.Equal(new Ran(0, string.Empty, string.Empty), Run("<postern.toml", "--check postern.toml", Reading.Required));
        Assert.Equal(new Ran(78, string.Empty, "x:3: unknown key \"a\"\n"), Run("<postern.toml", "--check x", Reading.Required + "a = 1"));
    }

    [Fact]
    public void Check_ReadsAPipe() => Assert.Equal(0, Run("< <(cat postern.toml)", "--check postern.toml", Reading.Required).Code);

    [Theory]
    [InlineData("--check --json")]
    [InlineData("--json --check")]
    public void Json_GoesToStandardOutput(string options)
    {
        var ran = Run("<postern.toml", options + " postern.toml", Reading.Required + "a = 1");
        Assert.Equal(78, ran.Code);
        Assert.Empty(ran.Error);
        using var json = JsonDocument.Parse(ran.Output);
        Assert.Equal(3, json.RootElement.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Equal(0, Run("<postern.toml", options + " postern.toml", Reading.Required).Code);
    }

    [Theory]
    // Nothing to read: a folder, or no descriptor at all.
    [InlineData("<.")]
    public void UnreadableInput_Is66(string redirection)
    {
        var ran = Run(redirection, "--check postern.toml", string.Empty);
        Assert.Equal(66, ran.Code);
        Assert.Equal("postern-config: postern.toml: can't be read\n", ran.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--check")]
    [InlineData("--json postern.toml")]
    [InlineData("--chekc postern.toml")]
    [InlineData("--check --check postern.toml")]
    [InlineData("--check --lenient postern.toml")]
    [InlineData("a b")]
    public void WrongArguments_Are64(string arguments)
    {
        var ran = Run("<postern.toml", arguments, Reading.Required);
        Assert.Equal(64, ran.Code);
        Assert.Equal("postern-config: usage: postern-config [--check [--json] | --lenient] NAME <FILE\n", ran.Error);
    }

    [Fact]
    public void AMissingAliasesFile_IsNamedWithItsReason()
    {
        var ran = Run("<postern.toml", "--check postern.toml", Reading.Required + $"[aliases]\nfile = \"{_folder}/none\"\n");
        Assert.Equal($"postern.toml:4: \"{_folder}/none\" can't be read: No such file or directory\n", ran.Error);
    }

    [Fact]
    public void AWarning_IsWrittenAndStopsNothing()
    {
        const string Text = Reading.Required + "aliases = {loop = \"loop\"}";
        const string Warning = "postern.toml:3: warning: \"loop\": its aliases lead back to themselves, and to nobody\n";
        Assert.Equal(new Ran(0, string.Empty, Warning), Run("<postern.toml", "--check postern.toml", Text));
        Assert.Equal(new Ran(0, string.Empty, Warning), Run($"<postern.toml {Eleven}", "postern.toml", Text));
        var json = Run("<postern.toml", "--check --json postern.toml", Text);
        Assert.Equal((0, string.Empty), (json.Code, json.Error));
        using var parsed = JsonDocument.Parse(json.Output);
        Assert.True(parsed.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(3, parsed.RootElement.GetProperty("warnings")[0].GetProperty("line").GetInt32());
    }

    // Every mailq would repeat it.
    [Fact]
    public void Lenient_DoesNotWarn()
    {
        Assert.Equal(new Ran(0, string.Empty, string.Empty), Run($"<postern.toml {Eleven}", "--lenient postern.toml", Reading.Required + "aliases = {loop = \"loop\"}"));
    }

    [Fact]
    public void AnAliasesFile_IsRead()
    {
        File.WriteAllText(Path.Join(_folder, "aliases"), "a: |b\n");
        var ran = Run("<postern.toml", "--check postern.toml", Reading.Required + $"[aliases]\nfile = \"{_folder}/aliases\"\n");
        Assert.Equal($"{_folder}/aliases:1: \"|b\": an alias can't start a program\n", ran.Error);
    }
}
