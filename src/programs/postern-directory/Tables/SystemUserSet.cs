using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Ipc.Control;
using Postern.Ipc.Directory;
using Postern.Posix.Processes;

namespace Postern.Directory.Tables;

/// <summary>The system accounts that are mailboxes: people, never root and never an account of the system (attack F7).</summary>
internal sealed class SystemUserSet
{
    /// <summary>Accounts that belong to Postern's own programs begin so; see `postern setup users`.</summary>
    private const string OwnPrefix = "postern-";

    private readonly Dictionary<byte[], MailboxEntry> _users = new(FoldedBytes.Comparer);

    private SystemUserSet()
    {
    }

    /// <summary>How many there are.</summary>
    internal int Count => _users.Count;

    /// <summary>Reads /etc/passwd.</summary>
    /// <param name="file">Its bytes; lines that are not as passwd(5) says are passed over.</param>
    /// <param name="own">The user that this program runs as.</param>
    /// <remarks>
    /// Without root every program runs as the user who called posternd, and mail can be delivered as that user only: the
    /// others are nobody here. posternd holds to the same rules, whatever is answered here.
    /// </remarks>
    internal static SystemUserSet Read(ReadOnlySpan<byte> file, uint own)
    {
        var set = new SystemUserSet();
        var caller = PasswordFile.Find(file, own) is { } user && IsPerson(user) && !user.Name.StartsWith(OwnPrefix, StringComparison.Ordinal);
        foreach (var range in file.Split((byte)'\n'))
        {
            if (PasswordFile.Parse(file[range]) is { } account && IsPerson(account) && (!caller || account.Uid == own))
            {
                set._users.TryAdd(Encoding.ASCII.GetBytes(account.Name), new MailboxEntry(MailboxKind.System, account.Name, []));
            }
        }

        return set;
    }

    /// <summary>Finds one by its name, without ASCII case.</summary>
    internal bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out MailboxEntry? user) =>
        _users.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out user);

    private static bool IsPerson(SystemUser account) =>
        account.Uid is >= PasswordFile.FirstPersonUid and not PasswordFile.NobodyUid && account.Gid != 0 && IsSafe(account.Name);

    /// <summary>The names that useradd(8) makes, in either case: nothing in them means anything to a path or a frame.</summary>
    private static bool IsSafe(string name)
    {
        if (name.Length > ControlPacket.MaxUser || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
