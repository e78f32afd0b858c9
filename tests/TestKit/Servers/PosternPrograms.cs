namespace Postern.TestKit.Servers;

/// <summary>The native programs that the tests examine.</summary>
public static class PosternPrograms
{
    private static readonly string[] _all =
    [
        "posternd", "postern-config", "postern-smtpd", "postern-directory", "postern-queue", "postern-remote",
        "postern-local", "postern-deliver", "postern-bounce", "postern-tls", "postern-auth", "postern-acme", "postern-cell", "postern",
    ];

    private static readonly Lazy<string> _folder = new(Reachable);

    /// <summary>The folder that holds them, readable for everybody.</summary>
    public static string Folder
    {
        get
        {
            var given = Environment.GetEnvironmentVariable("POSTERN_BIN");
            if (given is null or "")
            {
                Requirement.Skip("POSTERN_BIN is not set: ./test builds the programs and sets it");
            }

            if (_all.FirstOrDefault(name => !File.Exists(Path.Join(given, name))) is { } missing)
            {
                Requirement.Skip($"{missing} is missing in POSTERN_BIN={given}");
            }

            return _folder.Value;
        }
    }

    /// <summary>The path of a program.</summary>
    public static string Of(string name) => Path.Join(Folder, name);

    // Nobody may not be able to reach the checkout: as root the tests run a copy.
    private static string Reachable()
    {
        var given = Path.GetFullPath(Environment.GetEnvironmentVariable("POSTERN_BIN")!);
        if (!Requirement.IsRoot)
        {
            return given;
        }

        var copy = new Scratch(belongsToNobody: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => copy.Dispose();
        Tool.Run("cp", ["-a", given + "/.", copy.Folder]).MustSucceed();
        Tool.Run("chmod", ["755", copy.Folder]).MustSucceed();
        return copy.Folder;
    }
}
