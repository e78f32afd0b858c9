using Postern.Ipc.Slices;
using Postern.Tls.Sessions;

namespace Postern.Keyholder.Certificates;

/// <summary>What each service is to TLS, under one configuration: made as a whole, and replaced as a whole.</summary>
internal sealed class ServiceSet : IDisposable
{
    private static readonly ServiceKind[] _kinds = [ServiceKind.Smtp, ServiceKind.Submission, ServiceKind.Submissions, ServiceKind.Lmtp];

    private readonly TlsServer[] _services;

    private ServiceSet(TlsServer[] services) => _services = services;

    /// <summary>Makes one, with new keys for tickets. The certificates may be freed afterwards.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL does not take a certificate.</exception>
    internal static ServiceSet Make(TlsSettings settings, IdentitySet identities) =>
        // In the order of the numbers.
        new([.. _kinds.Select(kind => new TlsServer(PolicyOf(kind, settings), identities.Identities))]);

    /// <summary>A service.</summary>
    internal TlsServer this[ServiceKind kind] => _services[(int)kind];

    /// <summary>Takes no new sessions; those that run go on.</summary>
    public void Dispose()
    {
        foreach (var service in _services)
        {
            service.Dispose();
        }
    }

    // Servers have no certificate to log in with, and some that are asked for one end the session.
    private static TlsPolicy PolicyOf(ServiceKind kind, TlsSettings settings) => new()
    {
        Service = kind.ToString(),
        AsksForCertificate = settings.AsksForCertificate && kind is ServiceKind.Submission or ServiceKind.Submissions,
    };
}
