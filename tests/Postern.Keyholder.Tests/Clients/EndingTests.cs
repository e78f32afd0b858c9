using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>Who ends when, and how long one waits for the other.</summary>
public sealed class EndingTests
{
    private const int Much = 5_000_000;

    private static readonly Paper _paper = Papers.Elliptic("mx.example");
    private static readonly TimeSpan _stallTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _partingTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _lingerTime = TimeSpan.FromSeconds(2);

    [Fact]
    public void WhenTheClientSaysThatThisWasAll_SmtpdHearsItAndCanStillAnswer()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        rig.Await(client.Say("QUIT"u8.ToArray()));
        rig.Await(client.End());
        rig.Until(() => smtpd.HasEnded, smtpd);
        Assert.Equal("QUIT"u8.ToArray(), smtpd.Said);
        smtpd.Write("221"u8);
        smtpd.Dispose();
        Assert.Equal("221"u8.ToArray(), rig.Await(client.HearAll()));
    }

    [Fact]
    public void WhenSmtpdEnds_TheClientHearsAllAndThatThisWasAll()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var sent = Flow.Noise(6, 100_000);
        Assert.Equal(sent.Length, Flow.Say(rig, smtpd, sent, 0));
        smtpd.Dispose();
        // The framework says of an end without close_notify that it is none.
        Assert.True(sent.AsSpan().SequenceEqual(rig.Await(client.HearAll())));
    }

    [Fact]
    public void AClientThatIsCutOff_IsAnEndToSmtpd()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        rig.Await(client.Say("DATA"u8.ToArray()));
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        rig.Until(() => smtpd.HasEnded, smtpd);
        Assert.Equal("DATA"u8.ToArray(), smtpd.Said);
        smtpd.Dispose();
        rig.DemandService();
    }

    [Fact]
    public void AClientThatIsGone_IsAnEndToSmtpd()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        client.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        client.Dispose();
        rig.Until(() => smtpd.HasEnded, smtpd);
    }

    [Fact]
    public void WhatAClientSaysAfterSmtpdHasEnded_IsReadForAMomentAndDropped()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        smtpd.Dispose();
        rig.Await(client.HearAll());
        var saying = client.Say(Flow.Noise(7, 200_000));
        // Read, so that it can say all of it; kept by nobody.
        rig.Await(saying);
        rig.Pass(_lingerTime);
        Flow.AssertClosed(rig, client);
    }

    [Fact]
    public void AClientThatTakesNothing_IsGoneAfterAWhile()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        Flow.Say(rig, smtpd, Flow.Noise(8, Much), 0);
        rig.Pass(_stallTime - TimeSpan.FromTicks(1));
        smtpd.Read();
        Assert.False(smtpd.HasEnded);
        rig.Pass(TimeSpan.FromTicks(1));
        smtpd.Read();
        Assert.True(smtpd.HasEnded);
        Flow.AssertClosed(rig, client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AClientThatTakesNothing_HasHalfAMinuteOnceSmtpdHasEnded(bool isClosed)
    {
        // It counts no more for smtpd: so it must not be able to stay as one of many.
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        Flow.Say(rig, smtpd, Flow.Noise(12, Much), 0);
        rig.Pass(_stallTime / 2);
        if (isClosed)
        {
            smtpd.Dispose();
        }
        else
        {
            smtpd.EndSending();
        }

        rig.Pass(_partingTime - TimeSpan.FromTicks(1));
        Assert.Equal(1, rig.ClientCount);
        // However it takes a little of it now and then.
        client.Socket.Receive(new byte[500_000]);
        rig.Pass(TimeSpan.FromTicks(1));
        rig.Pass(_lingerTime);
        Assert.Equal(0, rig.ClientCount);
        Flow.AssertClosed(rig, client);
    }

    [Fact]
    public void AClientThatIsSlow_HasTheTimeAnewWithEachPiece()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var sent = Flow.Noise(9, Much);
        var (taken, heard) = (0, 0);
        while (heard < Much)
        {
            taken = Flow.Say(rig, smtpd, sent, taken);
            var part = Math.Min(1_000_000, Much - heard);
            var hearing = client.Hear(part);
            rig.Until(() => (taken = Flow.Say(rig, smtpd, sent, taken)) >= 0 && hearing.IsCompleted);
            Assert.True(sent.AsSpan(heard, part).SequenceEqual(rig.Await(hearing)));
            heard += part;
            rig.Pass(_stallTime - TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void WhenSmtpdIsGone_AClientThatDoesNotReadLosesOnlyItsOwnSession()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        Flow.Say(rig, smtpd, Flow.Noise(10, Much), 0);
        _ = client.Say(Flow.Noise(11, Much)).ContinueWith(gone => gone.Exception, TaskScheduler.Default);
        smtpd.Dispose();
        Flow.Rest(rig);
        rig.DemandService();
        rig.Pass(_stallTime);
        rig.Pass(_lingerTime);
        Flow.AssertClosed(rig, client);
    }
}
