using System.Diagnostics.CodeAnalysis;
using Postern.Ipc;
using Postern.Keyholder.Certificates;
using Postern.Keyholder.Clients;
using Postern.Keyholder.Issuance;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Role;

namespace Postern.Keyholder;

/// <summary>The program's part in the common rhythm: its configuration, and its lines to smtpd, auth and acme.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its line lives until the process ends, or Stop closes it.")]
internal sealed class TlsProgram : IProgram
{
    /// <summary>Descriptors that are not clients': the loop, the log, lines to others, files while they are read.</summary>
    private const int OtherDescriptors = 64;

    private readonly ProgramContext _context;
    private readonly string? _missing;
    private readonly KeyRing _keys;
    private readonly ClientTable _clients;
    private TlsSettings? _settings;
    private HandOverLine? _smtpd;
    private Channel? _auth;
    private Issuer? _issuer;
    private bool _hasStarted;

    /// <param name="context">What every program is given.</param>
    /// <param name="missing">Why there is no OpenSSL; null when there is.</param>
    internal TlsProgram(ProgramContext context, string? missing)
    {
        (_context, _missing) = (context, missing);
        _keys = new KeyRing(context.Loop, context.Log);
        // Each client has two.
        var room = (int)Math.Min((OwnProcess.HardLimit(OwnProcess.LimitOpenFiles) - OtherDescriptors) / 2, int.MaxValue);
        _clients = new ClientTable(context.Loop, context.Log, _keys, room) { Emptied = () => context.Finish() };
    }

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        if (TlsSettings.Read(slice) is not { } settings)
        {
            return false;
        }

        _settings = settings;
        if (_hasStarted && Follow(settings) is { } problem)
        {
            _context.Log.Error("certificate-problem").Quoted("reason", $"{problem}; the old certificates stay in force").Write();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        switch (peer)
        {
            case ProgramName.Smtpd:
                ConnectSmtpd(channel);
                break;
            case ProgramName.Auth:
                _auth?.Dispose();
                _auth = _clients.Vouchers.Tell(_context.Loop, channel);
                break;
            case ProgramName.Acme:
                Serve(channel);
                break;
            default:
                channel.Dispose();
                break;
        }
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start()
    {
        if ((_missing ?? Follow(_settings!)) is { } problem)
        {
            return problem;
        }

        _hasStarted = true;
        return null;
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _smtpd?.Dispose();
        _auth?.Dispose();
        _clients.Stop();
    }

    private void ConnectSmtpd(Descriptor channel)
    {
        _smtpd?.Dispose();
        _smtpd = new HandOverLine(_context.Loop, _context.Log, channel, _clients.Take, _context.Links.Watch(ProgramName.Smtpd));
        _smtpd.Begin();
    }

    private void Serve(Descriptor channel)
    {
        if (_issuer is null)
        {
            // A reload took it away; acme ends with it.
            channel.Dispose();
            return;
        }

        // Nobody watches its end here: it is acme that gives way, or one that was taken over could end the sessions of all clients.
        _ = new Channel(_context.Loop, channel, new IssuanceDesk(_issuer, _keys.LookAgain, _context.Log)) { MaxUnsent = IssuanceDesk.MaxUnsent };
    }

    private string? Follow(TlsSettings settings)
    {
        if (settings.Issuance is { } wanted && _issuer is null)
        {
            _issuer = Issuer.Open(wanted, out var problem);
            if (_issuer is null)
            {
                return problem;
            }
        }
        else if (settings.Issuance is { } changed)
        {
            _issuer!.Settings = changed;
        }

        return _keys.Follow(settings);
    }
}
