using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>Logging in at another server: what is said, and which servers are believed. I14.</summary>
public sealed class ClientExchangeTests
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string Both = Nonce + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string Challenge = "r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private static readonly ChannelBinding _binding = new("hash of a certificate"u8.ToArray(), "keying material of 32 bytes, yes"u8.ToArray());
    private static readonly ChannelBinding _endPoint = new("hash of a certificate"u8.ToArray(), default);

    [Fact]
    public void TheExampleOfTheRfc_IsPlayedToTheByte()
    {
        // RFC 7677 §3.
        var exchange = Scram("user", "pencil");
        Assert.Equal("n,,n=user,r=" + Nonce, Text(exchange.Initial));
        Assert.Equal($"c=biws,r={Both},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", Say(exchange, Challenge));
        Assert.False(exchange.IsSatisfied);
        Assert.Equal("", Say(exchange, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        Assert.True(exchange.IsSatisfied);
        Assert.Null(Say(exchange, ""));
        Assert.False(exchange.IsSatisfied);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ServerOfOurs_IsLoggedInto(bool isPlus)
    {
        foreach (var binding in isPlus ? [_binding, _endPoint] : new[] { _binding with { TlsExporter = default, TlsServerEndPoint = default }, _binding })
        {
            var server = new ScramExchange(new FixedAccounts().Add("a,b=c", "pw"), isPlus ? binding : default, isPlus, "own"u8);
            var exchange = new ScramClientExchange(Known("a,b=c", "pw"), binding, isPlus, "nonce of ours"u8.ToArray().Where(one => one != ' ').ToArray());
            var proof = exchange.Answer(server.Next(exchange.Initial).Challenge.Span);
            Assert.Empty(Assert.IsType<byte[]>(exchange.Answer(server.Next(proof).Challenge.Span)));
            Assert.True(exchange.IsSatisfied);
            Assert.Equal("a,b=c", server.Next([]).Login!.Name);
        }
    }

    // Another TLS session than the server's own: somebody passes the messages on.
    [Fact]
    public void OtherConnection_IsNotLoggedInto()
    {
        var server = new ScramExchange(new FixedAccounts().Add("user", "pw"), _binding, isPlus: true, "own"u8);
        var exchange = new ScramClientExchange(Known("user", "pw"), new ChannelBinding(default, "keying material of 32 bytes, no."u8.ToArray()), isPlus: true, "nonce"u8);
        var proof = exchange.Answer(server.Next(exchange.Initial).Challenge.Span);
        Assert.Equal(SaslFailure.WrongBinding, server.Next(proof).Failure);
    }

    [Theory]
    [InlineData("p=tls-exporter,,", true, true)]
    [InlineData("p=tls-server-end-point,,", true, false)]
    // What the list did not have although we could have: a server that did offer it knows that somebody changed the list.
    [InlineData("y,,", false, true)]
    public void Head_SaysWhatBindsAndWhatWould(string head, bool isPlus, bool hasExporter)
    {
        var exchange = new ScramClientExchange(Known("user", "pw"), hasExporter ? _binding : _endPoint, isPlus, Encoding.ASCII.GetBytes(Nonce));
        Assert.Equal($"{head}n=user,r={Nonce}", Text(exchange.Initial));
    }

    [Theory]
    // Not ours, ours alone, or none.
    [InlineData("r=%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=" + Nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=" + Both + "\u0001,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    // An extension that must not be passed over (RFC 5802 §5.1).
    [InlineData("m=new," + Challenge)]
    [InlineData("r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ=,i=4096")]
    [InlineData("r=" + Both + ",s=,i=4096")]
    // So few that a listener could guess, and so many that nothing else would be done.
    [InlineData("r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095")]
    [InlineData("r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [InlineData("r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=600001")]
    [InlineData("r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1")]
    [InlineData("r=" + Both + ",s=W22ZaJ0SNY7soEsUEjb6gQ==")]
    [InlineData("e=other-error")]
    [InlineData("")]
    public void ChallengeThatCantBeRight_IsNotAnswered(string challenge)
    {
        var exchange = Scram("user", "pencil");
        Assert.Null(Say(exchange, challenge));
        Assert.Null(Say(exchange, Challenge));
        Assert.False(exchange.IsSatisfied);
    }

    [Theory]
    [InlineData("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95A==")]
    [InlineData("v=")]
    [InlineData("e=invalid-proof")]
    [InlineData("")]
    [InlineData(Challenge)]
    public void ServerThatDoesNotKnowThePassword_IsNotBelieved(string farewell)
    {
        var exchange = Scram("user", "pencil");
        Assert.NotNull(Say(exchange, Challenge));
        Assert.Null(Say(exchange, farewell));
        Assert.False(exchange.IsSatisfied);
        Assert.Null(Say(exchange, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    [Fact]
    public void LongestMessages_AreTaken_AndLongerOnesNot()
    {
        Assert.NotNull(Say(Scram("user", "pencil"), $"r={Nonce}{new string('x', 512 - Nonce.Length)},s={new string('A', 512)},i=4096"));
        Assert.Null(Say(Scram("user", "pencil"), $"r={Nonce}{new string('x', 513 - Nonce.Length)},s={new string('A', 512)},i=4096"));
        Assert.Null(Say(Scram("user", "pencil"), $"r={Both},s={new string('A', 516)},i=4096"));
    }

    [Fact]
    public void Plain_SaysAllAtOnceAndNothingMore()
    {
        var exchange = new PlainClientExchange(Known("user", "pass word"));
        Assert.Equal("\0user\0pass word", Text(exchange.Initial));
        Assert.True(exchange.IsSatisfied);
        Assert.Null(Say(exchange, ""));
    }

    [Fact]
    public void Login_SaysNameAndPasswordAndNothingMore()
    {
        var exchange = new LoginClientExchange(Known("user", "pw"));
        Assert.Null(exchange.Initial);
        Assert.Equal("user", Say(exchange, "Username:"));
        Assert.False(exchange.IsSatisfied);
        Assert.Equal("pw", Say(exchange, "anything"));
        Assert.True(exchange.IsSatisfied);
        Assert.Null(Say(exchange, "Password:"));
        Assert.False(exchange.IsSatisfied);
    }

    [Theory]
    [InlineData("PlainLoginScramSha256ScramSha256Plus", true, SaslMechanism.ScramSha256Plus)]
    [InlineData("PlainLoginScramSha256ScramSha256Plus", false, SaslMechanism.ScramSha256)]
    [InlineData("LoginPlain", true, SaslMechanism.Plain)]
    [InlineData("Login", true, SaslMechanism.Login)]
    [InlineData("ExternalOAuthBearer", true, null)]
    [InlineData("ScramSha256Plus", false, null)]
    public void BestOfWhatIsOffered_IsChosen(string offered, bool isBound, SaslMechanism? chosen) =>
        Assert.Equal(chosen, ClientExchange.Choose(
            mechanism => offered.Replace("ScramSha256Plus", "+", StringComparison.Ordinal).Contains(
                mechanism == SaslMechanism.ScramSha256Plus ? "+" : mechanism.ToString(), StringComparison.Ordinal),
            Known("user", "pw"), isBound ? _binding : default, "nonce"u8)?.Mechanism);

    [Fact]
    public void Password_IsNeverShownAndWipedInTheEnd()
    {
        var password = "pencil"u8.ToArray();
        var credentials = new ClientCredentials("user"u8.ToArray(), password);
        Assert.Equal("***", $"{credentials}");
        Assert.Equal("***", $"{ScramKeys.Derive(password, "salt"u8, 1)}");
        credentials.Dispose();
        Assert.Equal(new byte[6], password);
    }

    private static ClientCredentials Known(string name, string password) => new(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(password));

    private static ScramClientExchange Scram(string name, string password) => new(Known(name, password), default, isPlus: false, Encoding.ASCII.GetBytes(Nonce));

    private static string? Say(ClientExchange exchange, string challenge) => exchange.Answer(Encoding.Latin1.GetBytes(challenge)) is { } answer ? Text(answer) : null;

    private static string Text(byte[]? bytes) => Encoding.UTF8.GetString(Assert.IsType<byte[]>(bytes));
}
