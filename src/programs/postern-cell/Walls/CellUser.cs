using Postern.Posix.Processes;
using Postern.Text;

namespace Postern.Cell.Walls;

/// <summary>Whom the program runs as, and who stands beside it.</summary>
/// <param name="Uid">The program's user, and its group.</param>
/// <param name="Gid">The program's group.</param>
/// <param name="Keeper">The user that the cell itself becomes once the child is made.</param>
/// <param name="IsNew">True when these are others than ours.</param>
internal readonly record struct CellUser(uint Uid, uint Gid, uint Keeper, bool IsNew)
{
    /// <summary>
    /// From here on nobody has users: above what useradd(8), subuid(5) and systemd give out, below what is negative to old programs. With
    /// the process id added each cell has its own, and no user of one can signal, trace or count against that of another.
    /// </summary>
    internal const uint First = 2_000_000_000;

    // No process id is larger (PID_MAX_LIMIT).
    private const uint MaxProcess = 4 * 1024 * 1024;

    /// <summary>True when nobody else's processes are this user's.</summary>
    internal bool IsAlone => IsNew && Uid >= First;

    /// <summary>The user of a cell that this process starts.</summary>
    internal static CellUser Own()
    {
        if (OwnProcess.User != 0)
        {
            return new CellUser(OwnProcess.User, OwnProcess.Group, OwnProcess.User, IsNew: false);
        }

        // Root of a container may have few users to become, or none but itself: then it is no more than its caller outside.
        var own = First + (uint)Environment.ProcessId;
        const uint nobody = PasswordFile.NobodyUid;
        return Has(own + MaxProcess) ? new CellUser(own, own, own + MaxProcess, IsNew: true)
            : Has(nobody) ? new CellUser(nobody, nobody, nobody, IsNew: true)
            : new CellUser(0, OwnProcess.Group, 0, IsNew: false);
    }

    private static bool Has(uint id) => Has("/proc/self/uid_map", id) && Has("/proc/self/gid_map", id);

    /// <summary>Whether there is such an id; where /proc is not mounted it is taken to be there, and becoming it fails if it is not: never is root kept.</summary>
    internal static bool Has(string map, uint id) => !File.Exists(map) || Maps(File.ReadAllBytes(map), id);

    /// <summary>Whether a map of user_namespaces(7) has an id: a container may have 65,536 of them only.</summary>
    internal static bool Maps(ReadOnlySpan<byte> map, uint id)
    {
        // First id inside, first outside, how many.
        Span<ulong> numbers = stackalloc ulong[3];
        foreach (var range in map.Split((byte)'\n'))
        {
            var count = 0;
            var line = map[range];
            foreach (var word in line.Split((byte)' '))
            {
                if (!line[word].IsEmpty && (count == numbers.Length || !DecimalText.TryRead(line[word], out numbers[count++])))
                {
                    count = 0;
                    break;
                }
            }

            if (count == numbers.Length && id >= numbers[0] && id - numbers[0] < numbers[2])
            {
                return true;
            }
        }

        return false;
    }
}
