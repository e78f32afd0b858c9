using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>What a refusal costs: as much for whoever is nobody as for a wrong password, or the time would say who has an account. D6.</summary>
public sealed class EffortTests
{
    private const int Iterations = 5000;

    private readonly AccountTable _accounts = new([Make("ann@a.test", "secret", "phone"), Make("bob@a.test", "secret")], new byte[32]);

    public static TheoryData<string, string> Messages => new()
    {
        { "ann@a.test", "wrong" },
        { "ANN@a.test", "wrong" },
        // Nobody's name, one that can be nobody's, none.
        { "nobody@a.test", "wrong" },
        { "../../etc/passwd", "wrong" },
        { "\u00fc\t", "wrong" },
        { "", "wrong" },
        // What can't be a password.
        { "ann@a.test", "" },
        { "ann@a.test", "tab\t" },
        { "nobody@a.test", "tab\t" },
        { "ann@a.test", "\u20ac" },
        { "ann@a.test", new string('x', 9000) },
        // The right ones; and of somebody else.
        { "ann@a.test", "secret" },
        { "ann@a.test", "phone" },
        { "nobody@a.test", "secret" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void WhateverIsSaid_CostsOneHash(string name, string password)
    {
        Assert.Equal(Iterations, CostOf(() => new PlainExchange(_accounts).Next(Encoding.UTF8.GetBytes($"\0{name}\0{password}"))));
        Assert.Equal(Iterations, CostOf(() => new PlainExchange(_accounts).Next(Encoding.UTF8.GetBytes($"bob@a.test\0{name}\0{password}"))));
        Assert.Equal(Iterations, CostOf(() =>
        {
            var login = new LoginExchange(_accounts);
            Assert.True(login.Next(Encoding.UTF8.GetBytes(name)).GoesOn);
            return login.Next(Encoding.UTF8.GetBytes(password));
        }));
    }

    [Theory]
    [InlineData("ann@a.test", "secret")]
    [InlineData("ann@a.test", "wrong")]
    [InlineData("nobody@a.test", "secret")]
    public void Scram_CostsTheServerNothing(string name, string password) => Assert.Equal(0, CostOf(() =>
    {
        var scram = new ScramExchange(_accounts, default, isPlus: false, "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTC"u8);
        var client = new ScramClient(name, password);
        var first = scram.Next(Encoding.UTF8.GetBytes(client.First));
        Assert.Contains($",i={Iterations}", Encoding.UTF8.GetString(first.Challenge.Span), StringComparison.Ordinal);
        return scram.Next(Encoding.UTF8.GetBytes(client.Final(Encoding.UTF8.GetString(first.Challenge.Span))));
    }));

    private static long CostOf(Func<SaslStep> step)
    {
        var before = ScramKeys.IterationsHere;
        _ = step();
        return ScramKeys.IterationsHere - before;
    }

    private static Account Make(string name, params string[] passwords)
    {
        var salt = new ScramSalt(Encoding.ASCII.GetBytes(name.PadRight(ScramSalt.SaltLength)), Iterations);
        return new Account(name, salt, [.. passwords.Select((password, number) => new AccountPassword(number == 0 ? "" : password, ScramVerifier.Create(salt, Encoding.ASCII.GetBytes(password))))]);
    }
}
