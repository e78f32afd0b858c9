using Postern.CommandLine.Tests.Fakes;
using Postern.Sasl;
using Postern.TestKit.Certificates;

namespace Postern.CommandLine.Tests.Commands;

/// <summary><c>postern user</c>: what the file of accounts holds afterwards.</summary>
public sealed class UserTests : IDisposable
{
    private readonly Caller _caller = new();

    public UserTests() => System.IO.Directory.CreateDirectory(Path.Join(_caller.Folder, "auth"));

    public void Dispose() => _caller.Dispose();

    private string AccountsPath => Path.Join(_caller.Folder, "auth", "accounts");

    [Fact]
    public void NewAccount_HasThePasswordOfTheFirstLine()
    {
        Assert.Equal(0, _caller.Run("secret\nmore\n", "postern", "user", "add", "Ann@Example.org"));
        var ann = Assert.Single(Accounts());
        Assert.Equal("ann@example.org", ann.Name);
        Assert.NotNull(ann.Find("secret"u8));
        Assert.Null(ann.Find("more"u8));
        Assert.DoesNotContain("secret", File.ReadAllText(AccountsPath), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccountsPath));
    }

    [Fact]
    public void PasswordIsChanged_AndTheAppPasswordsStay()
    {
        _ = _caller.Run("old\n", "postern", "user", "add", "ann@example.org");
        _ = _caller.Run("", "postern", "user", "passwd", "ann@example.org", "--app", "phone");
        var made = _caller.Output.Trim()[^16..];
        Assert.Equal(0, _caller.Run("new\n", "postern", "user", "passwd", "ann@example.org"));
        var ann = Assert.Single(Accounts());
        Assert.Null(ann.Find("old"u8));
        Assert.NotNull(ann.Find("new"u8));
        Assert.Equal("phone", ann.Find(System.Text.Encoding.ASCII.GetBytes(made))!.Label);
    }

    [Fact]
    public void AppPasswords_AreDifferentAndAreRemovedByTheirLabel()
    {
        _ = _caller.Run("x\n", "postern", "user", "add", "ann@example.org");
        _ = _caller.Run("", "postern", "user", "passwd", "ann@example.org", "--app", "phone");
        _ = _caller.Run("", "postern", "user", "passwd", "ann@example.org", "--app", "laptop");
        Assert.Equal(2, _caller.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
        Assert.Equal(65, _caller.Run("", "postern", "user", "passwd", "ann@example.org", "--app", "phone"));
        Assert.Equal(0, _caller.Run("", "postern", "user", "remove", "ann@example.org", "--app", "phone"));
        Assert.Equal(["", "laptop"], Assert.Single(Accounts()).Passwords.Select(password => password.Label));
        Assert.Equal(67, _caller.Run("", "postern", "user", "remove", "ann@example.org", "--app", "phone"));
        Assert.Equal(0, _caller.Run("", "postern", "user", "remove", "ann@example.org"));
        Assert.Empty(Accounts());
    }

    [Theory]
    [InlineData(65, "x\n", "add", "ann@example.org")]
    [InlineData(64, "x\n", "add", "a b")]
    [InlineData(65, "\n", "add", "bob@example.org")]
    [InlineData(65, "", "add", "bob@example.org")]
    [InlineData(65, "a\tb\n", "add", "bob@example.org")]
    [InlineData(67, "x\n", "passwd", "bob@example.org")]
    [InlineData(67, "", "remove", "bob@example.org")]
    [InlineData(64, "", "passwd", "ann@example.org", "--app", "-")]
    [InlineData(64, "", "passwd", "ann@example.org", "--app", " x")]
    public void WhatCannotBe_ChangesNothing(int code, string input, params string[] arguments)
    {
        _ = _caller.Run("x\n", "postern", "user", "add", "ann@example.org");
        var before = File.ReadAllBytes(AccountsPath);
        Assert.Equal(code, _caller.Run(input, ["postern", "user", .. arguments]));
        Assert.NotEmpty(_caller.Error);
        Assert.Equal(before, File.ReadAllBytes(AccountsPath));
    }

    [Fact]
    public void FileThatCannotBeRead_IsNotWrittenOver()
    {
        File.WriteAllText(AccountsPath, "nonsense\n");
        Assert.Equal(65, _caller.Run("x\n", "postern", "user", "add", "ann@example.org"));
        Assert.Contains("line 1: not three fields", _caller.Error, StringComparison.Ordinal);
        Assert.Equal("nonsense\n", File.ReadAllText(AccountsPath));
    }

    [Fact]
    public void FolderThatIsNotThere_IsNamed()
    {
        System.IO.Directory.Delete(Path.Join(_caller.Folder, "auth"), recursive: true);
        Assert.Equal(66, _caller.Run("x\n", "postern", "user", "add", "ann@example.org"));
        Assert.Contains("the server makes it when it first starts", _caller.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SomebodyElseWhoIsAtIt_IsNotDisturbed()
    {
        using var held = new FileStream(Path.Join(_caller.Folder, "auth", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(74, _caller.Run("x\n", "postern", "user", "add", "ann@example.org"));
        Assert.False(File.Exists(AccountsPath));
    }

    [Fact]
    public void List_NamesAccountsAndApps()
    {
        _ = _caller.Run("x\n", "postern", "user", "add", "bob@example.org");
        _ = _caller.Run("x\n", "postern", "user", "add", "ann@example.org");
        File.WriteAllText(AccountsPath, File.ReadAllText(AccountsPath) + File.ReadLines(AccountsPath).Last(line => line.StartsWith("bob", StringComparison.Ordinal)).Replace("\t-\t", "\tphone\t", StringComparison.Ordinal) + "\n");
        Assert.Equal(0, _caller.Run("", "postern", "user", "list"));
        Assert.Equal("ann@example.org\nbob@example.org  apps: phone\n", _caller.Output);
    }

    [Fact]
    public void Logins_AreTheLastOfTheAccount()
    {
        // Logins have files of their own, in which there is more of the past.
        foreach (var (file, day) in new[] { ("logins.2", 1), ("logins.1", 3), ("logins", 5), ("attempts.1", 2) })
        {
            File.WriteAllText(Path.Join(_caller.Folder, "auth", file), $"2026-11-0{day}T10:00:00Z\tlogged-in\tsubmission\tPLAIN\t192.0.2.7\tann@example.org\t{(file == "logins" ? "\tnew" : "")}\n");
        }

        File.WriteAllText(
            Path.Join(_caller.Folder, "auth", "attempts"),
            "2026-11-04T10:00:00Z\trefused\tsubmissions\tSCRAM-SHA-256\t203.0.113.9\tann@example.org\t\n"
            + "2026-11-04T11:00:00Z\tlogged-in\tsubmissions\tPLAIN\t203.0.113.9\tbob@example.org\t\n"
            + "half a li");
        Assert.Equal(0, _caller.Run("", "postern", "user", "logins", "ann@example.org"));
        Assert.Equal(
            "2026-11-05 10:00:00 UTC  logged-in       submission   PLAIN               192.0.2.7  (new network)\n"
            + "2026-11-04 10:00:00 UTC  refused         submissions  SCRAM-SHA-256       203.0.113.9\n"
            + "2026-11-03 10:00:00 UTC  logged-in       submission   PLAIN               192.0.2.7\n"
            + "2026-11-02 10:00:00 UTC  logged-in       submission   PLAIN               192.0.2.7\n"
            + "2026-11-01 10:00:00 UTC  logged-in       submission   PLAIN               192.0.2.7\n",
            _caller.Output);
    }

    [Fact]
    public void Certificates_AreAddedListedAndTakenBack()
    {
        const string digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        Assert.Equal(0, _caller.Run("", "postern", "user", "certificate", "add", "Ann@example.org", digits.ToUpperInvariant()));
        var paper = Papers.Elliptic("bob.test");
        var file = Path.Join(_caller.Folder, "bob.pem");
        File.WriteAllText(file, paper.Chain);
        Assert.Equal(0, _caller.Run("", "postern", "user", "certificate", "add", "bob@example.org", file));
        var bobs = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(paper.Leaf.RawData));
        Assert.Equal(0, _caller.Run("", "postern", "user", "certificate", "list"));
        Assert.Equal($"ann@example.org  {digits}\nbob@example.org  {bobs}\n", _caller.Output);
        // It would be one of the two who logs in, who knows.
        Assert.Equal(65, _caller.Run("", "postern", "user", "certificate", "add", "bob@example.org", digits));
        Assert.Equal(67, _caller.Run("", "postern", "user", "certificate", "remove", "bob@example.org", digits));
        Assert.Equal(66, _caller.Run("", "postern", "user", "certificate", "add", "bob@example.org", file + "x"));
        Assert.Equal(64, _caller.Run("", "postern", "user", "certificate", "add", "a b", digits));
        Assert.Equal(0, _caller.Run("", "postern", "user", "certificate", "remove", "bob@example.org", file));
        // Who has no password is removed all the same, and who has both loses both.
        Assert.Equal(0, _caller.Run("", "postern", "user", "remove", "ann@example.org"));
        Assert.Equal(67, _caller.Run("", "postern", "user", "remove", "ann@example.org"));
        _ = _caller.Run("secret\n", "postern", "user", "add", "ann@example.org");
        _ = _caller.Run("", "postern", "user", "certificate", "add", "ann@example.org", digits);
        Assert.Equal(0, _caller.Run("", "postern", "user", "remove", "ann@example.org"));
        Assert.Empty(Accounts());
        Assert.DoesNotContain(digits, File.ReadAllText(Path.Join(_caller.Folder, "auth", "certificates")), StringComparison.Ordinal);
    }

    private IReadOnlyList<Account> Accounts()
    {
        Assert.True(AccountFile.TryRead(File.ReadAllBytes(AccountsPath), out var accounts, out _));
        return accounts;
    }
}
