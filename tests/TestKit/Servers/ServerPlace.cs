namespace Postern.TestKit.Servers;

/// <summary>Where a server runs that does not simply run on this machine: on a disk of its own, say, that only it has mounted.</summary>
/// <param name="Folder">Where its state and its mailboxes lie, as the server says it.</param>
/// <param name="Inside">Makes the command line that runs another one there.</param>
/// <param name="Seen">The path by which we reach what has a path there.</param>
public sealed record ServerPlace(
    string Folder, Func<IReadOnlyList<string>, IReadOnlyList<string>> Inside, Func<string, string> Seen);
