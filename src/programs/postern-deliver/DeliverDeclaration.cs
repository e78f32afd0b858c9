using Postern.Role.Confining;

namespace Postern.Deliver;

/// <summary>What postern-deliver may do; the kernel refuses it the rest.</summary>
internal static class DeliverDeclaration
{
    /// <summary>What it does in mailboxes.</summary>
    internal const FileUse Beneath = FileUse.Read | FileUse.List | FileUse.Change | FileUse.MakeFolders | FileUse.Move;

    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Files = Beneath };
}
