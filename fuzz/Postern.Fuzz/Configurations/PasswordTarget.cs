using System.Globalization;
using System.Text;
using Postern.Directory.Tables;
using Postern.Fuzz.Oracles;
using Postern.Posix.Processes;

namespace Postern.Fuzz.Configurations;

/// <summary>/etc/passwd, beside its rules on lines of text; system accounts are nobody's mailbox.</summary>
internal static class PasswordTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = Demand.Latin(input).Split('\n');
        var users = lines.Select(Reference).ToArray();
        for (int i = 0; i < lines.Length; i++)
            Demand.Equal(users[i], PasswordFile.Parse(Encoding.Latin1.GetBytes(lines[i])), "an account");
        foreach (uint uid in new[] { 0u, 1000u, 1001u })
            Demand.Equal(users.FirstOrDefault(user => user?.Uid == uid), PasswordFile.Find(input, uid), $"the account {uid}");
        foreach (string name in lines.Select(line => line.Split(':')[0]).Where(name => name.Length > 0).Distinct())
        {
            int first = Array.FindIndex(lines, line => line.StartsWith(name + ":", StringComparison.Ordinal));
            Demand.Equal(first < 0 ? null : users[first], PasswordFile.Find(input, Encoding.Latin1.GetBytes(name)), "the account of a name");
        }
        var set = SystemUserSet.Read(input, own: 0);
        string[] people = [.. users.OfType<SystemUser>().Where(IsPerson).Select(user => user.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
        Demand.Equal(people.Length, set.Count, "the people");
        foreach (string person in people) Demand.That(set.TryFind(Encoding.ASCII.GetBytes(person), out _), "somebody who is not found");
    }

    private static bool IsPerson(SystemUser user) =>
        user.Uid is >= 1000 and not 65534 && user.Gid != 0 && user.Name.Length <= 32 && (char.IsAsciiLetter(user.Name[0]) || user.Name[0] == '_')
        && user.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');

    private static SystemUser? Reference(string line)
    {
        string[] fields = line.Split(':');
        return fields.Length == 7 && fields[0].Length > 0 && Number(fields[2]) is { } uid && Number(fields[3]) is { } gid
            && (fields[0] + fields[5]).All(letter => letter < 0x80) ? new SystemUser(fields[0], uid, gid, fields[5]) : null;
    }

    private static uint? Number(string text) => text.Length <= 20 && text.All(char.IsAsciiDigit)
        && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value < uint.MaxValue ? (uint)value : null;
}
