using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Remote.Hops;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Tests.Harness;
using Postern.Sts;
using Postern.TestKit.Certificates;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;
using Postern.Web.Http;
using Postern.Web.Streams;

namespace Postern.Remote.Tests.Protection;

/// <summary>A policy as it comes over the network: from the right server alone, in one answer, within limits.</summary>
public sealed class PolicyFetchTests : IDisposable
{
    private const string Policy = @"version:_STSv1\nmode:_enforce\nmx:_mx.example.net\nmax\_age:_86400\n";

    private readonly Paper _paper = Papers.Issued("mta-sts.example.net");
    private readonly RemoteUnderTest _remote = new();
    private readonly string _authorities = Path.GetTempFileName();

    public PolicyFetchTests() => File.WriteAllText(_authorities, _paper.Root!.ExportCertificatePem());

    public void Dispose()
    {
        _remote.Dispose();
        File.Delete(_authorities);
    }

    [Fact]
    public void PolicyOfTheRightServer_IsTaken()
    {
        var fetched = Fetch(_paper, Lines(Request()) + Answer("200_OK"));
        Assert.Null(fetched.Problem);
        Assert.Equal((StsMode.Enforce, "mx.example.net"), (fetched.Policy!.Mode, fetched.Policy.Exchangers.Single()));
    }

    [Theory]
    [InlineData("301_Moved", "gave no policy")]
    [InlineData("404_Not_Found", "gave no policy")]
    public void OtherAnswers_AreNone(string status, string problem) =>
        Assert.Contains(problem, Fetch(_paper, Lines(Request()) + Answer(status)).Problem, StringComparison.Ordinal);

    [Fact]
    public void WhatIsNoPolicy_IsNone() => Assert.Contains(
        "is no policy",
        Fetch(_paper, Lines(Request()) + @">> HTTP/1.1_200_OK\r\nContent-Type:_text/plain\r\nContent-Length:_5\r\n\r\nhello").Problem,
        StringComparison.Ordinal);

    [Fact]
    public void ServerForAnotherName_IsAskedNothing() => Assert.Contains(
        "can't show that it is the right server", Fetch(Papers.Issued("other.example.net"), "TLS\n*").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("!", "failed")]
    [InlineData("> 220 this is mail", "failed")]
    [InlineData("TLS\n!", "")]
    public void ServerThatBreaksOff_GivesNone(string script, string problem) =>
        Assert.Contains(problem, Fetch(_paper, script).Problem, StringComparison.Ordinal);

    // What is cut off in the middle is none, even where only the end says how long it is.
    [Fact]
    public void AnswerThatIsCutOff_IsNone() => Assert.Contains(
        "broke off", Fetch(_paper, Lines(Request()) + @">> HTTP/1.1_200_OK\r\nContent-Type:_text/plain\r\n\r\n" + Policy + "\n~\n!").Problem, StringComparison.Ordinal);

    [Fact]
    public void AddressOfThisNetwork_IsNotConnectedTo()
    {
        using var server = Server(_paper, "!");
        Assert.Contains("not connected to", Run(new AddressPolicy(false, new HashSet<IpAddress>()), server.Port).Problem, StringComparison.Ordinal);
        Assert.Equal(0, server.Count);
    }

    private static string[] Request() =>
        System.Text.Encoding.ASCII.GetString(HttpRequest.Get("mta-sts.example.net", "/.well-known/mta-sts.txt", "text/plain")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    private static string Lines(string[] request)
    {
        Assert.Equal("GET /.well-known/mta-sts.txt HTTP/1.1", request[0]);
        Assert.Contains("Host: mta-sts.example.net", request);
        return "TLS\n" + string.Concat(request.Select(line => $"< {line}\n"));
    }

    private static string Answer(string status) =>
        $@">> HTTP/1.1_{status}\r\nContent-Type:_text/plain\r\nContent-Length:_{Policy.Replace(@"\n", "\n", StringComparison.Ordinal).Replace(@"\_", "_", StringComparison.Ordinal).Length}\r\n\r\n{Policy}" + "\n";

    private FetchedPolicy Fetch(Paper paper, string script)
    {
        using var server = Server(paper, script);
        return Run(new AddressPolicy(true, new HashSet<IpAddress>()), server.Port);
    }

    private ScriptedServer Server(Paper paper, string script)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new ScriptedServer(_remote.Loop, script) { Tls = new TlsServer(new TlsPolicy { Service = "web" }, [new TlsIdentity(certificate)]) };
    }

    private FetchedPolicy Run(AddressPolicy addresses, ushort port)
    {
        using var client = new TlsClient(_authorities);
        var names = new TableResolver("mta-sts.example.net A 127.0.0.1");
        var hosts = new MailExchangers(names, new SystemRandomSource(), OwnIdentity.None);
        var fetch = new PolicyFetch(new WebServers(_remote.Loop, hosts, () => client) { Allows = addresses.Allows, Patience = PolicyFetch.Patience, Port = port });
        var asking = fetch.FetchAsync("example.net").AsTask();
        _remote.TurnUntil(() => asking.IsCompleted);
        return asking.GetAwaiter().GetResult();
    }
}
