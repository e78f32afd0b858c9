using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Root;

/// <summary>
/// A host of its own for a server that runs as root: a copy of /etc in a mount namespace, so that users come and go without a
/// trace on this machine.
/// </summary>
internal sealed class OwnHost : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);

    internal OwnHost()
    {
        Requirement.Root("the server runs as root, with users of its own");
        _ = PosternPrograms.Folder;
        Tool.Run("cp", ["-a", "/etc", _scratch["etc"]]).MustSucceed();
        foreach (var file in new[] { "passwd", "shadow", "group", "gshadow" }.Select(name => _scratch["etc/" + name]).Where(File.Exists))
        {
            File.WriteAllLines(file, File.ReadAllLines(file).Where(line => !line.StartsWith("postern-", StringComparison.Ordinal)));
        }
    }

    internal string Folder => _scratch.Folder;

    /// <summary>A command line that runs inside, as root.</summary>
    internal IReadOnlyList<string> Inside(IEnumerable<string> command) =>
        ["unshare", "--mount", "--", "/bin/sh", "-c", "mount --bind \"$0\" /etc && exec \"$@\"", _scratch["etc"], .. command];

    /// <summary>The same as a user.</summary>
    internal IReadOnlyList<string> InsideAs(int uid, IEnumerable<string> command)
    {
        var id = uid.ToString(CultureInfo.InvariantCulture);
        return Inside(["setpriv", $"--reuid={id}", $"--regid={id}", "--clear-groups", "--", .. command]);
    }

    /// <summary>Makes the programs' users as an administrator does.</summary>
    internal void SetUpUsers() => Run(PosternPrograms.Of("postern"), "setup", "users");

    /// <summary>Makes a user with a home; returns its uid.</summary>
    internal int AddUser(string name)
    {
        Run("useradd", "--create-home", "--user-group", "--home-dir", Home(name), name);
        return UidOf(name);
    }

    /// <summary>Gives users another home.</summary>
    internal void MoveHomes(string home, params string[] names) => File.WriteAllLines(
        _scratch["etc/passwd"],
        [.. File.ReadAllLines(_scratch["etc/passwd"]).Select(line => line.Split(':') is { Length: 7 } parts && names.Contains(parts[0]) ? string.Join(':', [.. parts[..5], home, parts[6]]) : line)]);

    internal string Home(string name) => _scratch["home-" + name];

    /// <summary>The uid that a name has inside.</summary>
    internal int UidOf(string name) => int.Parse(
        File.ReadLines(_scratch["etc/passwd"]).Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[2], CultureInfo.InvariantCulture);

    /// <summary>Who owns a path, and its mode: "name 755", by the names inside.</summary>
    internal string Owner(string path)
    {
        var found = Tool.Run("stat", ["-c", "%u %a", path]).MustSucceed().Output.Trim().Split(' ');
        var line = File.ReadLines(_scratch["etc/passwd"]).First(line => line.Split(':')[2] == found[0]);
        return $"{line.Split(':')[0]} {found[1]}";
    }

    public void Dispose() => _scratch.Dispose();

    private void Run(params string[] command)
    {
        var whole = Inside(command);
        Tool.Run(whole[0], whole.Skip(1)).MustSucceed();
    }
}
