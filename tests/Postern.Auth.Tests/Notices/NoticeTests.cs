using Postern.Auth.Notices;
using Postern.Auth.Tests.Harness;
using Postern.Ipc.Submission;
using Postern.Sasl;

namespace Postern.Auth.Tests.Notices;

/// <summary>Who is told of a login from a new place, and who is not (D15).</summary>
public sealed class NoticeTests : IDisposable
{
    private const string Away = "203.0.113.9";

    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"), ("ann@a.test", "phone", "app"), ("bob@a.test", "", "his own"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public void LoginFromANewPlace_IsTold()
    {
        using var queue = _house.StartQueue();
        LogIn("ann@a.test", "secret");
        // The very first is hers, as far as anybody knows.
        Assert.Empty(queue.Messages);
        LogIn("ann@a.test", "app", Away);
        var (envelope, text) = Assert.Single(queue.Messages);
        Assert.Equal("<> Internal SevenBit <ann@a.test> Never", envelope);
        var date = Mail.Rfc5322Date.ToString(_house.Clock.GetUtcNow());
        Assert.Equal(
            $"""
            From: Login Notice <postmaster@a.test>
            To: <ann@a.test>
            Subject: Your account was logged in to from a new place
            Date: {date}
            Message-ID: <{new Mail.MessageId(queue.LastId)}@mx.a.test>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 7bit

            This is the mail server mx.a.test.

            Your account was logged in to from a place where it was not used before,
            or not for half a year:

                account  ann@a.test
                when     {date}
                from     203.0.113.9
                for      sending mail (submission)
                by       PLAIN (phone)

            If that was you, at home with a new provider, say, or on a journey, there is
            nothing to do.

            If it was not, somebody else has what you log in with. Change your password
            (or have the certificate or token taken back), and tell the administrators of
            this server: postmaster@a.test

            """.ReplaceLineEndings("\r\n"),
            text);
        Assert.Contains($"login-notice id={new Mail.MessageId(queue.LastId)} user=\"ann@a.test\" client=203.0.113.9", Log, StringComparison.Ordinal);
    }

    [Fact]
    public void SamePlace_IsToldOnce()
    {
        using var queue = _house.StartQueue();
        LogIn("ann@a.test", "secret");
        LogIn("ann@a.test", "secret", Away);
        LogIn("ann@a.test", "secret", Away);
        LogIn("ann@a.test", "app", "203.0.113.77");
        LogIn("ann@a.test", "secret");
        Assert.Single(queue.Messages);
        // Not after a restart either.
        _house.Open();
        LogIn("ann@a.test", "secret", Away);
        Assert.Single(queue.Messages);
        // For somebody else it is another matter.
        LogIn("bob@a.test", "his own");
        LogIn("bob@a.test", "his own", Away);
        Assert.Equal(["ann@a.test", "bob@a.test"], queue.Messages.Select(one => one.Envelope.Split('<', '>')[3]));
        // Who was not seen there for half a year is a stranger again.
        _house.Clock.Advance(TimeSpan.FromDays(181));
        LogIn("bob@a.test", "his own", Away);
        Assert.Equal(3, queue.Messages.Count);
    }

    [Fact]
    public void WhatIsNoLogin_IsNotTold()
    {
        using var queue = _house.StartQueue();
        LogIn("ann@a.test", "secret");
        Assert.Equal("Refused", _house.LogIn("ann@a.test", "wrong", Away));
        Assert.Equal("Refused", _house.LogIn("nobody@a.test", "wrong", Away));
        var abandoned = _house.Begin(SaslMechanism.Login, hasMessage: false, from: Away);
        _house.End(abandoned);
        Assert.Empty(queue.Messages);
    }

    [Fact]
    public void OneAccount_HasFewADay()
    {
        using var queue = _house.StartQueue();
        LogIn("ann@a.test", "secret");
        LogIn("bob@a.test", "his own");
        Travel("ann@a.test", "secret", 10);
        Assert.Equal(NoticeCounts.MaxPerDay, queue.Messages.Count);
        Assert.Equal(10 - NoticeCounts.MaxPerDay, Log.Split("login-notice-dropped reason=one-too-many user=\"ann@a.test\"").Length - 1);
        // The log has all of them, and others are told.
        Assert.Equal(10, Log.Split("login-new-network").Length - 1);
        LogIn("bob@a.test", "his own", Away);
        Assert.Equal(NoticeCounts.MaxPerDay + 1, queue.Messages.Count);
        _house.Clock.Advance(TimeSpan.FromDays(1));
        LogIn("ann@a.test", "secret", "198.51.100.1");
        Assert.Equal(NoticeCounts.MaxPerDay + 2, queue.Messages.Count);
    }

    [Fact]
    public void DayOfTheLimit_EndsADayAfterItsBeginning()
    {
        var counts = new NoticeCounts(_house.Clock);
        for (var count = 0; count < NoticeCounts.MaxPerDay; count++) Assert.True(counts.TryAdd("ann"));
        _house.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.False(counts.TryAdd("ann"));
        Assert.True(counts.TryAdd("bob"));
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(counts.TryAdd("ann"));
    }

    [Fact]
    public void WithoutAQueue_NoticesWait_ButNotAnyNumber()
    {
        LogIn("ann@a.test", "secret");
        LogIn("ann@a.test", "secret", Away);
        using var queue = _house.StartQueue();
        Assert.Single(queue.Messages);
        queue.Dispose();
        _house.Settle();
        // As many accounts as have a notice each.
        var many = Enumerable.Range(0, NoticeLine.MaxWaiting + 5).Select(number => $"u{number}@a.test").ToArray();
        foreach (var name in many) _house.Notices.Tell(Login(name));
        _house.Settle();
        Assert.Equal(5, Log.Split("login-notice-dropped reason=no-queue").Length - 1);
        using var next = _house.StartQueue();
        Assert.Equal(many[..NoticeLine.MaxWaiting], next.Messages.Select(one => one.Envelope.Split('<', '>')[3]));
    }

    [Theory]
    [InlineData(QueueCondition.Full)]
    [InlineData(QueueCondition.Draining)]
    public void WhileTheQueueTakesNothing_NoticesWait(QueueCondition condition)
    {
        using var queue = _house.StartQueue(condition);
        _house.Notices.Tell(Login("ann@a.test"));
        _house.Settle();
        Assert.Empty(queue.Messages);
        queue.Tell(QueueCondition.Accepting);
        _house.Settle();
        Assert.Single(queue.Messages);
    }

    [Fact]
    public void QueueThatDiesBeforeItsAnswer_IsAskedAgain()
    {
        using var queue = _house.StartQueue();
        queue.Outcome = null;
        _house.Notices.Tell(Login("ann@a.test"));
        _house.Notices.Tell(Login("bob@a.test"));
        _house.Settle();
        Assert.Single(queue.Messages);
        queue.Dispose();
        _house.Settle();
        using var next = _house.StartQueue();
        Assert.Equal(["ann@a.test", "bob@a.test"], next.Messages.Select(one => one.Envelope.Split('<', '>')[3]));
    }

    [Fact]
    public void WhatTheQueueRefuses_IsLogged_AndTheNextOneGoesOn()
    {
        using var queue = _house.StartQueue();
        queue.Outcome = SubmissionOutcome.Full;
        _house.Notices.Tell(Login("ann@a.test"));
        _house.Settle();
        queue.Outcome = SubmissionOutcome.Committed;
        _house.Notices.Tell(Login("bob@a.test"));
        _house.Settle();
        Assert.Equal(2, queue.Messages.Count);
        Assert.Contains("login-notice-dropped reason=Full user=\"ann@a.test\"", Log, StringComparison.Ordinal);
        Assert.Contains("user=\"bob@a.test\"", Log.Split("login-notice ")[^1], StringComparison.Ordinal);
    }

    [Theory]
    // Accounts of Dovecot's may be named in any way.
    [InlineData("ann")]
    [InlineData("a@b@c")]
    [InlineData("ann@")]
    public void AccountThatIsNoAddress_IsNotTold(string name)
    {
        using var queue = _house.StartQueue();
        _house.Notices.Tell(Login(name));
        _house.Settle();
        Assert.Empty(queue.Messages);
        Assert.Contains("login-notice-dropped reason=no-address", Log, StringComparison.Ordinal);
    }

    [Fact]
    public void NoticeThatWaits_GoesOutWhateverIsWantedMeanwhile()
    {
        using var queue = _house.StartQueue(QueueCondition.Full);
        _house.Notices.Tell(Login("ann@a.test"));
        _house.Notices.Origin = null;
        queue.Tell(QueueCondition.Accepting);
        _house.Settle();
        Assert.Contains("mail server mx.a.test", Assert.Single(queue.Messages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNoneAreWanted_NobodyIsTold()
    {
        using var queue = _house.StartQueue();
        _house.Notices.Origin = null;
        LogIn("ann@a.test", "secret");
        LogIn("ann@a.test", "secret", Away);
        Assert.Empty(queue.Messages);
        Assert.DoesNotContain("login-notice", Log, StringComparison.Ordinal);
    }

    [Fact]
    public void AddressBeyondAscii_IsSaidToBeSo()
    {
        using var queue = _house.StartQueue();
        _house.Notices.Tell(Login("jörg@a.test"));
        _house.Settle();
        var (envelope, text) = Assert.Single(queue.Messages);
        Assert.Equal("<> Internal EightBitMime SMTPUTF8 <jörg@a.test> Never", envelope);
        Assert.Contains("\r\nTo: <jörg@a.test>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Transfer-Encoding: 8bit\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    // Every kind of label and mechanism, and the longest name: no line is longer than a message may have, and none has a control.
    [InlineData(SaslMechanism.ScramSha256Plus, "phone) (x", "2001:db8::1")]
    [InlineData(SaslMechanism.OAuthBearer, "", "192.0.2.1")]
    [InlineData(SaslMechanism.External, "certificate 0123456789abcdef", "::1")]
    public void Notice_IsOneWellFormedMessage(SaslMechanism mechanism, string label, string address)
    {
        Assert.True(Text.IpAddress.TryParse(address, out var client));
        var name = $"{new string('a', 64)}@{new string('b', 63)}.{new string('c', 63)}.{new string('d', 59)}";
        Assert.True(Mail.Mailbox.TryParse(name, out var user));
        var login = Login(name) with { Mechanism = mechanism, Detail = label, Address = client };
        var lines = System.Text.Encoding.ASCII.GetString(new PlaceNotice(_house.Notices.Origin!, user, login).Write(new Mail.MessageId(ulong.MaxValue))).Split("\r\n");
        Assert.All(lines, line => Assert.True(line.Length <= 998 && line.All(letter => letter is >= ' ' and <= '~')));
        Assert.Equal(9, Array.IndexOf(lines, ""));
        Assert.Contains($"    from     {client}", lines);
        Assert.Contains($"    by       {SaslMechanismNames.Of(mechanism)}{(label.Length > 0 ? $" ({label})" : "")}", lines);
    }

    private string Log => _house.Log.ToString();

    private void LogIn(string name, string password, string from = AuthHouse.Home) => Assert.Equal($"LoggedIn {name}", _house.LogIn(name, password, from));

    private void Travel(string name, string password, int places)
    {
        for (var place = 0; place < places; place++) LogIn(name, password, $"10.0.{place}.1");
    }

    private LoginRecord Login(string name) => _house.LoginOf(name, Away);
}
