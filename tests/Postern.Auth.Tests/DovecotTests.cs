using Postern.Auth.Sources;
using Postern.Auth.Tests.Harness;
using Postern.Sasl;

namespace Postern.Auth.Tests;

/// <summary>Passwords that Dovecot judges: a clear yes is one, and whatever else it does, hang and die included, lets nobody in (D11).</summary>
public sealed class DovecotTests : IDisposable
{
    private readonly AuthHouse _house = new();
    private readonly FakeDovecot _dovecot;

    public DovecotTests()
    {
        _dovecot = new FakeDovecot(_house.Loop, Path.Join(_house.Folder, "auth-client"))
        {
            Answer = said => said == "|ann@a.test|secret" ? "OK\t#\tuser=ann@a.test\t\n" : "FAIL\t#\tuser=ann@a.test\n",
        };
        _house.Passwords = new DovecotSource(_house.Loop, Path.Join(_house.Folder, "auth-client"), _house.EventLog);
        _house.Open();
    }

    public void Dispose()
    {
        _dovecot.Dispose();
        _house.Dispose();
    }

    [Fact]
    public void RightPassword_LogsIn()
    {
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ANN@a.test", "secret"));
        Assert.Equal($"VERSION\t1\t1|CPID\t{Environment.ProcessId}", string.Join('|', _dovecot.Heard.Take(2)));
        Assert.Equal(
            [$"AUTH\t1\tPLAIN\tservice=smtp\tsecured\tnologin\trip=192.0.2.7\tno-penalty\tresp=AGFubkBhLnRlc3QAc2VjcmV0", $"AUTH\t2\tPLAIN\tservice=smtp\tsecured\tnologin\trip=192.0.2.7\tno-penalty\tresp=AGFubkBhLnRlc3QAc2VjcmV0"],
            _dovecot.Heard.Skip(2));
        Assert.Equal(1, _dovecot.Connections);
    }

    [Fact]
    public void Login_LogsIn()
    {
        var exchange = _house.Begin(SaslMechanism.Login, hasMessage: false);
        _ = _house.Say(exchange, "ann@a.test");
        Assert.Equal($"{exchange} LoggedIn ann@a.test", _house.Say(exchange, "secret"));
    }

    [Theory]
    [InlineData(SaslMechanism.ScramSha256)]
    [InlineData(SaslMechanism.ScramSha256Plus)]
    public void Scram_IsNotThere(SaslMechanism mechanism)
    {
        var exchange = _house.Begin(mechanism);
        Assert.Equal($"{exchange} Unsupported", _house.Answers[^1]);
    }

    [Theory]
    [InlineData("OK\t#\tuser=ann@a.test\n", "LoggedIn ann@a.test")]
    // Dovecot has the last word on who it is: it may know by another name.
    [InlineData("OK\t#\tuser=Ann.Other@a.test\n", "LoggedIn ann.other@a.test")]
    [InlineData("FAIL\t#\tuser=ann@a.test\tcode=authz_fail\n", "Refused")]
    [InlineData("FAIL\t#\n", "Refused")]
    [InlineData("FAIL\t#\tuser=ann@a.test\ttemp\n", "Unavailable")]
    [InlineData("FAIL\t#\tcode=temp_fail\n", "Unavailable")]
    [InlineData("CONT\t#\t\n", "Unavailable")]
    [InlineData("OK\t#\n", "Unavailable")]
    [InlineData("OK\t#\tuser=\n", "Unavailable")]
    [InlineData("OK\t#\tuser=a b\n", "Unavailable")]
    [InlineData("OK\t#\tuser=ann@a.test\tuser=bob@a.test\n", "Unavailable")]
    [InlineData("OK\n", "Unavailable")]
    [InlineData("OK\t-1\tuser=ann@a.test\n", "Unavailable")]
    [InlineData("VERSION\t2\t0\n", "Unavailable")]
    public void Answer_IsTaken(string answer, string verdict)
    {
        _dovecot.Answer = _ => answer;
        Assert.Equal(verdict, _house.LogIn("ann@a.test", "secret"));
        Assert.Equal(0, ((DovecotSource)_house.Passwords!).OpenCount);
    }

    [Theory]
    [InlineData("OK\t2\tuser=ann@a.test\n")]
    [InlineData("ok\t1\tuser=ann@a.test\n")]
    [InlineData("NEW\t1\tuser=ann@a.test\n\n")]
    public void AnswerForNobody_IsNone(string answer)
    {
        _dovecot.Answer = _ => answer;
        var exchange = _house.Begin(SaslMechanism.Plain);
        Assert.Equal("", _house.Say(exchange, "\0ann@a.test\0secret"));
        _house.Clock.Advance(DovecotSource.Patience);
        _house.Settle();
        Assert.Equal($"{exchange} Unavailable", _house.Answers[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("VERSION\t1\t2\nMECH\tPLAIN\n")]
    public void GreetingThatDoesNotEnd_LetsNobodyIn(string greeting)
    {
        _dovecot.Greeting = greeting;
        var exchange = _house.Begin(SaslMechanism.Plain);
        Assert.Equal("", _house.Say(exchange, "\0ann@a.test\0secret"));
        _house.Clock.Advance(TimeSpan.FromSeconds(10));
        _house.Settle();
        Assert.Equal($"{exchange} Unavailable", _house.Answers[^1]);
        Assert.DoesNotContain(_dovecot.Heard, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("VERSION\t2\t0\nMECH\tPLAIN\nDONE\n")]
    [InlineData("MECH\tPLAIN\nDONE\n")]
    [InlineData("VERSION\t1\t2\nMECH\tLOGIN\nDONE\n")]
    [InlineData("OK\t1\tuser=ann@a.test\nVERSION\t1\t2\nMECH\tPLAIN\nDONE\n")]
    public void AnotherGreeting_LetsNobodyIn(string greeting)
    {
        _dovecot.Greeting = greeting;
        Assert.Equal("Unavailable", _house.LogIn("ann@a.test", "secret"));
        Assert.DoesNotContain(_dovecot.Heard, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public void LineWithoutEnd_LetsNobodyIn()
    {
        _dovecot.Answer = _ => new string('x', DovecotLine.MaxLength);
        Assert.Equal("Unavailable", _house.LogIn("ann@a.test", "secret"));
        Assert.Contains("passwords-unavailable reason=\"its line is too long\"", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DovecotThatDies_LetsNobodyIn_AndIsAskedAnew()
    {
        _dovecot.Answer = _ => null;
        var exchange = _house.Begin(SaslMechanism.Plain);
        Assert.Equal("", _house.Say(exchange, "\0ann@a.test\0secret"));
        _dovecot.Die();
        _house.Settle();
        Assert.Equal($"{exchange} Unavailable", _house.Answers[^1]);
        _dovecot.Answer = _ => "OK\t#\tuser=ann@a.test\n";
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Equal(2, _dovecot.Connections);
    }

    [Fact]
    public void NoDovecot_LetsNobodyIn_AndCountsNoGuess()
    {
        _dovecot.Dispose();
        File.Delete(Path.Join(_house.Folder, "auth-client"));
        for (var i = 0; i < 20; i++) Assert.Equal("Unavailable", _house.LogIn("ann@a.test", "secret"));
        // Said once.
        Assert.Single(_house.Log.ToString().Split('\n'), line => line.Contains("passwords-unavailable", StringComparison.Ordinal));
    }

    [Fact]
    public void AnswerThatComesLate_IsForNobody()
    {
        _dovecot.Answer = _ => null;
        var first = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(first, "\0ann@a.test\0secret");
        _house.End(first);
        var second = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(second, "\0ann@a.test\0wrong");
        var before = _house.Answers.Count;
        _dovecot.Say("OK\t1\tuser=ann@a.test\n");
        _house.Settle();
        Assert.Equal(before, _house.Answers.Count);
        _dovecot.Say("FAIL\t2\n");
        _house.Settle();
        Assert.Equal($"{second} Refused", _house.Answers[^1]);
    }

    [Fact]
    public void AnswerThatDoesNotCome_KeepsNobodyElseOut()
    {
        _dovecot.Answer = said => said.StartsWith("|ann", StringComparison.Ordinal) ? null : "OK\t#\tuser=bob@a.test\n";
        var ann = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(ann, "\0ann@a.test\0guess");
        _house.Clock.Advance(DovecotSource.Patience / 2);
        Assert.Equal("LoggedIn bob@a.test", _house.LogIn("bob@a.test", "secret"));
        _dovecot.Answer = _ => null;
        var bob = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(bob, "\0bob@a.test\0secret");
        var before = _house.Answers.Count;
        _house.Clock.Advance(DovecotSource.Patience / 2);
        _house.Settle();
        Assert.Equal([$"{ann} Unavailable"], _house.Answers.Skip(before));
        // Late, and so for nobody.
        _dovecot.Say("OK\t1\tuser=ann@a.test\n");
        _dovecot.Say("OK\t3\tuser=bob@a.test\n");
        _house.Settle();
        Assert.Equal([$"{ann} Unavailable", $"{bob} LoggedIn bob@a.test"], _house.Answers.Skip(before));
        Assert.Equal(1, _dovecot.Connections);
    }

    [Fact]
    public void DovecotThatSaysNothing_IsAskedAnew()
    {
        _dovecot.Answer = _ => null;
        var ann = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(ann, "\0ann@a.test\0secret");
        _house.Clock.Advance(DovecotSource.Patience / 2);
        var bob = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(bob, "\0bob@a.test\0secret");
        _house.Clock.Advance(DovecotSource.Patience / 2);
        _house.Settle();
        Assert.Equal([$"{ann} Unavailable", $"{bob} Unavailable"], _house.Answers);
        _dovecot.Answer = _ => "OK\t#\tuser=ann@a.test\n";
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        Assert.Equal(2, _dovecot.Connections);
    }

    [Fact]
    public void SecondOutage_IsSaid()
    {
        _dovecot.Answer = said => said == "|ann@a.test|late" ? null : "OK\t#\tuser=ann@a.test\n";
        var late = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(late, "\0ann@a.test\0late");
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        _house.Clock.Advance(DovecotSource.Patience);
        _house.Settle();
        Assert.Equal($"{late} Unavailable", _house.Answers[^1]);
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
        _dovecot.Answer = _ => null;
        var lost = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(lost, "\0ann@a.test\0secret");
        _dovecot.Die();
        _house.Settle();
        Assert.Equal($"{lost} Unavailable", _house.Answers[^1]);
        Assert.Equal(
            ["passwords-unavailable reason=\"it does not answer\"", "passwords-unavailable reason=\"it closed the connection\""],
            _house.Log.ToString().Split('\n').Where(line => line.Contains("passwords-", StringComparison.Ordinal)).Select(line => line[line.IndexOf("passwords-", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void AnswersInAnotherOrder_AreNotMixedUp()
    {
        _dovecot.Answer = _ => null;
        var ann = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(ann, "\0ann@a.test\0wrong");
        var bob = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(bob, "\0bob@a.test\0right");
        _dovecot.Say("OK\t2\tuser=bob@a.test\n");
        _house.Settle();
        Assert.Equal($"{bob} LoggedIn bob@a.test", _house.Answers[^1]);
        _dovecot.Say("FAIL\t1\n");
        _house.Settle();
        Assert.Equal($"{ann} Refused", _house.Answers[^1]);
    }

    [Theory]
    [InlineData("ann\tresp=x", "secret")]
    [InlineData("ann\nOK", "secret")]
    [InlineData("../../etc/passwd\n", "x")]
    [InlineData("", "x")]
    [InlineData("ann@a.test", "")]
    public void WhatIsNoName_IsNotAsked(string name, string password)
    {
        Assert.Equal("Refused", _house.LogIn(name, password));
        Assert.Empty(_dovecot.Heard);
    }

    [Fact]
    public void AnotherIdentity_IsNotAsked()
    {
        var exchange = _house.Begin(SaslMechanism.Plain);
        Assert.Equal($"{exchange} Refused", _house.Say(exchange, "bob@a.test\0ann@a.test\0secret"));
        Assert.Empty(_dovecot.Heard);
    }

    [Fact]
    public void Guessing_IsLimitedHere()
    {
        for (var i = 0; i < 8; i++) Assert.Equal("Refused", _house.LogIn("ann@a.test", "wrong"));
        Assert.Equal("Later", _house.LogIn("ann@a.test", "secret"));
        Assert.Equal(8, _dovecot.Heard.Count(line => line.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Fact]
    public void NameThatNeverLoggedIn_IsNotWrittenDown()
    {
        _ = _house.LogIn("my-password", "x");
        Assert.DoesNotContain("my-password", _house.Log.ToString(), StringComparison.Ordinal);
        _ = _house.LogIn("ann@a.test", "secret");
        _ = _house.LogIn("ann@a.test", "wrong");
        Assert.Contains("login-failed outcome=Refused client=192.0.2.7 service=submission mechanism=PLAIN user=\"ann@a.test\"", _house.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SmtpdThatTalksMeanwhile_IsHostile()
    {
        _dovecot.Answer = _ => null;
        var exchange = _house.Begin(SaslMechanism.Plain);
        _ = _house.Say(exchange, "\0ann@a.test\0secret");
        _ = _house.Say(exchange, "\0ann@a.test\0another");
        Assert.True(_house.IsClosed);
    }
}
