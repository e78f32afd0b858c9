using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>SCRAM-SHA-256 from the first message to the login. D3, D5.</summary>
public sealed class ScramTests
{
    private const string OwnNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    private static readonly ChannelBinding _binding = new("hash of a certificate"u8.ToArray(), "keying material of 32 bytes, yes"u8.ToArray());

    private readonly FixedAccounts _accounts = new FixedAccounts()
        .Add("user", new ScramSalt(Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096), "pencil")
        .Add("alice@a.test", "open sesame", "for the phone")
        .Add("a,b=c", "pw");

    [Fact]
    public void TheExampleOfTheRfc_IsPlayedToTheByte()
    {
        // RFC 7677 §3.
        var exchange = Begin();
        Assert.Equal("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", Ask(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Ask(exchange,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
        Assert.Equal(new Login("user", ""), exchange.Next(""u8).Login);
    }

    [Theory]
    [InlineData("alice@a.test", "open sesame", "")]
    // Names compare as addresses do.
    [InlineData("Alice@A.test", "open sesame", "")]
    [InlineData("alice@a.test", "for the phone", "app 1")]
    [InlineData("a=2Cb=3Dc", "pw", "")]
    public void TheRightPassword_LogsIn(string name, string password, string label)
    {
        var client = new ScramClient(name, password);
        var exchange = Begin();
        var farewell = Converse(exchange, client);
        Assert.Equal(client.Farewell, farewell);
        Assert.Equal(label, exchange.Next(""u8).Login!.Label);
    }

    [Theory]
    [InlineData("alice@a.test", "wrong")]
    [InlineData("nobody", "open sesame")]
    // Its hash is a string of printable characters, and nobody's password.
    [InlineData("nobody", "")]
    public void TheWrongPassword_IsRefusedAtTheEnd(string name, string password)
    {
        var client = new ScramClient(name, password);
        var exchange = Begin();
        var step = exchange.Next(Encoding.UTF8.GetBytes(client.Final(Ask(exchange, client.First))));
        Assert.Equal(SaslFailure.Refused, step.Failure);
        Assert.Equal(SaslFailure.Malformed, exchange.Next(""u8).Failure);
    }

    [Fact]
    public void AnUnknownName_HasASaltThatStays()
    {
        var first = Ask(Begin(), "n,,n=nobody,r=rOprNGfwEbeRWgbNEkqO");
        Assert.Equal(first, Ask(Begin(), "n,,n=nobody,r=rOprNGfwEbeRWgbNEkqO"));
        Assert.NotEqual(first, Ask(Begin(), "n,,n=nobody2,r=rOprNGfwEbeRWgbNEkqO"));
        Assert.EndsWith($",i={ScramSalt.DefaultIterations}", first);
    }

    [Theory]
    [InlineData("p=tls-server-end-point,,", "hash of a certificate")]
    [InlineData("p=tls-exporter,,", "keying material of 32 bytes, yes")]
    public void BoundToTheConnection_LogsIn(string head, string binding)
    {
        var client = new ScramClient("user", "pencil", head, Encoding.ASCII.GetBytes(binding));
        var exchange = new ScramExchange(_accounts, _binding, isPlus: true, Encoding.ASCII.GetBytes(OwnNonce));
        var farewell = Converse(exchange, client);
        Assert.Equal(client.Farewell, farewell);
        Assert.NotNull(exchange.Next(""u8).Login);
    }

    [Theory]
    // Another connection's: somebody stands between.
    [InlineData("p=tls-server-end-point,,", "another certificate")]
    [InlineData("p=tls-exporter,,", "hash of a certificate")]
    [InlineData("p=tls-exporter,,", "")]
    public void BoundToAnotherConnection_IsRefused(string head, string binding)
    {
        var client = new ScramClient("user", "pencil", head, Encoding.ASCII.GetBytes(binding));
        var exchange = new ScramExchange(_accounts, _binding, isPlus: true, Encoding.ASCII.GetBytes(OwnNonce));
        var step = exchange.Next(Encoding.UTF8.GetBytes(client.Final(Ask(exchange, client.First))));
        Assert.Equal(SaslFailure.WrongBinding, step.Failure);
    }

    [Theory]
    // The client believes that this server has no bindings: it was shown another list of mechanisms than ours.
    [InlineData(false, "y,,n=user,r=x", SaslFailure.WrongBinding)]
    [InlineData(false, "p=tls-exporter,,n=user,r=x", SaslFailure.Malformed)]
    [InlineData(true, "n,,n=user,r=x", SaslFailure.Malformed)]
    [InlineData(true, "y,,n=user,r=x", SaslFailure.Malformed)]
    // Bindings that are unknown, or (RFC 9266) not for TLS 1.3.
    [InlineData(true, "p=tls-unique,,n=user,r=x", SaslFailure.WrongBinding)]
    [InlineData(true, "p=,,n=user,r=x", SaslFailure.Malformed)]
    public void ABindingThatDoesNotFit_IsRefused(bool isPlus, string message, SaslFailure failure) =>
        Assert.Equal(failure, new ScramExchange(_accounts, _binding, isPlus, "own"u8).Next(Encoding.UTF8.GetBytes(message)).Failure);

    [Fact]
    public void WithoutTls_YIsTrue() =>
        Assert.True(new ScramExchange(_accounts, default, isPlus: false, "own"u8).Next("y,,n=user,r=x"u8).GoesOn);

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("n,")]
    [InlineData("n,,")]
    [InlineData(",,n=user,r=x")]
    [InlineData("x,,n=user,r=x")]
    [InlineData("n,b=user,n=user,r=x")]
    [InlineData("n,a=,n=user,r=x")]
    [InlineData("n,,n=,r=x")]
    [InlineData("n,,n=user")]
    [InlineData("n,,n=user,")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=user,r=x,")]
    [InlineData("n,,r=x,n=user")]
    // An extension that must be understood.
    [InlineData("n,,m=x,n=user,r=x")]
    [InlineData("n,,n=us=er,r=x")]
    [InlineData("n,,n=us=2cer,r=x")]
    [InlineData("n,,n=us=2")]
    [InlineData("n,,n=us\0er,r=x")]
    [InlineData("n,,n=user,r=x y")]
    [InlineData("n,,n=user,r=x\u0001")]
    public void AFirstMessageThatIsNone_EndsIt(string message)
    {
        var exchange = Begin();
        Assert.Equal(SaslFailure.Malformed, exchange.Next(Encoding.UTF8.GetBytes(message)).Failure);
        Assert.Equal(SaslFailure.Malformed, exchange.Next("n,,n=user,r=x"u8).Failure);
    }

    [Fact]
    public void LongParts_EndIt()
    {
        Assert.True(Begin().Next(Encoding.ASCII.GetBytes($"n,,n={new string('u', 512)},r={new string('x', 512)}")).GoesOn);
        Assert.Equal(SaslFailure.Malformed, Begin().Next(Encoding.ASCII.GetBytes($"n,,n={new string('u', 513)},r=x")).Failure);
        Assert.Equal(SaslFailure.Malformed, Begin().Next(Encoding.ASCII.GetBytes($"n,,n=u,r={new string('x', 513)}")).Failure);
        Assert.Equal(SaslFailure.Malformed, Begin().Next(Encoding.ASCII.GetBytes($"n,a={new string('u', 513)},n=u,r=x")).Failure);
    }

    [Theory]
    [InlineData("n,a=user,", SaslFailure.None)]
    [InlineData("n,a=alice@a.test,", SaslFailure.NotAuthorized)]
    [InlineData("n,a=us=2Cer,", SaslFailure.NotAuthorized)]
    public void NobodyActsAsAnother(string head, SaslFailure failure) =>
        Assert.Equal(failure, Begin().Next(Encoding.ASCII.GetBytes(head + "n=user,r=x")).Failure);

    [Theory]
    [InlineData("")]
    [InlineData("c=biws")]
    [InlineData("c=biws,r={r}")]
    [InlineData("c=biws,r={r},p=")]
    [InlineData("c=biws,r={r},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndV==")]
    [InlineData("c=biws,r={r},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ")]
    // Bits behind the end, and one byte more.
    [InlineData("c=biws,r={r},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVR=")]
    [InlineData("c=biws,r={r},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQQ")]
    [InlineData("r={r},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    public void AFinalMessageThatIsNone_EndsIt(string message)
    {
        var exchange = Begin();
        _ = Ask(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        Assert.Equal(SaslFailure.Malformed, exchange.Next(Encoding.ASCII.GetBytes(message.Replace("{r}", "rOprNGfwEbeRWgbNEkqO" + OwnNonce))).Failure);
    }

    [Fact]
    public void TheNonceOfAnotherExchange_IsRefused()
    {
        var client = new ScramClient("user", "pencil");
        var exchange = Begin();
        var final = client.Final(Ask(exchange, client.First), nonce => nonce[..^1] + "x");
        Assert.Equal(SaslFailure.Malformed, exchange.Next(Encoding.ASCII.GetBytes(final)).Failure);
    }

    [Fact]
    public void WordsBehindTheServersProof_AreNoLogin()
    {
        var client = new ScramClient("user", "pencil");
        var exchange = Begin();
        _ = Converse(exchange, client);
        Assert.Equal(SaslFailure.Malformed, exchange.Next("x"u8).Failure);
    }

    [Fact]
    public void AFinalMessageWithAnyByteChanged_IsNoLogin()
    {
        var client = new ScramClient("user", "pencil");
        var final = Encoding.ASCII.GetBytes(client.Final(Ask(Begin(), client.First)));
        for (int at = 0; at < final.Length; at++)
        {
            var exchange = Begin();
            _ = Ask(exchange, client.First);
            byte[] changed = [.. final];
            changed[at] ^= 1;
            Assert.False(exchange.Next(changed).GoesOn, $"byte {at}");
        }
    }

    private ScramExchange Begin() => new(_accounts, default, isPlus: false, Encoding.ASCII.GetBytes(OwnNonce));

    private static string Ask(ScramExchange exchange, string message)
    {
        var step = exchange.Next(Encoding.UTF8.GetBytes(message));
        Assert.True(step.GoesOn, step.Failure.ToString());
        return Encoding.ASCII.GetString(step.Challenge.Span);
    }

    private static string Converse(ScramExchange exchange, ScramClient client) => Ask(exchange, client.Final(Ask(exchange, client.First)));
}
