using Postern.Acme.Answers;
using Postern.Acme.Issuance;
using Postern.Acme.Keys;
using Postern.Acme.Protocol;
using Postern.Acme.Web;
using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Ipc;
using Postern.Posix;
using Postern.Role;
using Postern.Text;
using Postern.Tls.Sessions;
using Postern.Web.Streams;

namespace Postern.Acme;

/// <summary>The program's part in the common rhythm: its port, its line to tls, and its work.</summary>
internal sealed class AcmeProgram : IProgram
{
    private readonly ProgramContext _context;
    private readonly string? _missing;
    private readonly KeyLine _keys;
    private readonly ChallengeAnswers _answers = new();
    private readonly ChallengeServer _server;
    private readonly Pause _pause;
    private AcmeSettings? _settings;
    private bool _isRenewing;

    /// <param name="context">What every program is given.</param>
    /// <param name="missing">Why there is no OpenSSL; null when there is.</param>
    internal AcmeProgram(ProgramContext context, string? missing)
    {
        (_context, _missing) = (context, missing);
        _keys = new KeyLine(context.Loop, context.Log);
        _server = new ChallengeServer(context.Loop, context.Log, _answers);
        _pause = new Pause(context.Loop);
    }

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        _settings = AcmeSettings.Read(slice) ?? _settings;
        return AcmeSettings.Read(slice) is not null;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer != ProgramName.Tls)
        {
            channel.Dispose();
            return;
        }

        _keys.Open(channel, _context.Links);
        if (!_isRenewing)
        {
            // Not before there is somebody to ask.
            _isRenewing = true;
            _context.Loop.Adopt(new Renewal(_keys, GetAsync, _pause, _context.Log).RunAsync());
        }
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => _server.Open(listener);

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start() => _missing;

    /// <inheritdoc/>
    public void Stop()
    {
        _server.Stop();
        _context.Finish();
    }

    /// <summary>Gets one certificate, with all that is needed for it made anew: it is months until the next.</summary>
    private async ValueTask<RenewalFailure?> GetAsync(string thumbprint)
    {
        var settings = _settings!;
        using var tls = new TlsClient(settings.Authorities);
        var random = new SystemRandomSource();
        var stub = new StubResolver(settings.NameServers, new LoopDnsTransport(_context.Loop), _context.Loop.Time, random);
        var hosts = new MailExchangers(stub, random, new OwnIdentity(new HashSet<DnsName>(), new HashSet<IpAddress>()));
        // The administrator chose it: a server of his own may be anywhere.
        var servers = new WebServers(_context.Loop, hosts, () => tls) { Patience = AuthorityServers.Patience };
        var client = new AcmeClient(new AuthorityServers(servers), _keys);
        var order = new CertificateOrder(client, _keys, _answers, _pause);
        return await order.RunAsync(settings.Directory, thumbprint) ? null : new RenewalFailure(client.Problem, client.RetryAfter);
    }
}
