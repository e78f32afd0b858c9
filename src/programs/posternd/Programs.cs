using Postern.Posix;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>Finds the programs and their users, and starts them through the stage.</summary>
internal static class Programs
{
    private static readonly string _self = Environment.ProcessPath ?? "/proc/self/exe";

    /// <summary>The user that a program runs as, or null to keep ours: without root there is only one.</summary>
    /// <exception cref="InvalidOperationException">Checked at start: see <see cref="MissingUser"/>.</exception>
    internal static SystemUser? UserOf(ProgramEntry program) => OwnProcess.User != 0 ? null
        : FindUser(program.User) ?? throw new InvalidOperationException($"no system user {program.User}");

    /// <summary>The first system user that is missing, or null.</summary>
    internal static string? MissingUser(string mailboxUser)
    {
        if (OwnProcess.User != 0)
        {
            return null;
        }

        string[] needed = [ProgramTable.Config.User, .. ProgramTable.Standing.Select(program => program.User), mailboxUser];
        return needed.FirstOrDefault(name => FindUser(name) is null);
    }

    /// <summary>Looks a user up by name.</summary>
    internal static SystemUser? FindUser(string name) =>
        PasswordFile.Find(File.ReadAllBytes(PasswordFile.Path), System.Text.Encoding.ASCII.GetBytes(name));

    /// <summary>Looks a user up by number.</summary>
    internal static SystemUser? FindUser(uint uid) => PasswordFile.Find(File.ReadAllBytes(PasswordFile.Path), uid);

    /// <summary>Starts a program; the descriptors become its 0, 1, 2, ….</summary>
    internal static CallResult Start(ProgramEntry program, SystemUser? user, int[] descriptors, IReadOnlyList<string> arguments)
    {
        var home = program == ProgramTable.Deliver && user is not null ? user.Home : StageOrder.NoHome;
        var path = Path.Join(Path.GetDirectoryName(_self), program.File);
        // Without root nobody changes users; the user named is the caller then, and only its home matters.
        var become = OwnProcess.User == 0 ? user : null;
        var order = new StageOrder(path, become, program.OpenFiles, descriptors.Length, home, arguments);
        return ProcessStart.Spawn(_self, Stage.ArgumentsFor(order), [], descriptors);
    }
}
