using System.Text;
using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>
/// MTA-STS (RFC 8461) from a policy on a real web server to the mail that is sent or not: two whole servers, a zone that nobody signed, and an
/// authority of the test's own.
/// </summary>
public sealed class PublishedPolicyTests : IDisposable
{
    private const string MailHost = "192.0.2.25";
    private const string Enforced = "version: STSv1;mode: enforce;mx: mx.example.net;max_age: 86400;";
    private const string Elsewhere = "version: STSv1;mode: enforce;mx: mail.example.net;max_age: 86400;";
    private const string Tested = "version: STSv1;mode: testing;mx: mx.example.net;max_age: 86400;";

    private readonly Scratch _files = new();
    private readonly Scratch _farPlace = new();
    private readonly Scratch _nearPlace = new();
    private readonly OwnNetwork _network = new(MailHost, SignedZone.Address, PolicySite.Address);
    private readonly SignedZone _zone;
    private readonly Paper _web = Papers.Issued("mta-sts.example.net");
    private readonly string _mark = Samples.Mark();

    public PublishedPolicyTests()
    {
        _files.Write("authorities.pem", _web.Root!.ExportCertificatePem() + "\n");
        _zone = SignedZone.Serve(
            _network,
            $"@ 60 IN MX 10 mx.example.net.\nmx 60 IN A {MailHost}\nmta-sts 60 IN A {PolicySite.Address}\n_mta-sts 60 IN TXT \"v=STSv1; id=1;\"\n"
            + "_smtp._tls 60 IN TXT \"v=TLSRPTv1; rua=mailto:reports@example.net\"\n",
            isSigned: false);
    }

    public void Dispose()
    {
        _zone.Dispose();
        _network.Dispose();
        _nearPlace.Dispose();
        _farPlace.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void ServerThatThePolicyNames_GetsTheMail()
    {
        using var site = Site(Enforced);
        using var far = Far("vouched");
        using var near = Near();
        Send(near, _mark);
        Assert.Contains("with ESMTPS\n", far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        near.AwaitLog(line => IsTls(line, "authority"), "known=authority");
        Assert.Equal(["mta-sts.example.net /.well-known/mta-sts.txt"], site.Asked);
        Demand(near, far);
    }

    [Theory]
    [InlineData(Enforced, "own", "can't show that it is the right server: nobody who is trusted vouches for its certificate")]
    [InlineData(Enforced, "other", "can't show that it is the right server: its certificate is for other names")]
    [InlineData(Enforced, "none", "does not offer STARTTLS, and the policy of example.net (MTA-STS) asks for it")]
    [InlineData(Elsewhere, "vouched", "the policy of example.net (MTA-STS) does not have mx.example.net among its hosts")]
    public void ServerThatIsNotAsThePolicySays_GetsNothing(string policy, string certificate, string reason)
    {
        using var site = Site(policy);
        using var far = Far(certificate);
        using var near = Near();
        Send(near, _mark);
        DemandDelay(near, far, reason);
        Demand(near, far);
    }

    [Theory]
    [InlineData("own", "certificate-not-trusted")]
    [InlineData("none", "starttls-not-supported")]
    public void PolicyThatIsBeingTested_StopsNothingAndIsReported(string certificate, string failure)
    {
        using var site = Site(Tested);
        using var far = Far(certificate);
        using var near = Near();
        Send(near, _mark);
        Assert.Contains(certificate == "none" ? "with ESMTP\n" : "with ESMTPS\n", far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        Demand(near, far);
        var counted = File.ReadAllText(Path.Join(near.State, "remote", "tls-reports"));
        Assert.Contains("domain\texample.net\n", counted, StringComparison.Ordinal);
        Assert.Contains("policy\tsts\t", counted, StringComparison.Ordinal);
        Assert.Contains($"failure\t{failure}\tmx.example.net\t", counted, StringComparison.Ordinal);
    }

    [Theory]
    // RFC 8461 §3.3: a redirect is not followed, and a policy is text.
    [InlineData("moved", "mta-sts.example.net gave no policy: ")]
    [InlineData("missing", "mta-sts.example.net gave no policy: ")]
    [InlineData("html", "mta-sts.example.net gave no policy: ")]
    [InlineData("large", "mta-sts.example.net gave no policy: ")]
    // What nobody vouches for says nothing: whoever is on the way could have said it.
    [InlineData("untrusted", "mta-sts.example.net can't show that it is the right server")]
    public void AnswerThatIsNoPolicy_IsLoggedAndHoldsNothingUp(string how, string why)
    {
        // The policy would forbid it.
        using var site = Site(Elsewhere, how);
        using var far = Far("own");
        using var near = Near();
        Send(near, _mark);
        Assert.Contains("with ESMTPS\n", far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        near.AwaitLog(line => line.Contains(" remote sts-policy-missing domain=\"example.net\" why=\"" + why, StringComparison.Ordinal), why);
        Assert.DoesNotContain(site.Asked, asked => asked.EndsWith("/elsewhere", StringComparison.Ordinal));
        Demand(near, far);
    }

    [Fact]
    public void PolicyThatIsKept_HoldsWithoutItsWebServer_AlsoAfterAStart()
    {
        using var near = Near();
        using (var far = Far("vouched"))
        {
            using (Site(Enforced))
            {
                Send(near, _mark);
                far.Mailbox("bob").Await(_mark);
            }

            Assert.Equal(0, near.Stop());
            near.Restart();
            var second = Samples.Mark();
            Send(near, second);
            far.Mailbox("bob").Await(second);
            near.AwaitLog(line => IsTls(line, "authority"), "known=authority");
            Assert.Equal(0, far.Stop());
        }

        using var another = Far("own");
        Send(near, Samples.Mark());
        DemandDelay(near, another, "can't show that it is the right server");
        Demand(near, another, messages: 2);
    }

    private static bool IsTls(string line, string known) =>
        line.Contains($" remote tls host=\"mx.example.net [{MailHost}]:25\"", StringComparison.Ordinal) && line.Contains(" known=" + known, StringComparison.Ordinal);

    private static void DemandDelay(PosternServer near, PosternServer far, string reason)
    {
        var before = far.Mailbox("bob").Count;
        near.AwaitLog(line => line.Contains(" queue deferred ", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal), reason);
        Assert.Contains("bob@example.net", near.Postern(["queue", "list", "--json"]).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(before, far.Mailbox("bob").Count);
        Assert.DoesNotContain(far.Log, line => line.Contains(" smtpd accepted ", StringComparison.Ordinal));
    }

    private static void Demand(PosternServer near, PosternServer far, int messages = 0)
    {
        Assert.Equal(1, near.StartsOf("remote"));
        Assert.DoesNotContain(near.Log, line => line.Contains("delivery-failed", StringComparison.Ordinal));
        Assert.Equal((0, 0), (near.Stop(), far.Stop()));
        Assert.True(far.Mailbox("bob").Count >= messages);
    }

    private PolicySite Site(string policy, string how = "plain") =>
        new(_network, PolicySite.Write(_files, "web.pem", how == "untrusted" ? Papers.Elliptic("mta-sts.example.net") : _web), how == "untrusted" ? "plain" : how, policy);

    /// <summary>The server of the domain: with a certificate that the authority vouches for, one of its own, one for another name, or none.</summary>
    private PosternServer Far(string certificate)
    {
        var paper = certificate switch
        {
            "vouched" => Papers.Issued("mx.example.net"),
            "other" => Papers.Issued("mail.example.net"),
            _ => Papers.Elliptic("mx.example.net"),
        };
        return Start(_farPlace, new PosternConfiguration
        {
            Domain = "example.net",
            Port = 2525,
            Users = ["bob@example.net", "reports@example.net"],
            More = $"[[listen]]\naddress = \"{MailHost}:25\"\n"
                + (certificate == "none" ? "[tls]\nenabled = false\n" : $"[[certificate]]\nchain = \"{PolicySite.Write(_files, "mx.pem", paper)}\"\n"),
        });
    }

    private PosternServer Near() => Start(_nearPlace, new PosternConfiguration
    {
        Port = 2526,
        More = $"[dns]\nresolvers = [\"127.0.0.1\"]\n[remote]\nallow_private = true\nauthorities = \"{_files["authorities.pem"]}\"\n[tls_reports]\n",
    });

    private PosternServer Start(Scratch folder, PosternConfiguration configuration) =>
        PosternServer.Start(configuration, new ServerPlace(folder.Folder, _network.Inside, path => path));

    // By a socket of the file system: nobody out here reaches a port in there.
    private static void Send(PosternServer near, string mark) => near.Command(
        "sendmail", ["-i", "-f", "alice@example.org", "bob@example.net"], Encoding.Latin1.GetString(Samples.Message(mark))).MustSucceed();
}
