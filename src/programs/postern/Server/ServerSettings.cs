using Postern.Mail;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Server;

/// <summary>What commands need to know of the configuration.</summary>
internal sealed record ServerSettings
{
    /// <summary>The state folder.</summary>
    internal required string State { get; init; }

    /// <summary>The name of this server.</summary>
    internal required DomainName HostName { get; init; }

    /// <summary>
    /// What an address without a domain gets: the first of our domains, whose names people know; the name of this server when
    /// there is no other, or when mail for that one is routed elsewhere, where nobody asks for the aliases of this host.
    /// </summary>
    internal required DomainName MailDomain { get; init; }

    /// <summary>The largest message in bytes.</summary>
    internal required ulong MessageSize { get; init; }

    /// <summary>Where SMTP is served, the first of several; null when nowhere.</summary>
    internal SocketAddress? SmtpListener { get; init; }

    /// <summary>False when the file has errors, and the server that runs can only go by an older one.</summary>
    internal bool IsFileRight { get; init; } = true;

    /// <summary>The socket for handing in messages.</summary>
    internal string QueueSocket => Path.Join(State, "run", "queue.sock");

    /// <summary>The socket for looking at and changing the queue.</summary>
    internal string ControlSocket => Path.Join(State, "run", "control.sock");

    /// <summary>posternd's table of programs.</summary>
    internal string ProgramsFile => Path.Join(State, "run", "programs");
}
