using Postern.Role.Confining;

namespace Postern.Queue;

/// <summary>What postern-queue may do; the kernel refuses it the rest.</summary>
internal static class QueueDeclaration
{
    /// <summary>What it does in its folder.</summary>
    internal const FileUse Beneath = FileUse.Read | FileUse.List | FileUse.Change;

    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Files = Beneath, Sockets = SocketUse.Accept };
}
