using Postern.Tls.Certificates;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>A service as TLS knows it: its identities and its rules. It never changes; a reload makes another.</summary>
/// <remarks>
/// Each has ticket keys of its own, so that a ticket opens no other service, nor this one after a reload. Sessions that began
/// with a service go on with it after it was closed. One thread uses it.
/// </remarks>
public sealed class TlsServer : ITlsEnd, IDisposable
{
    /// <summary>Identities of one service. Each name that a client sends is held against all of them.</summary>
    public const int MaxIdentities = 64;

    private readonly TlsPolicy _policy;
    private readonly (nint Context, nint Leaf)[] _identities;
    private readonly Dictionary<nint, byte[]> _bindings = [];
    private int _handshakes;
    private bool _isClosed;

    /// <summary>Makes one.</summary>
    /// <param name="policy">Its rules.</param>
    /// <param name="identities">
    /// Who it is; the first is for clients that ask for no name or for none of ours. The certificates may be freed afterwards.
    /// </param>
    /// <exception cref="InvalidOperationException">OpenSSL does not take a certificate.</exception>
    public TlsServer(TlsPolicy policy, IReadOnlyList<TlsIdentity> identities)
    {
        ArgumentOutOfRangeException.ThrowIfZero(identities.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(identities.Count, MaxIdentities);
        _policy = policy;
        _identities = new (nint Context, nint Leaf)[identities.Count];
        HasTwins = identities.Any(identity => identity.Second is not null);
        try
        {
            for (var i = 0; i < identities.Count; i++)
            {
                // The context has a hold of its own on the leaf.
                _identities[i] = (TlsContext.Make(policy, identities[i]), identities[i].First.Chain[0]);
                KnowBinding(identities[i].First);
                if (identities[i].Second is { } second)
                {
                    KnowBinding(second);
                }
            }
        }
        catch (InvalidOperationException)
        {
            Free();
            throw;
        }
    }

    /// <summary>True when an identity has two certificates: which of them an earlier session had is not known when it is resumed.</summary>
    internal bool HasTwins { get; }

    nint ITlsEnd.FirstContext => _identities[0].Context;

    /// <summary>Takes no new sessions.</summary>
    public void Dispose()
    {
        _isClosed = true;
        FreeWhenUnused();
    }

    /// <summary>The context for a name; 0 when none is for it.</summary>
    internal nint ContextFor(ReadOnlySpan<byte> name)
    {
        foreach (var (context, leaf) in _identities)
        {
            if (CertificateNames.Cover(leaf, name))
            {
                return context;
            }
        }

        return 0;
    }

    /// <summary>True when clients may name this protocol.</summary>
    internal bool Takes(ReadOnlySpan<byte> protocol)
    {
        foreach (var known in _policy.Protocols)
        {
            if (protocol.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The channel binding for one of its certificates, reckoned once and not for each session; empty for others.</summary>
    internal byte[] BindingOf(nint leaf) => _bindings.GetValueOrDefault(leaf, []);

    void ITlsEnd.Enter()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _handshakes++;
    }

    int ITlsEnd.Handshake(nint session) => Callbacks.Handshake(session, this);

    TlsFacts ITlsEnd.Read(nint session) => Agreement.OfServer(session, this);

    void ITlsEnd.Leave()
    {
        _handshakes--;
        FreeWhenUnused();
    }

    private void KnowBinding(TlsCertificate certificate) =>
        _bindings[certificate.Chain[0]] = CertificateDigest.ForBinding(certificate.Chain[0]);

    private void FreeWhenUnused()
    {
        if (_isClosed && _handshakes == 0)
        {
            Free();
        }
    }

    private void Free()
    {
        for (var i = 0; i < _identities.Length; i++)
        {
            SslCalls.FreeContext(_identities[i].Context);
            _identities[i] = default;
        }
    }
}
