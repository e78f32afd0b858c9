using System.Text;

namespace Postern.Sasl;

/// <summary>The names of the files that attempts are kept in, in the folder of the accounts.</summary>
/// <remarks>
/// Logins have files of their own: anybody can fail as often as he likes, and must not thereby have forgotten who logged in,
/// or from where an account is used.
/// </remarks>
public sealed class HistoryFiles
{
    private HistoryFiles(string name) =>
        (Current, Older, Remains, Fresh) = (Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(name + ".1"), Encoding.ASCII.GetBytes(name + ".2"), Encoding.ASCII.GetBytes(name + ".new"));

    /// <summary>What did not end with a login.</summary>
    public static HistoryFiles Failures { get; } = new("attempts");

    /// <summary>What did.</summary>
    public static HistoryFiles Logins { get; } = new("logins");

    /// <summary>The file that is written to.</summary>
    public ReadOnlyMemory<byte> Current { get; }

    /// <summary>The one before it, which is full.</summary>
    public ReadOnlyMemory<byte> Older { get; }

    /// <summary>What remains of all that were before these two.</summary>
    public ReadOnlyMemory<byte> Remains { get; }

    /// <summary>A file that is being written, and gets another name then.</summary>
    public ReadOnlyMemory<byte> Fresh { get; }

    /// <summary>Those to be read, the oldest first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> All => [Remains, Older, Current];
}
