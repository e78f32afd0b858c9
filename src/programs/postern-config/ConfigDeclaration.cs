using Postern.Role.Confining;

namespace Postern.Config;

/// <summary>What postern-config may do; the kernel refuses it the rest.</summary>
internal static class ConfigDeclaration
{
    /// <summary>Any file may be the one with the aliases; it is read by nobody's rights. Standard input and the slices are open already.</summary>
    internal static readonly Declaration Own = new() { Files = FileUse.Read, FixedPlaces = [new Place("/", FileUse.Read)] };
}
