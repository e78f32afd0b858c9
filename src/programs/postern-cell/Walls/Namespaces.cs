namespace Postern.Cell.Walls;

/// <summary>The namespaces of a cell (namespaces(7)).</summary>
internal static class Namespaces
{
    internal const uint Users = 0x10000000;

    /// <summary>Mounts, host name, System V memory and queues, processes, network.</summary>
    internal const uint AllButUsers = 0x00020000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000;

    /// <summary>What is tried first: root makes the others itself, anybody else needs a namespace of users in which he is root.</summary>
    internal static uint For(CellUser user) => user.IsNew ? AllButUsers : AllButUsers | Users;
}
