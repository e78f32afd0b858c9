using Postern.Ipc.Administration;
using Postern.Mail;

namespace Postern.Queue.Tests.Administration;

/// <summary>What an administrator says of recipients finds the same ones for a look and for an act.</summary>
public sealed class SelectionTests
{
    [Theory]
    // The whole sender, whatever its capitals; never a part of it.
    [InlineData("", "", "news@shop.test", 3)]
    [InlineData("", "", "NEWS@Shop.Test", 3)]
    [InlineData("", "", "ews@shop.test", 0)]
    [InlineData("", "", "news@shop.tes", 0)]
    [InlineData("", "", "@shop.test", 4)]
    [InlineData("", "", "@test", 0)]
    [InlineData("", "", "<>", 1)]
    // The recipient's domain, not the next hop: both of these go to the smarthost.
    [InlineData("", "relay.test", "", 2)]
    [InlineData("", "Relay.Test", "", 2)]
    [InlineData("", "test", "", 0)]
    [InlineData("127.0.0.1:2600", "", "", 2)]
    [InlineData("b.test", "", "", 2)]
    // What is said together must fit together.
    [InlineData("", "relay.test", "news@shop.test", 1)]
    [InlineData("b.test", "relay.test", "", 0)]
    [InlineData("b.test", "b.test", "<>", 1)]
    [InlineData("", "", "", 5)]
    public void ALookAndAnAct_FindTheSame(string destination, string domain, string sender, int found)
    {
        using var rig = Filled();
        var of = new Selection(destination, domain, sender);
        var items = List(rig, of).Items;
        Assert.Equal(found, items.Count);
        var done = AdministratorEnd.Ask(rig, new ActFrame { Request = 1, Act = QueueAct.Hold, Message = 0, Of = of });
        Assert.Equal((found, items.Select(item => item.Message).Distinct().Count()), (done.Recipients, done.Messages));
        Assert.Equal(
            items.Select(item => item.Recipient).Order(),
            List(rig, Selection.All).Items.Where(item => item.Condition == RecipientCondition.Held).Select(item => item.Recipient).Order());
        Assert.Equal(found, AdministratorEnd.Ask(rig, new ActFrame { Request = 1, Act = QueueAct.Remove, Message = 0, Of = of }).Recipients);
        Assert.Equal(5 - found, List(rig, Selection.All).Items.Count);
    }

    // A message is listed whole or not at all.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(3, 5)]
    [InlineData(4, 5)]
    public void Limit_CountsMessages(uint limit, int recipients)
    {
        using var rig = Filled();
        var items = List(rig, Selection.All, limit).Items;
        Assert.Equal(((int)Math.Min(limit, 3), recipients), (items.Select(item => item.Message).Distinct().Count(), items.Count));
    }

    [Fact]
    public void WhatIsHeld_HasNoNextAttempt()
    {
        using var rig = Filled();
        Assert.All(List(rig, Selection.All).Items, item => Assert.NotEqual(0, item.NextAttempt));
        AdministratorEnd.Ask(rig, new ActFrame { Request = 1, Act = QueueAct.Hold, Message = 0, Of = Selection.All });
        Assert.All(List(rig, Selection.All).Items, item => Assert.Equal((RecipientCondition.Held, 0), (item.Condition, item.NextAttempt)));
    }

    private static AdministratorEnd List(QueueRig rig, Selection of, uint limit = 100) =>
        AdministratorEnd.Ask(rig, new ListRequestFrame { Request = 1, Filter = "", Of = of, Limit = limit });

    /// <summary>Three messages to five recipients, all put off.</summary>
    private static QueueRig Filled()
    {
        var rig = new QueueRig();
        Submit(rig, "news@shop.test", "x@relay.test", "x@b.test", "x@c.test");
        Submit(rig, "other@shop.test", "y@relay.test");
        Submit(rig, "", "\"z@relay.test\"@b.test");
        while (rig.Remote.Attempts.Count > 0)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        }

        return rig;
    }

    private static void Submit(QueueRig rig, string sender, params string[] recipients)
    {
        rig.Smtpd.Submit(sender, "text", recipients);
        rig.Turn();
    }
}
