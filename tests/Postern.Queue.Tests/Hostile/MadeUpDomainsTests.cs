using System.Text;
using Postern.Mail;

namespace Postern.Queue.Tests.Hostile;

/// <summary>Whoever names domains can make up any number of them: what is known of one goes when nothing is queued for it.</summary>
public sealed class MadeUpDomainsTests
{
    private const int Many = 3000;

    [Fact]
    public void DomainsOfMailThatWasRefused_AreForgotten()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < Many; i++)
        {
            rig.Smtpd.Submit(string.Empty, "x", NotifyOn.Never, $"x@made-up-{i}.test");
        }

        rig.Turn();
        Assert.InRange(rig.Parts.Core.Destinations.All.Count(), Many, Many + 2);
        for (var rounds = 0; rig.Parts.Core.Table.Messages.Count > 0; rounds++)
        {
            Assert.InRange(rounds, 0, Many);
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent, FaultOf.World);
        }

        // For a day what is known of one that has answered is of use, unless they are too many.
        rig.Clock.Pass(TimeSpan.FromHours(24));
        rig.Pass(TimeSpan.FromMinutes(5));
        Assert.InRange(rig.Parts.Core.Destinations.All.Count(), 0, 2);
    }

    // As when a route is changed, and who goes there is done with.
    [Fact]
    public void DomainsForWhichNothingIsQueuedAfterAll_AreForgotten()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < Many; i++)
        {
            _ = rig.Parts.Core.DestinationOf(Encoding.ASCII.GetBytes($"x@made-up-{i}.test"));
        }

        rig.Pass(TimeSpan.FromMinutes(45));
        Assert.InRange(rig.Parts.Core.Destinations.All.Count(), 0, 2);
    }
}
