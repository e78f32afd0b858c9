using Postern.Role.Confining;

namespace Postern.Bounce;

/// <summary>What postern-bounce may do; the kernel refuses it the rest.</summary>
internal static class BounceDeclaration
{
    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = Declaration.Nothing;
}
