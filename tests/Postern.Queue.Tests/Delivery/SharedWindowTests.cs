using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Queue.Tests.Administration;

namespace Postern.Queue.Tests.Delivery;

/// <summary>Domains with the same mail exchangers share what these can bear, and destinations without mail are forgotten.</summary>
public sealed class SharedWindowTests
{
    private const string Hosts = "10 mx1.host.test 20 mx2.host.test";

    [Fact]
    public void DomainsWithTheSameExchangers_ShareOneWindow()
    {
        using var rig = new QueueRig();
        Tell(rig, "one.test", Hosts);
        Tell(rig, "two.test", Hosts);
        for (var i = 0; i < 20; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@one.test");
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@two.test");
        }

        rig.Turn();
        var window = Window(rig, "one.test");
        Assert.Same(window, Window(rig, "two.test"));
        Assert.Equal(window.Size, rig.Remote.Attempts.Count);

        // Both have their turns, and all of it goes out.
        Assert.Equal(2, rig.Remote.Attempts.Select(attempt => attempt.Destination).Distinct().Count());
        var delivered = 0;
        while (rig.Remote.Attempts.Count > 0)
        {
            delivered += rig.Remote.Attempts.Count;
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Assert.Equal(40, delivered);
    }

    [Fact]
    public void OtherExchangers_AreAnotherWindow()
    {
        using var rig = new QueueRig();
        Tell(rig, "one.test", Hosts);
        Tell(rig, "two.test", "10 mx1.host.test");
        Assert.NotSame(Window(rig, "one.test"), Window(rig, "two.test"));

        // A domain that moves to others begins with a window that knows nothing of them.
        var before = Window(rig, "one.test");
        Tell(rig, "one.test", "10 elsewhere.test");
        Assert.NotSame(before, Window(rig, "one.test"));
        Assert.Equal(0, before.Active);
    }

    [Fact]
    public void WhatFailsAtTheSharedHosts_RestsForAllTheirDomains()
    {
        using var rig = new QueueRig();
        Tell(rig, "one.test", Hosts);
        Tell(rig, "two.test", Hosts);
        for (var round = 0; round < 5; round++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{round}@one.test");
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        }

        rig.Smtpd.Submit(new SentMail { Content = "x" }, "y@two.test");
        rig.Turn();
        Assert.Empty(rig.Remote.Attempts);
        // Whoever asks what it waits for is told, though it was never tried itself.
        Assert.Equal("so it was", Assert.Single(Listed(rig), item => item.Recipient == "y@two.test").LastText);
        rig.Pass(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(rig.Remote.Attempts);
    }

    [Fact]
    public void ExchangersOfARoute_AreNotBelieved()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "x@relay.test");
        rig.Turn();
        rig.Remote.Channel.Send(new ExchangersFrame { Delivery = rig.Remote.Single.Delivery, Exchangers = "10 mx1.host.test"u8 });
        rig.Turn();
        Assert.True(rig.Remote.Closed);
    }

    [Theory]
    // Whoever answered is remembered for a day, since it is served before those that never did.
    [InlineData(FaultOf.Peer, 23 * 60, 24 * 60)]
    [InlineData(FaultOf.World, 5, 10)]
    public void DestinationWithoutMail_IsForgottenAfterAWhile(FaultOf fault, int known, int forgotten)
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 50; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x@d{i}.test");
        }

        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, fault);
        QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Remove);
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "x@stays.test");
        rig.Turn();
        rig.Pass(TimeSpan.FromMinutes(known));
        Assert.Equal(51, rig.Parts.Core.Destinations.All.Count());
        rig.Pass(TimeSpan.FromMinutes(forgotten - known + 2));
        Assert.Equal("stays.test", Assert.Single(rig.Parts.Core.Destinations.All).Hop.Name);
    }

    /// <summary>Sends one message to a domain, whose exchangers are told meanwhile.</summary>
    private static void Tell(QueueRig rig, string domain, string exchangers)
    {
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "x@" + domain);
        rig.Turn();
        rig.Remote.Channel.Send(new ExchangersFrame
        {
            Delivery = rig.Remote.Single.Delivery,
            Exchangers = System.Text.Encoding.ASCII.GetBytes(exchangers),
        });
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
    }

    private static List<SeenItem> Listed(QueueRig rig) =>
        AdministratorEnd.Ask(rig, new ListRequestFrame { Request = 1, Limit = 100, Filter = string.Empty, Of = Selection.All }).Items;

    private static Schedule.Window Window(QueueRig rig, string domain) =>
        rig.Parts.Core.Destinations.All.Single(destination => destination.Hop.Name == domain).Window;
}
