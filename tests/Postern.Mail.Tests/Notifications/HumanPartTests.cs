namespace Postern.Mail.Tests.Notifications;

/// <summary>What a person reads.</summary>
public class HumanPartTests
{
    [Fact]
    public void Failure_IsToldWithItsReason()
    {
        var composed = new Composed(Composed.Of(
            "Subject: t\r\n", "", false, Composed.Recipient(text: "550 5.1.1 <u@f.test>: Recipient address rejected: User unknown in virtual mailbox table")));
        Assert.Equal(
            "This is the mail server mx.a.test.\r\n"
            + "\r\n"
            + "Your message could not be delivered to the recipients below. It will not be\r\n"
            + "tried again.\r\n"
            + "\r\n"
            + "  <u@f.test>\r\n"
            + "    There is no such mailbox. Please check the spelling of the address.\r\n"
            + "    mx.f.test [192.0.2.1] said:\r\n"
            + "    550 5.1.1 <u@f.test>: Recipient address rejected: User unknown in\r\n"
            + "    virtual mailbox table\r\n"
            + "\r\n"
            + "The message came in on Mon, 23 Nov 2026 20:00:00 +0000\r\n"
            + "and is known here as 0000000000001.\r\n"
            + "Its header is attached.\r\n",
            composed.ContentOf(0));
    }

    [Theory]
    [InlineData(NotifiedAction.Failed, "Your message could not be delivered", "will not be")]
    [InlineData(NotifiedAction.Delayed, "Your message is delayed", "You need not do anything")]
    [InlineData(NotifiedAction.Delivered, "Your message was delivered", "was delivered to the recipients")]
    [InlineData(NotifiedAction.Relayed, "Your message was passed on", "does not report further")]
    [InlineData(NotifiedAction.Expanded, "Your message was delivered to a list", "to the lists below")]
    public void EachAction_HasItsOwnWords(NotifiedAction action, string subject, string words)
    {
        var composed = new Composed(Composed.Of(Composed.Recipient(action)));
        Assert.Contains($"Subject: {subject}\r\n", composed.Header, StringComparison.Ordinal);
        Assert.Contains(words, composed.Human.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(action == NotifiedAction.Delayed, composed.Human.Contains("It will be tried until Sat, 28 Nov 2026", StringComparison.Ordinal));
    }

    [Fact]
    public void MixedActions_AreToldInGroupsTheWorstFirst()
    {
        var composed = new Composed(Composed.Of(
            Composed.Recipient(NotifiedAction.Delivered, "ok@f.test"), Composed.Recipient(mailbox: "bad@f.test"), Composed.Recipient(NotifiedAction.Delivered, "ok2@f.test")));
        Assert.Contains("Subject: Your message could not be delivered\r\n", composed.Header, StringComparison.Ordinal);
        int bad = composed.Human.IndexOf("<bad@f.test>", StringComparison.Ordinal);
        int ok = composed.Human.IndexOf("<ok@f.test>", StringComparison.Ordinal);
        int ok2 = composed.Human.IndexOf("<ok2@f.test>", StringComparison.Ordinal);
        Assert.True(bad > 0 && bad < ok && ok < ok2);
        Assert.Equal(2, composed.Human.Split("was delivered to the recipients").Length);
    }

    [Fact]
    public void SuccessWithoutWords_NamesWhoTookIt() =>
        Assert.Contains(
            "    mx.f.test [192.0.2.1] took it.\r\n", new Composed(Composed.Of(Composed.Recipient(NotifiedAction.Relayed, text: ""))).Human, StringComparison.Ordinal);

    [Fact]
    public void ReportToPostmaster_SaysWhyItComes()
    {
        var told = Composed.Of("Subject: t\r\n", "", true, "postmaster@mx.a.test", false, Composed.Recipient(mailbox: "s@f.test"));
        var composed = new Composed(new Notification
        {
            ReportingHost = told.ReportingHost,
            From = told.From,
            To = told.To,
            IsLastResort = true,
            Id = told.Id,
            Message = told.Message,
            Date = told.Date,
            Arrived = told.Arrived,
            Recipients = told.Recipients,
            Original = told.Original,
            OriginalIsFull = told.OriginalIsFull,
        });
        Assert.Contains("Subject: A message without a sender could not be delivered\r\n", composed.Header, StringComparison.Ordinal);
        Assert.Contains(
            "  A message without a sender could not be delivered to the recipients below. It will not be tried again. Most such messages are "
            + "reports of others that could not be delivered. As there is nobody else to tell, this goes to you, the postmaster.    <s@f.test> ",
            composed.Human.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Your message", composed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OurOwnWords_AreNobodysSaying()
    {
        var composed = new Composed(Composed.Of(Composed.Recipient(host: "", text: "mx.f.test [192.0.2.1]:25 did not answer in time")));
        Assert.DoesNotContain("said:", composed.Human, StringComparison.Ordinal);
        Assert.Contains("    mx.f.test [192.0.2.1]:25 did not answer in time\r\n", composed.Human, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: x-postern; mx.f.test [192.0.2.1]:25 did not answer in time\r\n", composed.Status, StringComparison.Ordinal);
    }

    [Fact]
    public void LongWords_StayWhole()
    {
        string word = new('x', 200);
        string human = new Composed(Composed.Of(Composed.Recipient(text: $"a {word} b"))).Human;
        Assert.Contains($"    a\r\n    {word}\r\n    b\r\n", human, StringComparison.Ordinal);
        Assert.Contains($"    {word}\r\n", new Composed(Composed.Of(Composed.Recipient(text: word))).Human, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCodeOfOurs_IsExplainedOrLeftToItsText()
    {
        for (ushort subject = 0; subject < 8; subject++)
        {
            for (ushort detail = 0; detail < 12; detail++)
            {
                string advice = Latin.Text(StatusAdvice.Of(new EnhancedStatus(5, subject, detail)));
                Assert.True(advice.Length == 0 || (advice[^1] == '.' && !advice.Contains('\n', StringComparison.Ordinal)));
            }
        }
    }
}
