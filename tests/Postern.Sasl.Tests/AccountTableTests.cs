using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>Whether a name is somebody's must not be seen from what it is answered with, whatever server the accounts came from. D5.</summary>
public sealed class AccountTableTests
{
    private static readonly byte[] _secret = [.. "a secret of this test"u8];

    [Fact]
    public void UnknownNames_HaveTheShapeThatAllAccountsHave()
    {
        var table = new AccountTable([Of("ann", 12, 4096), Of("bob", 12, 4096)], _secret);
        for (int i = 0; i < 50; i++)
        {
            Assert.False(table.TryFind(Encoding.ASCII.GetBytes($"nobody{i}"), out var nobody));
            Assert.Equal((12, 4096), ShapeOf(nobody));
        }
    }

    [Fact]
    public void ShapesThatSomeAccountsHave_AreAsFrequentAmongUnknownNames()
    {
        var accounts = Enumerable.Range(0, 100).Select(i => i < 30 ? Of($"u{i}", 64, 10_000) : i < 90 ? Of($"u{i}", 16, ScramSalt.DefaultIterations) : Of($"u{i}", 8, 4096));
        var table = new AccountTable(accounts, _secret);
        var counts = Enumerable.Range(0, 10_000).Select(i => ShapeOf(Unknown(table, $"nobody{i}"))).CountBy(shape => shape).ToDictionary();
        Assert.Equal(3, counts.Count);
        Assert.InRange(counts[(64, 10_000)], 2_700, 3_300);
        Assert.InRange(counts[(16, ScramSalt.DefaultIterations)], 5_700, 6_300);
        Assert.InRange(counts[(8, 4096)], 700, 1_300);
    }

    [Fact]
    public void UnknownName_KeepsItsSalt_WhenAccountsComeThatHaveTheSameShape()
    {
        var before = new AccountTable([Of("ann", 16, 4096)], _secret);
        var after = new AccountTable([Of("ann", 16, 4096), Of("bob", 16, 4096)], _secret);
        Assert.Equal(Unknown(before, "nobody").Salt.Salt.ToArray(), Unknown(after, "NOBODY").Salt.Salt.ToArray());
        Assert.NotEqual(Unknown(before, "nobody").Salt.Salt.ToArray(), Unknown(after, "nobody2").Salt.Salt.ToArray());
        Assert.NotEqual(Unknown(before, "nobody").Salt.Salt.ToArray(), Unknown(new AccountTable([], [.. "another secret of it"u8]), "nobody").Salt.Salt.ToArray());
    }

    [Fact]
    public void AccountWithAnotherShape_ChangesThatOfFewUnknownNames()
    {
        var accounts = Enumerable.Range(0, 100).Select(i => Of($"u{i}", 16, 4096)).ToList();
        var before = new AccountTable(accounts, _secret);
        var after = new AccountTable([.. accounts, Of("other", 32, 30_000)], _secret);
        int changed = Enumerable.Range(0, 10_000).Count(i => !Unknown(before, $"nobody{i}").Salt.Salt.Span.SequenceEqual(Unknown(after, $"nobody{i}").Salt.Salt.Span));
        Assert.InRange(changed, 1, 300);
    }

    [Fact]
    public void WithoutAccounts_UnknownNamesLookLikeNewOnes()
    {
        var nobody = Unknown(new AccountTable([], _secret), "nobody");
        Assert.Equal((ScramSalt.SaltLength, ScramSalt.DefaultIterations), ShapeOf(nobody));
    }

    [Fact]
    public void UnknownName_HasAPasswordToCompareWith_AsAnAccountHas()
    {
        // What is compared takes time, too, and no password is right.
        var nobody = Unknown(new AccountTable([], _secret), "nobody");
        Assert.Single(nobody.Passwords);
        Assert.Null(nobody.Find("secret"u8));
    }

    private static Account Unknown(AccountTable table, string name)
    {
        Assert.False(table.TryFind(Encoding.ASCII.GetBytes(name), out var account));
        return account;
    }

    private static (int Length, int Iterations) ShapeOf(Account account) => (account.Salt.Salt.Length, account.Salt.Iterations);

    private static Account Of(string name, int length, int iterations)
    {
        var salt = new ScramSalt(Enumerable.Range(0, length).Select(i => (byte)(i + name.Length)).ToArray(), iterations);
        return new Account(name, salt, [new AccountPassword("", new ScramVerifier(new byte[32], new byte[32]))]);
    }
}
