using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Ipc.Slices;
using Postern.Role.Logging;
using Postern.Sasl;
using Postern.Tls.Sessions;
using CertificateFile = Postern.Tls.Certificates.CertificateFile;

namespace Postern.Remote.Logins;

/// <summary>How to log in at one host, and how that went.</summary>
/// <remarks>Passwords are read anew for each session, so that one that was changed counts at once, and wiped after it.</remarks>
/// <param name="named">What the configuration says of it.</param>
/// <param name="authorities">The file of authorities that may vouch for the host.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class HostLogin(LoginSlice named, string authorities, TimeProvider time, EventLog log) : IDisposable
{
    /// <summary>After a refusal the host is left alone for so long: who tries on is taken for somebody who guesses. Arbitrary.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    /// <summary>A certificate is read anew after so long: it may have been renewed.</summary>
    private static readonly TimeSpan _certificateAge = TimeSpan.FromHours(1);

    private TlsClient? _client;
    private DateTimeOffset _clientMade;
    private DateTimeOffset _refused;
    private string? _trouble;

    /// <summary>The host.</summary>
    internal string Host => named.Host;

    /// <summary>True when a name and a password are to be said.</summary>
    internal bool HasUser => named.User.Length > 0;

    /// <summary>Why the host is not to be bothered now; null when it may be.</summary>
    internal string? Hindrance => _trouble is not null && time.GetUtcNow() is var now && now >= _refused && now - _refused < Pause
        ? $"{_trouble}; it is asked again after {Pause.TotalMinutes} minutes, or once the configuration is read anew" : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        // A session that began before a reload may come for one after it.
        _client = null;
    }

    /// <summary>What is wrong with its files; null for nothing.</summary>
    internal string? Check()
    {
        if (!TryGetClient(out _, out var problem))
        {
            return problem;
        }

        if (!HasUser)
        {
            return null;
        }

        using var credentials = TryRead(out var read, out problem) ? read : null;
        return credentials is null ? problem : null;
    }

    /// <summary>The client that shows this host its certificate; null when it has none, and the common one will do.</summary>
    internal bool TryGetClient(out TlsClient? client, out string problem)
    {
        client = null;
        problem = string.Empty;
        if (named.Certificate.Length == 0)
        {
            return true;
        }

        if (_client is null || time.GetUtcNow() is var now && (now < _clientMade || now - _clientMade >= _certificateAge))
        {
            if (!CertificateFile.TryRead(named.Certificate, named.Key, out var certificate, out problem))
            {
                return false;
            }

            _client?.Dispose();
            _client = new TlsClient(authorities, certificate);
            _clientMade = time.GetUtcNow();
        }

        client = _client;
        return true;
    }

    /// <summary>Reads name and password; whoever gets them disposes of them.</summary>
    internal bool TryRead([NotNullWhen(true)] out ClientCredentials? credentials, out string problem)
    {
        credentials = SecretFile.TryRead(named.PasswordFile, out var password, out problem)
            ? new ClientCredentials(Encoding.ASCII.GetBytes(named.User), password) : null;
        return credentials is not null;
    }

    /// <summary>The host refuses name or password: the administrator's fault, and nothing that trying on would mend.</summary>
    internal void Refused(string why)
    {
        Failed(why);
        _refused = time.GetUtcNow();
    }

    /// <summary>It came to nothing; said in the log once until that changes.</summary>
    internal void Failed(string why)
    {
        if (_trouble != why)
        {
            _trouble = why;
            log.Warning("login-failed").Quoted("host", named.Host).Quoted("user", named.User).Quoted("why", why).Write();
        }
    }

    /// <summary>It went well.</summary>
    internal void Succeeded()
    {
        if (_trouble is not null)
        {
            _trouble = null;
            log.Info("login-works-again").Quoted("host", named.Host).Quoted("user", named.User).Write();
        }
    }
}
