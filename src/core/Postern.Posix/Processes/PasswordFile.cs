using System.Text;
using Postern.Text;

namespace Postern.Posix.Processes;

/// <summary>A user of the system as /etc/passwd describes it.</summary>
public sealed record SystemUser(string Name, uint Uid, uint Gid, string Home);

/// <summary>Reads /etc/passwd strictly: no name service, no surprises (passwd(5)).</summary>
public static class PasswordFile
{
    /// <summary>Where it is.</summary>
    public const string Path = "/etc/passwd";

    /// <summary>The first user id of people, as login.defs(5) ships it; below live system accounts.</summary>
    public const uint FirstPersonUid = 1000;

    /// <summary>The account without rights; it is nobody's mailbox.</summary>
    public const uint NobodyUid = 65534;

    private const int FieldCount = 7;

    /// <summary>Finds a user by its exact name.</summary>
    public static SystemUser? Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name)
    {
        foreach (var range in file.Split((byte)'\n'))
        {
            var line = file[range];
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name))
            {
                return Parse(line);
            }
        }

        return null;
    }

    /// <summary>Finds the first user with a user id.</summary>
    public static SystemUser? Find(ReadOnlySpan<byte> file, uint uid)
    {
        foreach (var range in file.Split((byte)'\n'))
        {
            if (Parse(file[range]) is { } user && user.Uid == uid)
            {
                return user;
            }
        }

        return null;
    }

    /// <summary>Reads one line; null when it is not of the form <c>name:password:uid:gid:comment:home:shell</c>.</summary>
    public static SystemUser? Parse(ReadOnlySpan<byte> line)
    {
        var fields = default(FieldRanges);
        var count = 0;
        foreach (var range in line.Split((byte)':'))
        {
            if (count == FieldCount)
            {
                return null;
            }

            fields[count++] = range;
        }

        if (count != FieldCount
            || !DecimalText.TryRead(line[fields[2]], out var uid) || uid >= uint.MaxValue
            || !DecimalText.TryRead(line[fields[3]], out var gid) || gid >= uint.MaxValue
            || line[fields[0]].IsEmpty || !System.Text.Ascii.IsValid(line[fields[0]]) || !System.Text.Ascii.IsValid(line[fields[5]]))
        {
            return null;
        }

        return new SystemUser(
            Encoding.ASCII.GetString(line[fields[0]]), (uint)uid, (uint)gid, Encoding.ASCII.GetString(line[fields[5]]));
    }

    /// <summary>Where the fields of a line are.</summary>
    [System.Runtime.CompilerServices.InlineArray(FieldCount)]
    private struct FieldRanges
    {
        private Range _first;
    }
}
