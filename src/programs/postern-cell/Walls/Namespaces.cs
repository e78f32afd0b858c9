using Postern.Posix;

namespace Postern.Cell.Walls;

/// <summary>The namespaces of a cell (namespaces(7)).</summary>
internal static class Namespaces
{
    internal const uint Users = 0x10000000;

    /// <summary>That of mounts, in which the program has a root folder of its own.</summary>
    internal const uint Mounts = 0x00020000;

    /// <summary>Mounts, host name, System V memory and queues, processes, network.</summary>
    internal const uint AllButUsers = Mounts | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000;

    /// <summary>What is tried first: root makes the others itself, anybody else needs a namespace of users in which he is root.</summary>
    internal static uint For(CellUser user) => user.IsNew ? AllButUsers : AllButUsers | Users;

    /// <summary>Whether making namespaces failed because this system has none for us, and not because of what is the matter just now.</summary>
    internal static bool AreLacking(int error) => error is not (Errno.Again or Errno.NoMemory);

    /// <summary>
    /// Whether a step in them failed because this system forbids it or does not know it. Anything else (no descriptor left, a folder that is
    /// gone by now) is no reason to go on with less.
    /// </summary>
    internal static bool Forbid(int error) => error is Errno.NotPermitted or Errno.AccessDenied or Errno.NoSystemCall or Errno.InvalidArgument;
}
