using System.Text;
using Postern.Auth.Store;
using Postern.Auth.Tests.Harness;
using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Tests;

/// <summary>Who fails as often as he likes, or logs in as often as he likes, makes nobody else's last logins forgotten.</summary>
public sealed class KeptLoginsTests : IDisposable
{
    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"), ("bob@a.test", "", "his own"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public void FailuresThatFillTheFilesTwice_LeaveTheLastLogins()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        for (var turn = 0; turn < 2; turn++)
        {
            Fill("attempts");
            Assert.Equal("Refused", _house.LogIn("ann@a.test", "wrong", "203.0.113.9"));
        }

        _house.Open();
        Assert.True(_house.Book.IsKnown("ann@a.test", Network(AuthHouse.Home)));
        Assert.Contains(Kept(), attempt => attempt is { Name: "ann@a.test", Outcome: LoginOutcome.LoggedIn });
        Assert.True(Size() < 3 * AttemptFile.MaxSize, $"{Size()}");
    }

    [Fact]
    public void LoginsOfOneUser_LeaveThoseOfAnother_FromEachNetwork()
    {
        _ = _house.LogIn("ann@a.test", "secret");
        _house.Clock.Advance(TimeSpan.FromHours(1));
        _ = _house.LogIn("ann@a.test", "secret", "203.0.113.9");
        for (var turn = 0; turn < 5; turn++)
        {
            Fill("logins");
            Assert.Equal("LoggedIn bob@a.test", _house.LogIn("bob@a.test", "his own"));
        }

        _house.Open();
        Assert.True(_house.Book.IsKnown("ann@a.test", Network(AuthHouse.Home)));
        Assert.True(_house.Book.IsKnown("ann@a.test", Network("203.0.113.9")));
        Assert.Equal(2, Kept().Count(attempt => attempt.Name == "ann@a.test"));
        Assert.True(Size() < 3 * AttemptFile.MaxSize, $"{Size()}");
    }

    // With lines of bob's, as he writes them himself when he has the time.
    private void Fill(string name)
    {
        var path = Path.Join(_house.Folder, name);
        Assert.True(IpAddress.TryParse(AuthHouse.Home, out var home));
        var record = new LoginRecord
        {
            Time = _house.Clock.GetUtcNow(),
            Outcome = name == "logins" ? LoginOutcome.LoggedIn : LoginOutcome.Refused,
            Service = "submission",
            Mechanism = SaslMechanism.Plain,
            Address = home,
            Name = "bob@a.test",
        };
        var line = record.Write();
        using (var file = new FileStream(path, FileMode.Append))
        {
            while (file.Position + line.Length <= AttemptFile.MaxSize) file.Write(line);
        }

        _house.Open();
    }

    private List<LoginRecord> Kept() =>
        [.. Files().SelectMany(File.ReadAllLines).Select(line => LoginRecord.Read(Encoding.UTF8.GetBytes(line))).OfType<LoginRecord>()];

    private long Size() => Files().Sum(path => new FileInfo(path).Length);

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_house.Folder).Where(path => Path.GetFileName(path)[0] is 'l' or 'a' && Path.GetFileName(path) != "accounts");

    private static ClientNetwork Network(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        return new ClientNetwork(address);
    }
}
