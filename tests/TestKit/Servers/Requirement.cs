namespace Postern.TestKit.Servers;

/// <summary>What a test needs of the machine: it is skipped with a reason where that is missing, or fails where it must not be.</summary>
public static class Requirement
{
    // What xunit takes for a skip when an exception's message begins with it.
    private const string SkipToken = "$XunitDynamicSkip$";

    /// <summary>True where a missing peer is a failure: in CI.</summary>
    public static bool PeersMustBeThere => Environment.GetEnvironmentVariable("POSTERN_REQUIRE_PEERS") == "1";

    /// <summary>Whether the tests run as root.</summary>
    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>Ends the test as skipped.</summary>
    public static void Skip(string reason) => throw new InvalidOperationException(SkipToken + reason);

    /// <summary>Ends the test as skipped, or as failed where peers must be there.</summary>
    public static void MissingPeer(string reason)
    {
        if (PeersMustBeThere)
        {
            throw new InvalidOperationException($"{reason}, and POSTERN_REQUIRE_PEERS=1 demands it.");
        }

        Skip(reason);
    }

    /// <summary>The path of a program of somebody else's that has to be installed.</summary>
    public static string Peer(string name)
    {
        if (Find(name) is { } path)
        {
            return path;
        }

        MissingPeer($"{name} is not installed (eng/peers.sh installs it)");
        return "";
    }

    /// <summary>Ends the test as skipped unless it runs as root.</summary>
    public static void Root(string why)
    {
        if (!IsRoot)
        {
            Skip($"needs root: {why}");
        }
    }

    private static string? Find(string name)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];
        return folders.Where(folder => folder.Length > 0).Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);
    }
}
