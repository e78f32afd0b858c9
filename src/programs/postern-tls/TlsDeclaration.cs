using Postern.Role.Confining;

namespace Postern.Keyholder;

/// <summary>What postern-tls may do; the kernel refuses it the rest.</summary>
internal static class TlsDeclaration
{
    /// <summary>What it does in the folder that certificates of an authority's making are kept in, where some are.</summary>
    internal const FileUse Issuance = FileUse.Read | FileUse.List | FileUse.Change;

    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Files = FileUse.Read, Sockets = SocketUse.TakeOver };
}
