using Postern.Mail;
using Postern.Queue.Tests.Storage;

namespace Postern.Queue.Tests.Delivery;

/// <summary>One message to very many domains is an attempt for each of them, and costs as much as its recipients, not their square.</summary>
public sealed class MailingTests
{
    private const int Domains = 300;

    /// <summary>At the commit, and for the first attempt.</summary>
    private const int FewReads = 2;

    [Fact]
    public void LongEnvelope_IsReadOnceForAllAttempts_WhateverComesInBetween()
    {
        using var log = new CountingLog(RigStorage.New(1 << 20).Log, longBytes: 20 * Domains);
        using var rig = new QueueRig(log);
        var recipients = Enumerable.Range(0, Domains).Select(number => $"u{number}@domain{number}.test").ToList();
        rig.Smtpd.Submit("list@a.test", "to all", [.. recipients]);
        rig.Turn();
        var (told, others) = (new List<string>(), 0);
        while (rig.Remote.Attempts.Count > 0)
        {
            if (others < Domains / 2)
            {
                others++;
                rig.Smtpd.Submit("somebody@a.test", "to one", $"other@else{others}.test");
                rig.Turn();
            }

            told.AddRange(rig.Remote.Attempts.SelectMany(attempt => attempt.Recipients).Select(recipient => recipient.Address));
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Assert.Equal(recipients.Order(), told.Where(address => !address.StartsWith("other", StringComparison.Ordinal)).Order());
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
        Assert.InRange(log.LongReads, 1, FewReads);
    }

    // What is kept of one message's envelope must never be taken for another's.
    [Fact]
    public void SeveralMailingsAtOnce_EachHaveTheirOwnRecipients()
    {
        using var rig = new QueueRig();
        var expected = new List<(string Sender, string Address)>();
        for (var mailing = 0; mailing < 3; mailing++)
        {
            var recipients = Enumerable.Range(0, Domains).Select(number => $"u{number}.{mailing}@domain{number}.test").ToArray();
            expected.AddRange(recipients.Select(address => ($"list{mailing}@a.test", address)));
            rig.Smtpd.Submit($"list{mailing}@a.test", $"content {mailing}", recipients);
        }

        rig.Turn();
        var told = new List<(string, string)>();
        while (rig.Remote.Attempts.Count > 0)
        {
            foreach (var attempt in rig.Remote.Attempts)
            {
                Assert.Equal($"content {attempt.Sender[4]}", attempt.Content.ToString());
                told.AddRange(attempt.Recipients.Select(recipient => (attempt.Sender, recipient.Address)));
            }

            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Assert.Equal(expected.Order(), told.Order());
    }
}
