using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Certificates;

/// <summary>Files that change while the program runs, at a reload and by its own look at them.</summary>
public sealed class ReloadTests
{
    private static readonly Paper _old = Papers.Elliptic("mx.example");
    private static readonly Paper _new = Papers.Elliptic("mx.example");
    private static readonly TimeSpan _look = TimeSpan.FromHours(1);

    [Fact]
    public void AReload_BringsTheNewCertificateAndLetsSessionsGoOn()
    {
        using var rig = TlsRig.Started(false, _old);
        var (client, smtpd) = rig.Agreed();
        var (between, smtpdBetween) = rig.TakeRaw();
        Assert.True(rig.Configure([rig.Put("0", _new)]));
        Assert.Equal(Fingerprint(_new), rig.Agreed().Client.Server);
        Assert.Equal(Fingerprint(_old), client.Server);
        rig.Await(client.Say([1, 2, 3]));
        rig.Until(() => smtpd.SaidCount == 3, smtpd);
        // Who came before the reload and spoke after it is served with what is in force.
        using var late = new NetClient(between, new NetManner());
        rig.Await(late.Agree(), smtpdBetween);
        Assert.Equal(Fingerprint(_new), late.Server);
        Assert.Contains($"info tls certificate sha256={Fingerprint(_new)} until=", rig.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void ARenewedFile_IsFoundWithinTheHour()
    {
        using var rig = TlsRig.Started(false, _old);
        rig.Put("0", _new);
        rig.Pass(_look - TimeSpan.FromTicks(1));
        Assert.Equal(Fingerprint(_old), rig.Agreed().Client.Server);
        rig.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(Fingerprint(_new), rig.Agreed().Client.Server);
        rig.Put("0", _old);
        rig.Pass(_look);
        Assert.Equal(Fingerprint(_old), rig.Agreed().Client.Server);
    }

    [Fact]
    public void FilesThatAreTheSame_AreSpokenOfOnce()
    {
        using var rig = TlsRig.Started(false, _old);
        for (var hour = 0; hour < 30; hour++)
        {
            rig.Pass(_look);
        }

        Assert.Equal(2, rig.Log.Split("info tls certificate ").Length);
        rig.DemandService();
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(12, false)]
    public void ATicket_IsGoodForHalfADay(int hours, bool isResumed)
    {
        using var rig = TlsRig.Started(false, _old);
        var manner = new NetManner { Name = $"h{hours}.ticket.example" };
        Assert.False(Visit(rig, manner));
        for (var hour = 0; hour < hours; hour++)
        {
            rig.Pass(_look);
        }

        Assert.Equal(isResumed, Visit(rig, manner));
    }

    [Fact]
    public void AReload_EndsTickets()
    {
        using var rig = TlsRig.Started(false, _old);
        var manner = new NetManner { Name = "reload.ticket.example" };
        Visit(rig, manner);
        Assert.True(Visit(rig, manner));
        Assert.True(rig.Configure([rig.Put("0", _old)]));
        Assert.False(Visit(rig, manner));
    }

    [Theory]
    [InlineData("reload")]
    [InlineData("look")]
    public void FilesThatCanNotBeRead_LeaveTheOldOnesInForce(string how)
    {
        using var rig = TlsRig.Started(false, _old);
        var files = rig.Put("0", _new);
        File.WriteAllText(files.Key, "no key");
        if (how == "reload")
        {
            Assert.True(rig.Configure([files]));
        }
        else
        {
            rig.Pass(_look);
        }

        Assert.Contains($"tls certificate-problem reason=\"{files.Chain} with {files.Key} has no private key", rig.Log, StringComparison.Ordinal);
        Assert.Equal(Fingerprint(_old), rig.Agreed().Client.Server);
        // It is looked for again, and found when it is right.
        rig.Put("0", _new);
        rig.Pass(_look);
        Assert.Equal(Fingerprint(_new), rig.Agreed().Client.Server);
    }

    [Fact]
    public void AReloadThatCanNotBeFollowed_LeavesTheOldConfigurationInForce()
    {
        using var rig = TlsRig.Started(false, _old);
        var missing = rig.Put("1", _new);
        File.Delete(missing.Chain);
        Assert.True(rig.Configure([missing]));
        Assert.Contains($"{missing.Chain} can't be read: ", rig.Log, StringComparison.Ordinal);
        Assert.Contains("the old certificates stay in force", rig.Log, StringComparison.Ordinal);
        rig.Pass(_look);
        Assert.Equal(Fingerprint(_old), rig.Agreed().Client.Server);
    }

    [Fact]
    public void ASliceThatIsNone_ChangesNothing()
    {
        using var rig = TlsRig.Started(false, _old);
        Assert.False(rig.Program.Configure([1, 2, 3]));
        Assert.Equal(Fingerprint(_old), rig.Agreed().Client.Server);
    }

    private static bool Visit(TlsRig rig, NetManner manner)
    {
        var (client, smtpd) = rig.Agreed(manner);
        smtpd.Write("220"u8);
        rig.Await(client.Hear(3));
        rig.Await(client.End());
        smtpd.Dispose();
        rig.Await(client.HearAll());
        return smtpd.Facts!.IsResumed;
    }

    private static string Fingerprint(Paper paper) => paper.Leaf.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
}
