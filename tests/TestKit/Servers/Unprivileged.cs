using System.Globalization;

namespace Postern.TestKit.Servers;

/// <summary>How tests that run as root start programs that must not: by setpriv, as nobody.</summary>
public static class Unprivileged
{
    /// <summary>The user and group of nobody (65534 on Linux).</summary>
    public const int Id = 65534;

    /// <summary>The command line with which a program runs unprivileged, whoever we are.</summary>
    public static IReadOnlyList<string> Command(string program, params IEnumerable<string> arguments)
    {
        var id = Id.ToString(CultureInfo.InvariantCulture);
        return Requirement.IsRoot
            ? ["setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--", program, .. arguments]
            : [program, .. arguments];
    }
}
