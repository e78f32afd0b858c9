using Postern.Ipc;

namespace Postern.Supervisor;

/// <summary>One program that posternd keeps running.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="File">Its executable, beside posternd's own.</param>
/// <param name="User">The system user that it runs as when posternd is root.</param>
/// <param name="OpenFiles">How many descriptors it may have.</param>
internal sealed record ProgramEntry(ProgramName Name, string File, string User, ulong OpenFiles)
{
    /// <summary>The name in logs.</summary>
    internal string ShortName => File["postern-".Length..];
}

/// <summary>Two programs that get a channel.</summary>
/// <param name="One">The one.</param>
/// <param name="Other">The other.</param>
/// <param name="Packets">True when it carries packets with descriptors instead of frames.</param>
internal sealed record ChannelEntry(ProgramName One, ProgramName Other, bool Packets = false)
{
    /// <summary>True when it is between these two.</summary>
    internal bool Joins(ProgramName one, ProgramName other) => (One, Other) == (one, other) || (One, Other) == (other, one);
}

/// <summary>Who runs, as whom, and who may talk to whom: the whole graph stands here and nowhere else.</summary>
internal static class ProgramTable
{
    /// <summary>Turns the configuration into slices and ends; it is not kept running.</summary>
    internal static readonly ProgramEntry Config = new(ProgramName.None, "postern-config", "nobody", 64);

    /// <summary>Writes one user's Maildirs; started on request, as that user.</summary>
    internal static readonly ProgramEntry Deliver = new(ProgramName.Deliver, "postern-deliver", string.Empty, 256);

    /// <summary>Those that always run, acme only where it has something to do, in the order of their start: who is asked starts before who asks.</summary>
    internal static readonly IReadOnlyList<ProgramEntry> Standing =
    [
        new(ProgramName.Directory, "postern-directory", "postern-dir", 64),
        new(ProgramName.Bounce, "postern-bounce", "postern-bounce", 64),
        new(ProgramName.Local, "postern-local", "postern-local", 1024),
        new(ProgramName.Remote, "postern-remote", "postern-out", 4096),
        new(ProgramName.Tls, "postern-tls", "postern-tls", 524_288),
        new(ProgramName.Queue, "postern-queue", "postern-queue", 1024),
        new(ProgramName.Auth, "postern-auth", "postern-auth", 64),
        new(ProgramName.Acme, "postern-acme", "postern-acme", 256),
        new(ProgramName.Smtpd, "postern-smtpd", "postern-smtp", 262_144),
    ];

    /// <summary>The pairs that get a channel. `local` and each `deliver` are wired when one is started.</summary>
    internal static readonly IReadOnlyList<ChannelEntry> Channels =
    [
        new(ProgramName.Smtpd, ProgramName.Directory),
        new(ProgramName.Smtpd, ProgramName.Queue),
        new(ProgramName.Smtpd, ProgramName.Tls, Packets: true),
        new(ProgramName.Smtpd, ProgramName.Auth),
        new(ProgramName.Auth, ProgramName.Tls),
        new(ProgramName.Auth, ProgramName.Queue),
        new(ProgramName.Acme, ProgramName.Tls),
        new(ProgramName.Queue, ProgramName.Local),
        new(ProgramName.Queue, ProgramName.Remote),
        new(ProgramName.Queue, ProgramName.Bounce),
        new(ProgramName.Local, ProgramName.Directory),
    ];

    /// <summary>The slices that postern-config writes, in the order of the descriptors from 3 up.</summary>
    internal static readonly IReadOnlyList<ProgramName> Slices = [.. Enum.GetValues<ProgramName>().Where(name => name != ProgramName.None)];
}
