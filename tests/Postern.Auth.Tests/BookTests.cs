using Postern.Auth.Store;
using Postern.Auth.Tests.Harness;
using Postern.Ipc.Logins;
using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Tests;

/// <summary>The files: accounts that change under the running program, and what is kept of attempts (D6, D7).</summary>
public sealed class BookTests : IDisposable
{
    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"), ("ann@a.test", "phone", "other"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public void AccountsThatAreReplaced_CountAtOnce()
    {
        _house.Put(("bob@a.test", "", "new"));
        Assert.Equal("LoggedIn bob@a.test", _house.LogIn("bob@a.test", "new"));
        Assert.Equal("Refused", _house.LogIn("ann@a.test", "secret"));
    }

    [Fact]
    public void BrokenFile_LeavesTheOldOnesInForce()
    {
        _house.Replace("nonsense\n"u8.ToArray());
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Contains("accounts-unreadable reason=\"line 1: not three fields parted by tabs\" stay=the-old", _house.Log.ToString(), StringComparison.Ordinal);
        // Said once, not at each login.
        _ = _house.LogIn("ann@a.test", "secret");
        Assert.Single(_house.Log.ToString().Split('\n'), line => line.Contains("accounts-unreadable", StringComparison.Ordinal));
    }

    [Fact]
    public void FileThatCantBeReadOnce_IsReadAsSoonAsItCan()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        _house.Put(("ann@a.test", "", "changed"));
        using (FileLease.Take(_house.AccountsPath))
        {
            Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
            Assert.Equal("Refused", _house.LogIn("ann@a.test", "changed"));
            // Said once, not at each login.
            Assert.Single(_house.Log.ToString().Split('\n'), line => line.Contains("accounts-unreadable", StringComparison.Ordinal));
            Assert.Contains("stay=the-old", _house.Log.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "changed"));
        Assert.Equal("Refused", _house.LogIn("ann@a.test", "secret"));

        // Another time is another time.
        _house.Put(("ann@a.test", "", "secret"));
        using (FileLease.Take(_house.AccountsPath))
        {
            _ = _house.LogIn("ann@a.test", "changed");
        }

        Assert.Equal(2, _house.Log.ToString().Split('\n').Count(line => line.Contains("accounts-unreadable", StringComparison.Ordinal)));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
    }

    // A number that was free again, the same length, and the same second.
    [Fact]
    public void FileThatDiffersInItsMomentAlone_IsAnother()
    {
        var moment = new DateTime(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_house.AccountsPath, moment);
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        using (var file = new FileStream(_house.AccountsPath, FileMode.Open))
        {
            var length = file.Length;
            file.Write(AuthHouse.FileOf(("ann@a.test", "", "changed"), ("ann@a.test", "phone", "other")));
            Assert.Equal(length, file.Position);
        }

        File.SetLastWriteTimeUtc(_house.AccountsPath, moment + TimeSpan.FromTicks(1));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "changed"));
        Assert.Equal("Refused", _house.LogIn("ann@a.test", "secret"));
    }

    [Fact]
    public void BrokenFileAtTheStart_LetsNobodyIn()
    {
        _house.Replace("nonsense\n"u8.ToArray());
        _house.Open();
        var exchange = _house.Begin(SaslMechanism.Plain);
        Assert.Equal($"{exchange} Unavailable", _house.Answers[^1]);
        _house.Put(("ann@a.test", "", "secret"));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
    }

    [Fact]
    public void NoFile_IsNobody()
    {
        File.Delete(_house.AccountsPath);
        Assert.Equal("Refused", _house.LogIn("ann@a.test", "secret"));
        _house.Put(("ann@a.test", "", "secret"));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
    }

    [Fact]
    public void EveryAttempt_IsKept()
    {
        _ = _house.LogIn("ann@a.test", "other");
        _ = _house.LogIn("ann@a.test", "wrong");
        _ = _house.LogIn("a\nb", "x");
        var left = _house.Begin(SaslMechanism.Login, hasMessage: false);
        _ = _house.Say(left, "ann@a.test");
        _house.End(left);
        List<LoginRecord> kept = [.. Attempts("logins"), .. Attempts("attempts")];
        Assert.Equal([LoginOutcome.LoggedIn, LoginOutcome.Refused, LoginOutcome.Refused, LoginOutcome.Abandoned], kept.Select(attempt => attempt.Outcome));
        Assert.Equal(["phone", "", "unknown", ""], kept.Select(attempt => attempt.Detail.Split(' ')[0]));
        Assert.Equal(["ann@a.test", "ann@a.test", "", ""], kept.Select(attempt => attempt.Name));
        Assert.All(kept, attempt => Assert.Equal("submission", attempt.Service));
        Assert.DoesNotContain("wrong", File.ReadAllText(Path.Join(_house.Folder, "attempts")), StringComparison.Ordinal);
    }

    [Fact]
    public void FullFile_TakesThePlaceOfTheOlder()
    {
        _ = _house.LogIn("ann@a.test", "wrong");
        var path = Path.Join(_house.Folder, "attempts");
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(AttemptFile.MaxSize - 10);
        _house.Open();
        _ = _house.LogIn("ann@a.test", "wrong");
        Assert.Equal(AttemptFile.MaxSize - 10, new FileInfo(path + ".1").Length);
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public void FullFile_ThatCantTakeThatPlace_GrowsNoFurther()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        var path = Path.Join(_house.Folder, "logins");
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(AttemptFile.MaxSize - 10);
        Directory.CreateDirectory(path + ".1");
        _house.Open();
        for (var i = 0; i < 3; i++) Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Equal(AttemptFile.MaxSize - 10, new FileInfo(path).Length);
        Assert.Single(_house.Log.ToString().Split('\n'), line => line.Contains("attempt-not-kept", StringComparison.Ordinal));
        Directory.Delete(path + ".1");
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public void LineThatACrashCutOff_TakesNoOtherAlong()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        var path = Path.Join(_house.Folder, "logins");
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(file.Length - 20);
        _house.Open();
        _ = _house.LogIn("ann@a.test", "other");
        _ = _house.LogIn("ann@a.test", "secret");
        Assert.Equal(["phone", ""], LoginHistory.Read(File.ReadAllBytes(path)).Select(attempt => attempt.Detail));
    }

    [Fact]
    public void AttemptsThatCantBeRead_AreTold()
    {
        Directory.CreateDirectory(Path.Join(_house.Folder, "logins.1"));
        _house.Open();
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Contains("warning auth attempts-unreadable reason=\"", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_ThatTakesNothing_StopsNoLogin()
    {
        Directory.CreateDirectory(Path.Join(_house.Folder, "logins"));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Single(_house.Log.ToString().Split('\n'), line => line.Contains("attempt-not-kept", StringComparison.Ordinal));
    }

    [Fact]
    public void Guessing_IsStopped_AndTheRightPasswordAsWell()
    {
        const string stranger = "203.0.113.9";
        for (var i = 0; i < 8; i++) Assert.Equal("Refused", _house.LogIn("ann@a.test", "wrong", stranger));
        Assert.Equal("Later", _house.LogIn("ann@a.test", "secret", stranger));
        // Others are not: not even at the same account.
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret", "203.0.113.10"));
        _house.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret", stranger));
    }

    [Fact]
    public void NetworkThatWasHome_IsHomeAfterARestart()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        _house.Open();
        Assert.True(_house.Book.IsKnown("ann@a.test", Network(AuthHouse.Home)));
        Assert.False(_house.Book.IsKnown("ann@a.test", Network("203.0.113.9")));
        _ = _house.LogIn("ann@a.test", "secret", "203.0.113.9");
        Assert.Contains("network=new", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LoginFromANewPlace_IsMarked()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        _ = _house.LogIn("ann@a.test", "secret", "192.0.2.99");
        _ = _house.LogIn("ann@a.test", "wrong", "203.0.113.9");
        Assert.DoesNotContain("login-new-network", _house.Log.ToString(), StringComparison.Ordinal);
        _ = _house.LogIn("ann@a.test", "secret", "203.0.113.9");
        _house.Open();
        _ = _house.LogIn("ann@a.test", "secret", "203.0.113.9");
        Assert.Equal([false, false, true, false], Attempts("logins").Select(attempt => attempt.IsNewPlace));
        var line = Assert.Single(_house.Log.ToString().Split('\n'), line => line.Contains("login-new-network", StringComparison.Ordinal));
        Assert.EndsWith("warning auth login-new-network user=\"ann@a.test\" client=203.0.113.9 mechanism=PLAIN", line, StringComparison.Ordinal);
    }

    private static ClientNetwork Network(string text)
    {
        Assert.True(Text.IpAddress.TryParse(text, out var address));
        return new ClientNetwork(address);
    }

    private List<LoginRecord> Attempts(string file) =>
        [.. File.ReadAllLines(Path.Join(_house.Folder, file)).Select(line => LoginRecord.Read(System.Text.Encoding.UTF8.GetBytes(line))!)];
}
