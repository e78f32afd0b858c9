using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>PLAIN, LOGIN and EXTERNAL. D3, D8.</summary>
public sealed class PasswordExchangeTests
{
    private readonly FixedAccounts _accounts = new FixedAccounts().Add("u", "pw", "phone").Add("über", "schön");

    public static TheoryData<string, SaslFailure> Messages => new()
    {
        { "\0u\0pw", SaslFailure.None },
        { "\0U\0pw", SaslFailure.None },
        { "u\0u\0pw", SaslFailure.None },
        { "\0u\0phone", SaslFailure.None },
        // Only himself; and whose password it is, is looked at first.
        { "admin\0u\0pw", SaslFailure.NotAuthorized },
        { "admin\0u\0wrong", SaslFailure.Refused },
        { "\0u\0", SaslFailure.Refused },
        { "\0u\0PW", SaslFailure.Refused },
        { "\0u\0pw ", SaslFailure.Refused },
        { "\0\0", SaslFailure.Refused },
        { "\0\0pw", SaslFailure.Refused },
        { "\0nobody\0pw", SaslFailure.Refused },
        // What unknown names are compared with is nobody's password.
        { "\0u\0no password", SaslFailure.Refused },
        { "\0u\r\nX\0p", SaslFailure.Refused },
        { "\0u\0pw\r\n", SaslFailure.Refused },
        { "", SaslFailure.Malformed },
        { "u\0pw", SaslFailure.Malformed },
        { "\0u\0p\0x", SaslFailure.Malformed },
        { "\0u\0pw\0", SaslFailure.Malformed },
        { "\0../../etc/passwd\0pw", SaslFailure.Refused },
        { "\0*)(uid=*\0pw", SaslFailure.Refused },
        { "\0' OR 1=1--\0pw", SaslFailure.Refused },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Plain_IsJudged(string message, SaslFailure failure) =>
        Assert.Equal(failure, new PlainExchange(_accounts).Next(Encoding.UTF8.GetBytes(message)).Failure);

    [Fact]
    public void Plain_NamesThePasswordThatItWas()
    {
        Assert.Equal(new Login("u", ""), new PlainExchange(_accounts).Next("\0u\0pw"u8).Login);
        Assert.Equal(new Login("u", "app 1"), new PlainExchange(_accounts).Next("\0u\0phone"u8).Login);
    }

    [Fact]
    public void BytesThatAreNoText_AreNobodysPassword()
    {
        Assert.Equal(SaslFailure.Refused, new PlainExchange(_accounts).Next([0, (byte)'u', 0, 0xff]).Failure);
        Assert.Equal(SaslFailure.Refused, new PlainExchange(_accounts).Next([0, .. "u"u8, 0, .. new byte[9000].Select(_ => (byte)'x')]).Failure);
    }

    [Theory]
    [InlineData("u", "pw", SaslFailure.None)]
    [InlineData("u", "phone", SaslFailure.None)]
    [InlineData("u", "wrong", SaslFailure.Refused)]
    [InlineData("nobody", "pw", SaslFailure.Refused)]
    [InlineData("", "", SaslFailure.Refused)]
    [InlineData("u", "p\0w", SaslFailure.Malformed)]
    public void Login_IsJudgedAfterThePassword(string name, string password, SaslFailure failure)
    {
        var exchange = new LoginExchange(_accounts);
        Assert.Equal("Username:"u8.ToArray(), exchange.Invitation.ToArray());
        var step = exchange.Next(Encoding.UTF8.GetBytes(name));
        Assert.Equal("Password:"u8.ToArray(), step.Challenge.ToArray());
        Assert.Equal(failure, exchange.Next(Encoding.UTF8.GetBytes(password)).Failure);
    }

    [Fact]
    public void Login_TakesNoNul() => Assert.Equal(SaslFailure.Malformed, new LoginExchange(_accounts).Next("u\0"u8).Failure);

    [Theory]
    [InlineData("u", "", SaslFailure.None)]
    [InlineData("u", "U", SaslFailure.None)]
    [InlineData("u", "admin", SaslFailure.NotAuthorized)]
    [InlineData("u", "u\0", SaslFailure.Malformed)]
    [InlineData(null, "", SaslFailure.Refused)]
    [InlineData(null, "u", SaslFailure.Refused)]
    public void External_IsTheCertificatesAccount(string? owner, string identity, SaslFailure failure) =>
        Assert.Equal(failure, new ExternalExchange(owner is null ? null : new Login(owner, "")).Next(Encoding.UTF8.GetBytes(identity)).Failure);

    [Theory]
    [InlineData("x", true)]
    [InlineData("open sesame", true)]
    [InlineData("schön", true)]
    [InlineData("пароль", true)]
    [InlineData("", false)]
    [InlineData("tab\t", false)]
    [InlineData("\u007f", false)]
    // Spelled with a mark of its own, and with a letter that stands for another: clients normalise it, or do not.
    [InlineData("scho\u0308n", false)]
    [InlineData("ⅳ", false)]
    [InlineData("ﬁ", false)]
    // A space that is none of ASCII's, and a sign.
    [InlineData("open\u00a0sesame", false)]
    [InlineData("€", false)]
    public void OnlyAPasswordWithOneSpelling_CanBeSet(string text, bool isOne) => Assert.Equal(isOne, PasswordText.IsPassword(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void APassword_HasALimit()
    {
        Assert.True(PasswordText.IsPassword(Encoding.ASCII.GetBytes(new string('x', PasswordText.MaxLength))));
        Assert.False(PasswordText.IsPassword(Encoding.ASCII.GetBytes(new string('x', PasswordText.MaxLength + 1))));
        Assert.False(PasswordText.IsPassword([0xc3]));
    }

    [Fact]
    public void NothingOfAVerifier_IsPrinted() =>
        Assert.Equal("***", ScramVerifier.Create(new ScramSalt("salt"u8.ToArray(), ScramSalt.MinIterations), "pw"u8).ToString());
}
