using Postern.Acme;
using Postern.Auth;
using Postern.Bounce;
using Postern.Config;
using Postern.Deliver;
using Postern.Directory;
using Postern.Keyholder;
using Postern.Local;
using Postern.Queue;
using Postern.Remote;
using Postern.Role.Confining;
using Postern.Smtpd;

namespace Postern.Prisoner;

/// <summary>The declarations that tests adopt: those of the programs, which are compiled in from there, and parts of them.</summary>
internal static class Declarations
{
    /// <summary>Each with a name for command lines.</summary>
    internal static readonly IReadOnlyDictionary<string, Declaration> Each = new Dictionary<string, Declaration>
    {
        ["nothing"] = Declaration.Nothing,
        ["smtpd"] = SmtpdDeclaration.Own,
        ["auth"] = AuthDeclaration.Own,
        ["auth with Dovecot"] = AuthDeclaration.Own with { Sockets = AuthDeclaration.Dovecot },
        ["tls"] = TlsDeclaration.Own,
        ["tls with acme"] = TlsDeclaration.Own with { Files = TlsDeclaration.Own.Files | TlsDeclaration.Issuance },
        ["acme"] = AcmeDeclaration.Own,
        ["remote"] = RemoteDeclaration.Own,
        ["remote with LMTP"] = RemoteDeclaration.Own with { Sockets = RemoteDeclaration.Own.Sockets | RemoteDeclaration.LocalSockets },
        ["queue"] = QueueDeclaration.Own,
        ["local"] = LocalDeclaration.Own,
        ["bounce"] = BounceDeclaration.Own,
        ["directory"] = DirectoryDeclaration.Own,
        ["config"] = ConfigDeclaration.Own,
        ["deliver"] = DeliverDeclaration.Own,
        ["tcp"] = new() { Sockets = SocketUse.Tcp },
        ["udp"] = new() { Sockets = SocketUse.Udp },
        ["unix"] = new() { Sockets = SocketUse.Unix },
    };
}
