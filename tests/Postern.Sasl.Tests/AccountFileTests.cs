using System.Text;
using CsCheck;

namespace Postern.Sasl.Tests;

/// <summary>The file of accounts, line by line, there and back. D6, D8.</summary>
public sealed class AccountFileTests
{
    private const string Salt = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==";
    private const string Keys = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    private const string Verifier = $"{Salt}${Keys}";

    private static readonly byte[] _secret = new byte[16];

    [Fact]
    public void AVerifierOfAnotherServer_IsTaken()
    {
        // The keys of RFC 7677's "pencil", as PostgreSQL would write them.
        Assert.True(AccountFile.TryRead(Encoding.ASCII.GetBytes($"# a comment\n\nUser\t-\t{Verifier}\n"), out var accounts, out _));
        var account = Assert.Single(accounts);
        Assert.Equal("user", account.Name);
        Assert.Equal("", account.Find("pencil"u8)!.Label);
        Assert.Null(account.Find("pen"u8));
    }

    [Theory]
    [InlineData("u\t-", "not three fields parted by tabs")]
    [InlineData("u", "not three fields parted by tabs")]
    [InlineData("\t-\t" + Verifier, "not a name")]
    [InlineData("a b\t-\t" + Verifier, "not a name")]
    [InlineData("u\u0001\t-\t" + Verifier, "not a name")]
    // A letter and a mark that compose.
    [InlineData("u\u0308\t-\t" + Verifier, "not a name")]
    [InlineData("u\t\t" + Verifier, "not a label")]
    [InlineData("u\t phone\t" + Verifier, "not a label")]
    [InlineData("u\tpho\tne\t" + Verifier, "not a label")]
    [InlineData("u\t-\t", "not a verifier")]
    [InlineData("u\t-\tpassword", "not a verifier")]
    [InlineData("u\t-\t" + Verifier + " ", "not a verifier")]
    [InlineData("u\t-\t" + Verifier + "\r", "not a verifier")]
    [InlineData("u\t-\tSCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, "not a verifier")]
    [InlineData("u\t-\tSCRAM-SHA-256$100001:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, "not a verifier")]
    [InlineData("u\t-\tSCRAM-SHA-256$4096:$" + Keys, "not a verifier")]
    [InlineData("u\t-\tSCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, "not a verifier")]
    [InlineData("u\t-\t" + Salt + "$" + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", "not a verifier")]
    [InlineData("u\t-\t" + Salt + "$WG5d8oPm:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=", "not a verifier")]
    public void ALineThatIsNone_IsNamed(string line, string reason)
    {
        Assert.False(AccountFile.TryRead(Encoding.UTF8.GetBytes($"# heading\n{line}\n"), out _, out var fault));
        Assert.Equal(new AccountFault(2, reason), fault);
    }

    [Fact]
    public void PasswordsOfOneAccount_HaveOneSaltAndDifferentLabels()
    {
        Assert.True(Reads($"u\t-\t{Verifier}\nu\tphone\t{Verifier}\n", out _));
        Assert.False(Reads($"u\t-\t{Verifier}\nU\t-\t{Verifier}\n", out var reason));
        Assert.Equal("a second password of the same label", reason);
        Assert.False(Reads($"u\t-\t{Verifier}\nu\tphone\tSCRAM-SHA-256$5000:W22ZaJ0SNY7soEsUEjb6gQ==${Keys}\n", out reason));
        Assert.Equal("another salt than the account's first password has", reason);
        Assert.False(Reads($"u\t-\t{Verifier}\nu\tphone\tSCRAM-SHA-256$4096:AAAA${Keys}\n", out reason));
        Assert.Equal("another salt than the account's first password has", reason);
    }

    [Fact]
    public void AnyAccounts_GoThereAndBack() => Gen.Select(Gen.Byte.Array[1, ScramSalt.MaxSaltLength], Gen.Int[ScramSalt.MinIterations, ScramSalt.MaxIterations], Gen.Byte.Array[64], Gen.Int[0, 3])
        .Array[0, 5].Sample(drawn =>
        {
            Account[] accounts = [.. drawn.Select((one, place) => new Account(
                $"user{place}@a.test", new ScramSalt(one.Item1, one.Item2),
                [.. Enumerable.Range(0, one.Item4 + 1).Select(label => new AccountPassword(label == 0 ? "" : $"device {label}", new ScramVerifier(one.Item3.AsSpan(0, 32), one.Item3.AsSpan(32))))]))];
            var text = AccountFile.Write(accounts);
            Assert.True(AccountFile.TryRead(text, out var read, out _));
            Assert.Equal(text, AccountFile.Write(read));
            Assert.Equal(accounts.Select(account => (account.Name, account.Passwords.Count)), read.Select(account => (account.Name, account.Passwords.Count)));
        });

    [Fact]
    public void AFileCutAnywhere_IsReadUpToThere_OrNamesItsLastLine()
    {
        var text = Encoding.ASCII.GetBytes($"u\t-\t{Verifier}\nv\tphone\t{Verifier}\n");
        for (int length = 0; length <= text.Length; length++)
        {
            bool read = AccountFile.TryRead(text.AsSpan(0, length), out var accounts, out var fault);
            int line = 1 + text.AsSpan(0, length).Count((byte)'\n');
            // Without its last line end a line is still whole.
            Assert.True(read ? accounts!.Count == line - (length > 0 && text[length - 1] != '\n' ? 0 : 1) : fault!.Line == line, $"{length}");
        }
    }

    [Fact]
    public void ATable_FindsNamesInAnyCase_AndInventsSaltsThatStay()
    {
        Assert.True(AccountFile.TryRead(Encoding.ASCII.GetBytes($"u@a.test\t-\t{Verifier}\n"), out var accounts, out _));
        var table = new AccountTable(accounts, _secret);
        Assert.True(table.TryFind("U@A.test"u8, out var account));
        Assert.Equal("u@a.test", account.Name);
        Assert.False(table.TryFind("v@a.test"u8, out var nobody));
        Assert.Null(nobody.Find("secret"u8));
        Assert.False(table.TryFind("V@a.test"u8, out var again));
        Assert.Equal(nobody.Salt.Salt.ToArray(), again.Salt.Salt.ToArray());
        Assert.False(table.TryFind("w@a.test"u8, out var another));
        Assert.NotEqual(nobody.Salt.Salt.ToArray(), another.Salt.Salt.ToArray());
        Assert.False(table.TryFind("no name"u8, out _));
        Assert.False(table.TryFind(""u8, out _));
        Assert.False(table.TryFind([0xff, 0], out _));
        Assert.False(new AccountTable(accounts, [.. "other secret of any length"u8]).TryFind("v@a.test"u8, out another));
        Assert.NotEqual(nobody.Salt.Salt.ToArray(), another.Salt.Salt.ToArray());
    }

    [Theory]
    [InlineData("phone", true)]
    [InlineData("my phone", true)]
    [InlineData("-", false)]
    [InlineData("", false)]
    [InlineData(" x", false)]
    [InlineData("x ", false)]
    [InlineData("x\ty", false)]
    [InlineData("ü", false)]
    public void ALabel_IsPlainText(string text, bool isOne) => Assert.Equal(isOne, AccountFile.IsLabel(Encoding.UTF8.GetBytes(text)));

    private static bool Reads(string text, out string? reason)
    {
        bool read = AccountFile.TryRead(Encoding.ASCII.GetBytes(text), out _, out var fault);
        reason = fault?.Reason;
        return read;
    }
}
