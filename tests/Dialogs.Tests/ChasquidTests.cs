using Postern.Smtpd.Tests.Harness;

namespace Dialogs.Tests;

/// <summary>The dialogues of another server's test suite: its clients must find the same class of answers here.</summary>
public class ChasquidTests
{
    /// <summary>Where we answer otherwise on purpose: the line that their server refuses, our reply's class, and why.</summary>
    private static readonly Dictionary<string, (string Expected, char Class, string Reason)> Differences = new()
    {
        ["auth_too_many_failures"] = ("421 4.5.0 Too many errors, bye", '5', "what is no base64 is no attempt to log in: it counts as other errors do, of which more are let pass"),
        ["bad_data"] = ("554 5.6.0 Error parsing message", '2', "a header line without a colon passes: content is not ours to judge"),
    };

    public static TheoryData<string> Scripts =>
    [
        "auth_multi_dialog", "auth_not_tls", "auth_too_many_failures", "bad_data", "bad_data_dot", "bad_data_dot_2",
        "bad_data_dot_on_message_too_big", "bad_mail_from", "bad_rcpt_to", "data_dot_stuffing", "empty_helo", "helo", "line_too_long",
        "message_too_big", "sendmail", "unknown_command", "wrong_proto",
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_GetsRepliesOfTheExpectedClass(string name)
    {
        var path = Path.Join(Folders.Chasquid, name + ".cmy");
        Assert.SkipUnless(File.Exists(path), "The suite is not beside the source tree.");
        using var server = new TestServer(domain: "testserver", hostName: "testserver");
        server.Server.Tls.Connect(server.Tls.Start());
        server.Server.Logins.Connect(server.Auth.Start());
        server.Auth.Judge = said => said is null ? "?" : said == "user@testserver\0user@testserver\0secretpassword" ? "!user@testserver" : "Refused";
        using (var dialogue = new Dialogue(server, (expected, reply) => Class(name, expected) == reply[0])) dialogue.Run(File.ReadAllLines(path));

        var verify = path + ".verify";
        if (File.Exists(verify)) Assert.Equal(File.ReadAllText(verify), Assert.Single(server.Queue.Committed).Content.ReplaceLineEndings("\n"));
        else if (!Differences.ContainsKey(name)) Assert.Empty(server.Queue.Committed);
        Assert.Equal((0, 0), (server.Queue.Open, server.Server.SessionCount));
        server.DemandService();
    }

    [Fact]
    public void EveryDifference_IsOne()
    {
        // A line that is not in its script, or whose class we give after all, would excuse nothing.
        foreach (var (name, (expected, kind, reason)) in Differences)
        {
            var path = Path.Join(Folders.Chasquid, name + ".cmy");
            Assert.SkipUnless(File.Exists(path), "The suite is not beside the source tree.");
            Assert.Contains(File.ReadAllLines(path), line => line.EndsWith(" " + expected, StringComparison.Ordinal));
            Assert.NotEqual(expected[0], kind);
            Assert.NotEmpty(reason);
        }
    }

    [Fact]
    public void EveryScript_IsListed()
    {
        Assert.SkipUnless(Directory.Exists(Folders.Chasquid), "The suite is not beside the source tree.");
        var files = Directory.GetFiles(Folders.Chasquid, "*.cmy").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
        Assert.Equal(files, Scripts.Select(row => row.Data).Order(StringComparer.Ordinal));
    }

    private static char Class(string name, string expected) =>
        Differences.TryGetValue(name, out var difference) && expected == difference.Expected ? difference.Class : expected[0];
}
