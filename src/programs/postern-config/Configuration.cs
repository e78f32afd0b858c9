using Postern.Config.Errors;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Text;

namespace Postern.Config;

/// <summary>A valid configuration with every default filled in: what the slices are cut from.</summary>
internal sealed record Configuration
{
    /// <summary>The name of this server.</summary>
    internal required DomainName HostName { get; init; }

    /// <summary>Domains whose mail is ours, in the order of the file; the host name is the last unless it was named.</summary>
    internal required IReadOnlyList<DomainName> Domains { get; init; }

    /// <summary>The state folder.</summary>
    internal required string State { get; init; }

    /// <summary>Networks that may relay without logging in.</summary>
    internal required IReadOnlyList<IpNetwork> Trusted { get; init; }

    /// <summary>Where mail is taken.</summary>
    internal required IReadOnlyList<ListeningAddress> Listeners { get; init; }

    /// <summary>The mailboxes.</summary>
    internal required MailboxSettings Mailboxes { get; init; }

    /// <summary>What other addresses mean.</summary>
    internal required IReadOnlyList<Alias> Aliases { get; init; }

    /// <summary>Next hops other than the mail exchangers.</summary>
    internal required IReadOnlyList<Route> Routes { get; init; }

    /// <summary>When deferred mail is tried again.</summary>
    internal required QueueTimes Queue { get; init; }

    /// <summary>The limits.</summary>
    internal required Limits Limits { get; init; }

    /// <summary>Name servers.</summary>
    internal required IReadOnlyList<NameServer> Resolvers { get; init; }

    /// <summary>True when their word that they verified an answer is believed wherever they are; of those on this host it is in any case.</summary>
    internal required bool TrustsResolvers { get; init; }

    /// <summary>True when an MX may lead to loopback, private and own addresses.</summary>
    internal required bool AllowPrivate { get; init; }

    /// <summary>True when a message that says so may go without TLS where a policy asks for it.</summary>
    internal required bool TlsOptional { get; init; }

    /// <summary>How mail is protected on its way to other servers.</summary>
    internal required OutboundTls Outbound { get; init; }

    /// <summary>Who sends reports about TLS; null when none are sent.</summary>
    internal required TlsReports? Reports { get; init; }

    /// <summary>How TLS is done.</summary>
    internal required TlsSettings Tls { get; init; }

    /// <summary>How much a user may send.</summary>
    internal required SendingSlice Sending { get; init; }

    /// <summary>For how many seconds a user may have a message held back; 0 is not at all.</summary>
    internal required uint MaxHold { get; init; }

    /// <summary>How users log in.</summary>
    internal required LoginSettings Logins { get; init; }
    /// <summary>How certificates are made; null when none are.</summary>
    internal required AcmeSettings? Acme { get; init; }

    /// <summary>True when nothing may run that the kernel does not hold as it should.</summary>
    internal required bool Strict { get; init; }
}

/// <summary>An address, a port and what is spoken there.</summary>
internal sealed record ListeningAddress(IpAddress Address, ushort Port, ServiceKind Service);

/// <summary>Where virtual mailboxes are, whose they are, and whether system accounts have one.</summary>
internal sealed record MailboxSettings(string Root, string User, bool System, IReadOnlyList<string> Addresses);

/// <summary>Whether TLS is on offer, whether those who submit are asked for a certificate, whether an authority makes ours, and those that there
/// are; the first is for who asks for no name.</summary>
internal sealed record TlsSettings(bool IsEnabled, bool AsksForCertificate, bool HasAcme, IReadOnlyList<CertificateFiles> Certificates);

/// <summary>Which authority makes certificates, whom it may write to (empty for nobody), for which names, and where it may look.</summary>
internal sealed record AcmeSettings(string Directory, string Contact, IReadOnlyList<string> Names, IpPlace Listen);

/// <summary>An address and a port.</summary>
internal sealed record IpPlace(IpAddress Address, ushort Port);

/// <summary>The socket of the Dovecot that judges passwords, or null for our own accounts; whose tokens hold, or null for none; and whether
/// users are told of logins from new places.</summary>
internal sealed record LoginSettings(string? Dovecot, TokenSettings? Tokens, bool SendsNotices = true);

/// <summary>Whose tokens hold and for whom, the file of their keys, the member that names the account, and by how many seconds clocks may differ.</summary>
internal sealed record TokenSettings(string Issuer, string Audience, string Keys, string Claim, uint Leeway);

/// <summary>The files of a certificate with its chain, and of its key.</summary>
internal sealed record CertificateFiles(string Chain, string Key);

/// <summary>How mail is protected on its way to other servers: who may vouch for them, what is asked of which, and where to log in.</summary>
internal sealed record OutboundTls(string Authorities, IReadOnlyList<TlsRule> Rules, IReadOnlyList<OutboundLogin> Logins);

/// <summary>How to log in at a host: the user with the file of his password, and the files of a certificate and its key; either may be null.</summary>
internal sealed record OutboundLogin(string Host, string? User, string? PasswordFile, string? Certificate, string? Key);

/// <summary>Who sends reports about TLS: two addresses in ASCII, and whose server it is.</summary>
internal sealed record TlsReports(string From, string Organization, string Contact);

/// <summary>A pattern of domains and how their mail has to be protected.</summary>
internal sealed record TlsRule(string Pattern, TlsNeed Need);

/// <summary>An address of ours that stands for others.</summary>
/// <param name="Key">local@domain, @domain or a local part, in small letters.</param>
/// <param name="Targets">Addresses, or local parts of the same domain.</param>
internal sealed record Alias(string Key, IReadOnlyList<string> Targets)
{
    /// <summary>Where the key stands.</summary>
    internal Place Place { get; init; }

    /// <summary>Where each target stands.</summary>
    internal IReadOnlyList<Place> TargetPlaces { get; init; } = [];
}

/// <summary>A pattern of domains and the next hop of their mail.</summary>
internal sealed record Route(string Pattern, HopKind Hop, string Destination, ushort Port);

/// <summary>The times of the schedule, in seconds; WarnAfter is 0 for never.</summary>
internal sealed record QueueTimes(uint RetryFirst, uint RetryMax, uint Expire, uint WarnAfter);

/// <summary>How much of everything at most.</summary>
internal sealed record Limits
{
    /// <summary>Bytes of a message.</summary>
    internal required ulong MessageSize { get; init; }

    /// <summary>Recipients of a message.</summary>
    internal required uint Recipients { get; init; }

    /// <summary>Sessions at one time.</summary>
    internal required uint Connections { get; init; }

    /// <summary>Sessions at one time from one address.</summary>
    internal required uint ConnectionsPerClient { get; init; }

    /// <summary>Seconds for a command or a piece of content.</summary>
    internal required uint CommandSeconds { get; init; }

    /// <summary>Seconds of a session.</summary>
    internal required uint SessionSeconds { get; init; }

    /// <summary>Attempts at one time to one destination.</summary>
    internal required uint Concurrency { get; init; }
}

/// <summary>A name server's address and port.</summary>
internal sealed record NameServer(IpAddress Address, ushort Port);
