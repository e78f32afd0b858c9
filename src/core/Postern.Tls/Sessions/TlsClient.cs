using Postern.Tls.Certificates;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>A client as TLS knows it: whom it trusts to vouch for servers.</summary>
/// <remarks>One thread uses it. Sessions that began with it go on after it was closed.</remarks>
public sealed class TlsClient : IDisposable
{
    private readonly string? _authorities;
    private readonly TlsCertificate? _certificate;
    private nint _plain;
    private nint _vouched;

    /// <summary>Makes one.</summary>
    /// <param name="authorities">
    /// A file of authorities (PEM), read when the first session asks for it: most mail servers are known by nothing or by what they
    /// publish, and some hundred authorities take megabytes. Null: there are none.
    /// </param>
    /// <param name="certificate">
    /// What it shows to servers that ask for one, after they have shown who they are: with it a handshake fails where they can't. It is
    /// the client's from here on. Null: it shows none.
    /// </param>
    /// <exception cref="InvalidOperationException">OpenSSL refuses a setting or the certificate.</exception>
    public TlsClient(string? authorities, TlsCertificate? certificate = null)
    {
        (_authorities, _certificate) = (authorities, certificate);
        _plain = TlsContext.MakeClient(null, certificate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SslCalls.FreeContext(_plain);
        SslCalls.FreeContext(_vouched);
        (_plain, _vouched) = (0, 0);
        _certificate?.Dispose();
    }

    /// <summary>The context for sessions whose server is to be known so.</summary>
    /// <exception cref="InvalidOperationException">The file of authorities can't be read.</exception>
    internal nint ContextFor(TlsAssurance assurance)
    {
        ObjectDisposedException.ThrowIf(_plain == 0, this);
        if (assurance != TlsAssurance.Authority)
        {
            return _plain;
        }

        if (_vouched == 0)
        {
            _vouched = TlsContext.MakeClient(_authorities ?? throw new InvalidOperationException("there is no file of authorities"), _certificate);
        }

        return _vouched;
    }
}
