namespace Postern.Architecture.Trust;

/// <summary>Of postern-smtpd the part that any stranger can drive: what runs before a recipient was accepted.</summary>
internal static class SmtpdPart
{
    public const string Name = "postern-smtpd before a recipient is accepted";

    public const string OwnName = "postern-smtpd before a recipient is accepted, without what every program has";

    /// <summary>What is not in every program: its own code, SMTP, addresses, text. The rest is the loop, the frames, the log, the system's calls.</summary>
    public static string[] OwnFolders { get; } = ["src/programs/postern-smtpd/", "src/core/Postern.Smtp/", "src/core/Postern.Mail/", "src/core/Postern.Text/"];

    /// <summary>Where a stranger's bytes come in, and the answers of other programs to what he asked.</summary>
    private static readonly string[] FromConnection =
        ["Postern.Loop.EventLoop::RunTurn", "Postern.Smtpd.Listening.SmtpServer::Accept", "Postern.Ipc.Channel::ReceiveAsync"];

    /// <summary>
    /// Content is taken in these two methods, and in nothing else. Both are called for a recipient that was accepted only:
    /// CommandTable admits DATA to no other phase, and ContentCommands.Bdat passes over a chunk that comes in another.
    /// </summary>
    private static readonly string[] ToContent =
        ["Postern.Smtpd.Sessions.SmtpSession::ReceiveDataAsync", "Postern.Smtpd.Sessions.SmtpSession::ReceiveChunkAsync"];

    /// <param name="images">postern-smtpd and what it refers to.</param>
    public static IReadOnlySet<CodeMethod> Of(IReadOnlyList<CodeImage> images) => CallGraph.Between(images, FromConnection, ToContent);
}
