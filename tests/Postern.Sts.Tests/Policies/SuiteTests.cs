using System.Text;
using System.Text.Json;
using Postern.Mail.Tests;

namespace Postern.Sts.Tests.Policies;

/// <summary>The records and policies that mox is tested with: 18 and 24, each with a verdict.</summary>
public sealed class SuiteTests
{
    [Theory]
    [InlineData("record_valid", 4, true)]
    [InlineData("record_invalid", 14, false)]
    public void EveryRecord_IsJudgedAsTheSuiteSays(string list, int count, bool valid)
    {
        var texts = Read(list, "txt");
        Assert.Equal(count, texts.Count);
        Assert.All(texts, text => Assert.Equal(valid, StsRecord.TryParse([Encoding.UTF8.GetBytes(text)], out _)));
    }

    [Theory]
    [InlineData("policy_valid", 3, true)]
    [InlineData("policy_invalid", 21, false)]
    public void EveryPolicy_IsJudgedAsTheSuiteSays(string list, int count, bool valid)
    {
        var texts = Read(list, "policy");
        Assert.Equal(count, texts.Count);
        Assert.All(texts, text => Assert.Equal(valid, StsPolicy.TryParse(Encoding.UTF8.GetBytes(text), out _)));
    }

    private static List<string> Read(string list, string field)
    {
        using var suite = JsonDocument.Parse(File.ReadAllBytes(Suites.Find("mta-sts/mox", "mox-mtasts-vectors.json")));
        return [.. suite.RootElement.GetProperty(list).EnumerateArray().Select(one => one.GetProperty(field).GetString()!)];
    }
}
