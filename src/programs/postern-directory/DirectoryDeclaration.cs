using Postern.Role.Confining;

namespace Postern.Directory;

/// <summary>What postern-directory may do; the kernel refuses it the rest.</summary>
internal static class DirectoryDeclaration
{
    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Files = FileUse.Read };
}
