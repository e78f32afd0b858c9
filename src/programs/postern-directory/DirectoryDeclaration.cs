using Postern.Role.Confining;

namespace Postern.Directory;

/// <summary>What postern-directory may do; the kernel refuses it the rest.</summary>
internal static class DirectoryDeclaration
{
    /// <summary>Besides, where users of the system have mailboxes.</summary>
    internal const FileUse SystemUsers = FileUse.Read;

    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = Declaration.Nothing;
}
