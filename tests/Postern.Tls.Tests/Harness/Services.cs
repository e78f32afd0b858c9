using Postern.TestKit.Certificates;
using Postern.Tls.Native;
using Postern.Tls.Sessions;

namespace Postern.Tls.Harness;

/// <summary>Services for tests.</summary>
internal static class Services
{
    static Services() => Assert.Null(OpenSsl.Open());

    /// <summary>One with an elliptic certificate for mx.example.</summary>
    public static TlsServer Plain(TlsPolicy? policy = null) => Of(policy, Papers.Elliptic("mx.example"));

    /// <summary>One that has these identities, each with one certificate.</summary>
    public static TlsServer Of(TlsPolicy? policy, params Paper[] papers) =>
        new(policy ?? new TlsPolicy { Service = "smtp" }, [.. papers.Select(paper => new TlsIdentity(paper.Read()))]);

    /// <summary>One with an elliptic and an RSA certificate for the same name.</summary>
    public static TlsServer Twins(Paper first, Paper second) =>
        new(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(first.Read(), second.Read())]);
}
