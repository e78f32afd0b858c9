using System.CommandLine;
using System.Text;
using Postern.CommandLine.Server;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern setup users</c>: makes the system users that the programs run as.</summary>
internal static class SetupCommand
{
    /// <summary>The users: one per program, and the owner of the virtual mailboxes.</summary>
    internal static readonly IReadOnlyList<string> Users =
    [
        "postern-smtp", "postern-dir", "postern-queue", "postern-out", "postern-local", "postern-bounce", "postern-tls",
        "postern-auth", "postern-acme", "postern-mail",
    ];

    private const string GroupFile = "/etc/group";

    private static readonly string[] _places = ["/usr/sbin/useradd", "/sbin/useradd", "/usr/bin/useradd"];

    /// <summary>Builds the command with the one below it.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        _ = options;
        var users = new Command("users", "Make the system users that the programs run as; as root.");
        users.SetAction(_ => Run(invocation));
        return new Command("setup", "Prepare this host.") { users };
    }

    /// <summary>The arguments of useradd for a user.</summary>
    /// <param name="user">The name.</param>
    /// <param name="groups">/etc/group: a group of that name is used, else one is made.</param>
    internal static string[] ArgumentsFor(string user, ReadOnlySpan<byte> groups) =>
    [
        "useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
        .. HasGroup(user, groups) ? ["--gid", user] : (string[])["--user-group"],
        user,
    ];

    private static int Run(Invocation invocation)
    {
        if (invocation.Uid != 0)
        {
            throw new CommandFailure(ExitCode.NoPermission, "setup users is for root");
        }

        var made = new List<string>();
        foreach (var user in Users)
        {
            if (PasswordFile.Find(invocation.ReadPasswords(), Encoding.ASCII.GetBytes(user)) is not null)
            {
                continue;
            }

            var tool = _places.FirstOrDefault(File.Exists)
                ?? throw new CommandFailure(ExitCode.Unavailable, "useradd is missing; install the package passwd or shadow");
            var code = ChildProgram.Run(tool, ArgumentsFor(user, File.ReadAllBytes(GroupFile)), [-1, -1, -1]);
            if (code != 0)
            {
                throw new CommandFailure(ExitCode.SystemError, $"useradd could not make {user} (exit {code})");
            }

            made.Add(user);
            if (!invocation.Screen.Json)
            {
                invocation.Screen.Line($"made {user}");
            }
        }

        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("made");
                made.ForEach(writer.WriteStringValue);
                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        }

        return ExitCode.Success;
    }

    private static bool HasGroup(string name, ReadOnlySpan<byte> groups)
    {
        foreach (var range in groups.Split((byte)'\n'))
        {
            if (groups[range].StartsWith(Encoding.ASCII.GetBytes(name + ":")))
            {
                return true;
            }
        }

        return false;
    }
}
