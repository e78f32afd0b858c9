using Postern.Role.Confining;

namespace Postern.Local;

/// <summary>What postern-local may do; the kernel refuses it the rest.</summary>
internal static class LocalDeclaration
{
    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = Declaration.Nothing;
}
