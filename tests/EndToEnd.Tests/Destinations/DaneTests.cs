using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postern.EndToEnd.Tls;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>
/// DANE (RFC 7672) with zones that are really signed: mail from one whole server to another, whose certificate nobody vouches for but its
/// TLSA record.
/// </summary>
public sealed class DaneTests : IDisposable
{
    private const string MailHost = "192.0.2.25";
    private const string Nowhere = "192.0.2.26";

    private readonly Scratch _keys = new();
    private readonly Scratch _farPlace = new();
    private readonly Scratch _nearPlace = new();
    private readonly string _mark = Samples.Mark();
    private readonly string _own;
    private readonly string _others;
    private readonly Stack<IDisposable> _running = new();

    public DaneTests()
    {
        _own = Make("own");
        _others = Make("others");
    }

    public void Dispose()
    {
        foreach (var one in _running)
        {
            one.Dispose();
        }

        _nearPlace.Dispose();
        _farPlace.Dispose();
        _keys.Dispose();
    }

    [Theory]
    // What is published is the server's.
    [InlineData("own", true, "127.0.0.1", false, "dane")]
    // So says a resolver on another host, whose word counts where the administrator says so.
    [InlineData("own", true, SignedZone.Address, true, "dane")]
    // Where he doesn't, whoever is on the way could have said it.
    [InlineData("own", true, SignedZone.Address, false, "no")]
    [InlineData("others", true, SignedZone.Address, false, "no")]
    // Without signatures a record says nothing, whether it fits or not.
    [InlineData("own", false, "127.0.0.1", false, "no")]
    [InlineData("others", false, "127.0.0.1", false, "no")]
    // Beside records of a kind that means nothing in mail.
    [InlineData("own and useless", true, "127.0.0.1", false, "dane")]
    // Of such records alone: TLS with whoever it is.
    [InlineData("useless", true, "127.0.0.1", false, "no")]
    // Signed, and nothing published.
    [InlineData("nothing", true, "127.0.0.1", false, "no")]
    public void ServerThatNoBelievedRecordSpeaksAgainst_GetsTheMail(
        string published, bool isSigned, string resolver, bool isTrusted, string known)
    {
        var network = Network();
        Keep(SignedZone.Serve(network, Records(published), isSigned));
        using var far = Far(network);
        using var near = Near(network, resolver, isTrusted);
        Send(near);
        Assert.Contains("with ESMTPS\n", far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        // In whatever case: names come back in that of our question, which is by chance.
        near.AwaitLog(
            line => line.Contains($" remote tls host=\"mx.example.net [{MailHost}]:25\"", StringComparison.OrdinalIgnoreCase)
                && line.Contains(" known=" + known, StringComparison.Ordinal),
            "known=" + known);
        Assert.Equal(1, near.StartsOf("remote"));
        Assert.Equal((0, 0), (near.Stop(), far.Stop()));
    }

    [Theory]
    // Somebody else's key: whoever is on the way has one of his own.
    [InlineData("others", true, "127.0.0.1", false, "its certificate is not the one that is published")]
    [InlineData("others", true, SignedZone.Address, true, "its certificate is not the one that is published")]
    [InlineData("others and useless", true, "127.0.0.1", false, "its certificate is not the one that is published")]
    // Who leaves STARTTLS out of what the server offers gets nothing in the clear, either.
    [InlineData("own", false, "127.0.0.1", false, "does not offer STARTTLS")]
    // Records of whatever kind say that there is TLS.
    [InlineData("useless", false, "127.0.0.1", false, "does not offer STARTTLS")]
    public void ServerThatIsNotAsItsRecordSays_GetsNothing(string published, bool offersTls, string resolver, bool isTrusted, string reason)
    {
        var network = Network();
        Keep(SignedZone.Serve(network, Records(published)));
        DemandDelay(network, resolver, isTrusted, reason, offersTls);
    }

    // RFC 8689 §4.2.2: its sender says that what stops others need not stop it.
    [Theory]
    [InlineData("others", true, "with ESMTPS\n")]
    [InlineData("own", false, "with ESMTP\n")]
    public void MessageThatCanDoWithoutTls_GoesPastARecordThatDoesNotFit(string published, bool offersTls, string with)
    {
        var network = Network();
        Keep(SignedZone.Serve(network, Records(published)));
        using var far = Far(network, offersTls);
        using var near = Near(network, "127.0.0.1", isTrusted: false);
        Send(near, "TLS-Required: No\n");
        Assert.Contains(with, far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        Assert.Equal(1, near.StartsOf("remote"));
        Assert.Equal((0, 0), (near.Stop(), far.Stop()));
    }

    [Theory]
    // The signed word leads nowhere, the forged one to whoever listens.
    [InlineData("MX", "no name server could tell the mail exchangers of the domain")]
    [InlineData("A", "no name server could tell the address of a mail exchanger")]
    // The signed record names another key, the forged one his.
    [InlineData("TLSA", "no name server could tell the TLSA records of")]
    // The record is kept back, as if there were none.
    [InlineData("no TLSA", "no name server could tell the TLSA records of")]
    public void ForgedAnswer_LeadsNoMailAnywhere(string what, string reason)
    {
        var network = Network();
        var (signed, forged) = what switch
        {
            "MX" => ("10 nowhere.example.net.", "10 mx.example.net."),
            "A" => (Nowhere, MailHost),
            _ => (_others, _own),
        };
        var zone = Keep(SignedZone.Serve(
            network,
            Records("own").Replace(forged, signed, StringComparison.Ordinal),
            forge: text => what == "no TLSA" ? Without(text, "_25._tcp") : Exchanged(text, signed, forged)));
        DemandDelay(network, "127.0.0.1", isTrusted: false, reason, offersTls: true);
        Assert.Contains("validation failure", zone.ResolverSaid, StringComparison.Ordinal);
    }

    private static string Exchanged(string zone, string signed, string forged)
    {
        Assert.Contains(signed, zone, StringComparison.Ordinal);
        return zone.Replace(signed, forged, StringComparison.Ordinal);
    }

    private static string Without(string zone, string owner)
    {
        Assert.Contains('\n' + owner, zone, StringComparison.Ordinal);
        return string.Join('\n', zone.Split('\n').Where(line => !line.StartsWith(owner, StringComparison.Ordinal)));
    }

    private void DemandDelay(OwnNetwork network, string resolver, bool isTrusted, string reason, bool offersTls)
    {
        using var far = Far(network, offersTls);
        using var near = Near(network, resolver, isTrusted);
        Send(near);
        near.AwaitLog(
            line => line.Contains(" queue deferred ", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal), reason);
        Assert.Equal(0, far.Mailbox("bob").Count);
        Assert.Contains("bob@example.net", near.Postern(["queue", "list", "--json"]).MustSucceed().Output, StringComparison.Ordinal);
        Assert.DoesNotContain(near.Log, line => line.Contains(" known=", StringComparison.Ordinal));
        Assert.Equal(1, near.StartsOf("remote"));
        Assert.Equal((0, 0), (near.Stop(), far.Stop()));
    }

    private OwnNetwork Network() => Keep(new OwnNetwork(MailHost, SignedZone.Address));

    private string Records(string published) => "@ 60 IN MX 10 mx.example.net.\n" + $"mx 60 IN A {MailHost}\n" + string.Concat(
        published.Split(" and ").Select(one => one switch
        {
            "own" => Record($"3 1 1 {_own}"),
            "others" => Record($"3 1 1 {_others}"),
            // An authority's word besides is nothing that mail has (RFC 7672 §3.1.3).
            "useless" => Record($"1 1 1 {_own}"),
            _ => "",
        }));

    private static string Record(string data) => $"_25._tcp.mx 60 IN TLSA {data}\n";

    private PosternServer Far(OwnNetwork network, bool offersTls = true) => Start(network, _farPlace, new PosternConfiguration
    {
        Domain = "example.net",
        Port = 2525,
        Users = ["bob@example.net"],
        More = $"[[listen]]\naddress = \"{MailHost}:25\"\n"
            + (offersTls ? $"[[certificate]]\nchain = \"{_keys["own.pem"]}\"\n" : "[tls]\nenabled = false\n"),
    });

    private PosternServer Near(OwnNetwork network, string resolver, bool isTrusted) => Start(network, _nearPlace, new PosternConfiguration
    {
        Port = 2526,
        More = $"[dns]\nresolvers = [\"{resolver}\"]\ntrust_ad = {(isTrusted ? "true" : "false")}\n[remote]\nallow_private = true\n",
    });

    private static PosternServer Start(OwnNetwork network, Scratch folder, PosternConfiguration configuration) =>
        PosternServer.Start(configuration, new ServerPlace(folder.Folder, network.Inside, path => path));

    // By a socket of the file system: nobody out here reaches a port in there.
    private void Send(PosternServer near, string header = "") => near.Command(
        "sendmail", ["-i", "-f", "alice@example.org", "bob@example.net"], header + Encoding.Latin1.GetString(Samples.Message(_mark))).MustSucceed();

    /// <summary>Makes a certificate that only its owner vouches for; returns what a TLSA record says of its key (RFC 7671 §5.1).</summary>
    private string Make(string name)
    {
        var (chain, key, both) = (_keys[name + ".crt"], _keys[name + ".key"], _keys[name + ".pem"]);
        TlsSite.OpenSsl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=nobody",
            "-keyout", key, "-out", chain]).MustSucceed();
        File.WriteAllText(both, File.ReadAllText(chain) + File.ReadAllText(key));
        File.SetUnixFileMode(both, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", both]).MustSucceed();
        }

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(chain);
        return Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    private T Keep<T>(T one)
        where T : IDisposable
    {
        _running.Push(one);
        return one;
    }
}
