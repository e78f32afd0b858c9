using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>A user hears of a login from a place that is new, by the whole server behind its walls.</summary>
public sealed class LoginNoticeTests
{
    private const string Script = """
        import smtplib, ssl, sys
        client = smtplib.SMTP_SSL('127.0.0.1', int(sys.argv[1]), source_address=(sys.argv[2], 0), context=ssl._create_unverified_context())
        client.login('alice@example.org', sys.argv[3])
        client.quit()
        """;

    [Fact]
    public void NewPlace_IsToldOnce()
    {
        using var site = Site();
        LogIn(site, "127.0.0.1");
        LogIn(site, "127.0.7.1");
        var notice = site.Server.Mailbox("alice").Await("Subject: Your account was logged in to from a new place").Text;
        Assert.StartsWith("Return-Path: <>\nDelivered-To: alice@example.org\n", notice, StringComparison.Ordinal);
        Assert.Contains("\nAuto-Submitted: auto-generated\n", notice, StringComparison.Ordinal);
        Assert.Contains("\n    from     127.0.7.1\n", notice, StringComparison.Ordinal);
        LogIn(site, "127.0.7.9");
        LogIn(site, "127.0.0.1");
        // Notices go in one after the other: behind this one there is none that was begun before.
        LogIn(site, "127.0.8.1");
        site.Server.Mailbox("alice").Await("\n    from     127.0.8.1\n");
        Assert.Equal(2, site.Server.Mailbox("alice").Count);
        var kept = site.Server.Postern(["user", "logins", "alice@example.org"]).MustSucceed().Output;
        Assert.Equal(5, kept.Split("logged-in").Length - 1);
        Assert.All(["auth", "queue"], program => Assert.Equal(1, site.Server.StartsOf(program)));
    }

    [Fact]
    public void WhereNoneAreWanted_TheLogAloneSaysIt()
    {
        using var site = Site("[logins]\nnotices = false");
        LogIn(site, "127.0.0.1");
        LogIn(site, "127.0.7.1");
        site.Server.AwaitLog(line => line.Contains("login-new-network", StringComparison.Ordinal) && line.Contains("127.0.7.1", StringComparison.Ordinal), "the login");
        Assert.DoesNotContain(site.Server.Log, line => line.Contains("login-notice", StringComparison.Ordinal));
        Assert.Equal(0, site.Server.Mailbox("alice").Count);
    }

    private static TlsSite Site(string more = "")
    {
        var site = new TlsSite { More = more };
        site.Server.Postern(["user", "add", "alice@example.org"], "correct horse\n").MustSucceed();
        return site;
    }

    private static void LogIn(TlsSite site, string from) =>
        Tool.Run(Requirement.Peer("python3"), ["-c", Script, $"{site.Submissions}", from, "correct horse"]).MustSucceed();
}
