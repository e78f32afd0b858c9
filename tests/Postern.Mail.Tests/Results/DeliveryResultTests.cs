namespace Postern.Mail.Tests.Results;

/// <summary>What one attempt came to.</summary>
public class DeliveryResultTests
{
    [Fact]
    public void ForeignText_IsMadePlainAndCut()
    {
        var result = new DeliveryResult(
            DeliveryOutcome.Permanent, EnhancedStatus.BadMailbox, FaultOf.Peer,
            Latin.Bytes("550-no\r\n550 \x1b[2Jsuch user" + new string('x', 1000)), "mx\n.example"u8);
        Assert.StartsWith("550-no 550 ?[2Jsuch userxxx", Latin.Text(result.Text.Span), StringComparison.Ordinal);
        Assert.Equal(DeliveryResult.MaxText, result.Text.Length);
        Assert.Equal("mx .example", Latin.Text(result.RemoteHost.Span));
    }

    [Fact]
    public void Class_FollowsTheOutcome()
    {
        Assert.Equal("4.1.1", DeliveryResult.Temporary(EnhancedStatus.BadMailbox, FaultOf.Peer, ""u8).Status.ToString());
        Assert.Equal("5.4.1", DeliveryResult.Permanent(EnhancedStatus.NoAnswer, FaultOf.World, ""u8).Status.ToString());
        Assert.True(DeliveryResult.Delivered("ok"u8).IsSuccess);
        Assert.False(DeliveryResult.Temporary(EnhancedStatus.SystemFull, FaultOf.World, ""u8).IsSuccess);
    }

    [Fact]
    public void Results_AreEqualByTheirBytes()
    {
        var one = DeliveryResult.Temporary(EnhancedStatus.NoAnswer, FaultOf.World, "timeout"u8);
        var same = DeliveryResult.Temporary(EnhancedStatus.NoAnswer, FaultOf.World, "timeout"u8);
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, DeliveryResult.Temporary(EnhancedStatus.NoAnswer, FaultOf.World, "refused"u8));
        Assert.NotEqual(one, DeliveryResult.Temporary(EnhancedStatus.NoAnswer, FaultOf.Peer, "timeout"u8));
        Assert.NotEqual(one, DeliveryResult.Permanent(EnhancedStatus.NoAnswer, FaultOf.World, "timeout"u8));
        Assert.NotEqual(one, new DeliveryResult(DeliveryOutcome.Temporary, EnhancedStatus.NoAnswer, FaultOf.World, "timeout"u8, "h"u8));
    }
}
