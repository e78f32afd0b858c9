using Postern.Role.Confining;

namespace Postern.Auth;

/// <summary>What postern-auth may do; the kernel refuses it the rest.</summary>
internal static class AuthDeclaration
{
    /// <summary>What it does in its folder.</summary>
    internal const FileUse Beneath = FileUse.Read | FileUse.List | FileUse.Change;

    /// <summary>Besides, where Dovecot judges passwords.</summary>
    internal const SocketUse Dovecot = SocketUse.Unix;

    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Files = Beneath };
}
