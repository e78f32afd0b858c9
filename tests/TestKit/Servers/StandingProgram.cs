namespace Postern.TestKit.Servers;

/// <summary>A program that posternd keeps running, as the tests know it. The tests of posternd hold the list against its own table: a program that is new there is examined everywhere.</summary>
/// <param name="Name">Its executable.</param>
/// <param name="User">The system user that it runs as under root.</param>
/// <param name="Channels">With how many of the others it has a channel.</param>
public sealed record StandingProgram(string Name, string User, int Channels)
{
    /// <summary>All of them; acme runs only where it has something to do.</summary>
    public static readonly IReadOnlyList<StandingProgram> All =
    [
        new("postern-directory", "postern-dir", 2),
        new("postern-bounce", "postern-bounce", 1),
        new("postern-local", "postern-local", 2),
        new("postern-remote", "postern-out", 1),
        new("postern-tls", "postern-tls", 3),
        new("postern-queue", "postern-queue", 5),
        new("postern-auth", "postern-auth", 3),
        new("postern-acme", "postern-acme", 1),
        new("postern-smtpd", "postern-smtp", 4),
    ];

    /// <summary>The name in logs and tables.</summary>
    public string ShortName => Name["postern-".Length..];
}
