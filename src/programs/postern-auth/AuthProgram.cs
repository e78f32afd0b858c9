using System.Diagnostics.CodeAnalysis;
using Postern.Auth.Desk;
using Postern.Auth.Notices;
using Postern.Auth.Sources;
using Postern.Auth.Store;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Posix.Files;
using Postern.Role;
using Postern.Role.Confining;
using Postern.Sasl;

namespace Postern.Auth;

/// <summary>The program's part in the common rhythm: its folder, and its lines to smtpd, tls and queue.</summary>
/// <param name="context">What every program is given.</param>
[SuppressMessage("Design", "CA1001", Justification = "Its book lives as long as the process.")]
internal sealed class AuthProgram(ProgramContext context) : IProgram
{
    private readonly VoucherLine _vouchers = new(context.Log);
    private readonly NoticeLine _notices = new(context.Loop.Time, context.Log);
    private Channel? _tls;
    private AuthSlice? _settings;
    private LoginMeans? _means;

    /// <summary>The folders that a slice names.</summary>
    internal static IReadOnlyList<Place> PlacesOf(ReadOnlySpan<byte> slice)
    {
        if (AuthSlice.Read(slice) is not { } settings)
        {
            return [];
        }

        var folder = new Place(settings.Folder, AuthDeclaration.Beneath);
        return settings.TokenKeys.Length == 0 ? [folder] : [folder, new Place(TokenStore.FolderOf(settings.TokenKeys), FileUse.Read | FileUse.List)];
    }

    /// <summary>The sockets that a slice asks for: none but where Dovecot judges passwords.</summary>
    internal static SocketUse SocketsOf(ReadOnlySpan<byte> slice) => AuthSlice.Read(slice) is { Dovecot.Length: > 0 } ? AuthDeclaration.Dovecot : SocketUse.None;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        if (AuthSlice.Read(slice) is not { } settings || !NoticeOrigin.TryRead(settings, out var origin))
        {
            return false;
        }

        _notices.Origin = origin;
        if (_settings is { } old && settings with { HostName = old.HostName, NoticesFrom = old.NoticesFrom } != old)
        {
            // What it may reach follows from these, and is settled at its start.
            context.Log.Info("restarting").Quoted("reason", "users log in in other ways now").Write();
            Stop();
        }

        _settings ??= settings;
        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer == ProgramName.Tls)
        {
            _tls?.Dispose();
            _tls = new Channel(context.Loop, channel, context.Links.Watch(peer, _vouchers));
        }
        else if (peer == ProgramName.Queue)
        {
            _notices.Connect(new Channel(context.Loop, channel, context.Links.Watch(peer, _notices)));
        }
        else if (peer != ProgramName.Smtpd)
        {
            channel.Dispose();
        }
        else
        {
            var desk = new LoginDesk(_means!, context.Log);
            desk.Channel = new Channel(context.Loop, channel, context.Links.Watch(peer, desk)) { MaxUnsent = LoginDesk.MaxUnsent };
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
        var settings = _settings!.Value;
        var opened = DirectoryHandle.Open(settings.Folder, out var directory);
        if (!opened.Ok)
        {
            return $"{settings.Folder} can't be opened: {opened}";
        }

        TokenStore? tokens = null;
        if (settings.TokenIssuer.Length > 0)
        {
            var rules = new TokenRules(settings.TokenIssuer, settings.TokenAudience, settings.TokenClaim) { Leeway = TimeSpan.FromSeconds(settings.TokenLeeway) };
            tokens = TokenStore.Open(settings.TokenKeys, rules, context.Loop.Time, context.Log, out var problem);
            if (tokens is null)
            {
                return problem;
            }
        }

        _means = new LoginMeans(LoginBook.Open(directory!, context.Loop.Time, context.Log), _vouchers, context.Loop.Time)
        {
            Tokens = tokens,
            Passwords = settings.Dovecot.Length > 0 ? new DovecotSource(context.Loop, settings.Dovecot, context.Log) : null,
        };
        _means.Book.NewPlace = _notices.Tell;
        return null;
    }

    /// <inheritdoc/>
    public void Stop() => context.Finish();
}
