using Postern.Fuzz.Addresses;
using Postern.Fuzz.Cells;
using Postern.Fuzz.Certificates;
using Postern.Fuzz.Configurations;
using Postern.Fuzz.Deliveries;
using Postern.Fuzz.Frames;
using Postern.Fuzz.Logins;
using Postern.Fuzz.Logs;
using Postern.Fuzz.Names;
using Postern.Fuzz.Policies;
using Postern.Fuzz.Reports;
using Postern.Fuzz.Sessions;
using Postern.Fuzz.Submissions;
using Postern.Fuzz.Texts;

namespace Postern.Fuzz;

/// <summary>All targets. Which parsers each of them covers stands in <c>fuzz/parsers.tsv</c>.</summary>
public static class Targets
{
    private const string Slow = "a slow reference", Split = "split-invariance", Round = "round trip";

    public static IReadOnlyList<Target> All { get; } =
    [
        new("number", NumberTarget.Run, $"{Slow} (numbers of any size), {Round}") { MaxLength = 32 },
        new("xtext", XTextTarget.Run, $"{Slow}, {Round}") { MaxLength = 600 },
        new("base-sixty-four", Base64Target.Run, $"{Slow} (a pattern, the framework's reader), {Round}") { MaxLength = 300 },
        new("ip-address", AddressTarget.Run, $"{Slow} (patterns, the framework's reader), {Round}") { MaxLength = 64 },
        new("shown-text", ShownTarget.Run, $"{Round}; only printable ASCII") { MaxLength = 700 },
        new("punycode", PunycodeTarget.Run, $"{Slow}, {Round}") { MaxLength = 80 },
        new("domain", DomainTarget.Run, $"{Slow} (a pattern), {Round}") { MaxLength = 300 },
        new("mailbox", MailboxTarget.Run, $"{Slow} (a pattern), {Round}") { MaxLength = 330 },
        new("path", PathTarget.Run, $"{Slow} (a pattern)") { MaxLength = 340 },
        new("status", StatusTarget.Run, $"{Slow} (patterns, numbers of any size), {Round}") { MaxLength = 24 },
        new("routes", RouteTarget.Run, $"{Slow} (a table searched from the top)"),
        new("header", HeaderTarget.Run, $"{Split}, {Slow}") { MaxLength = 2048 },
        new("authors", AuthorTarget.Run, $"{Slow} (a split) for plain lists, {Round}, {Split}; no second From") { MaxLength = 1024 },
        new("trace-fields", TraceTarget.Run, "one field, whatever goes in") { MaxLength = 600 },
        new("command-line", CommandLineTarget.Run, $"{Slow} (patterns)") { MaxLength = 600 },
        new("arguments", ArgumentTarget.Run, $"{Slow} (patterns), {Round}") { MaxLength = 300 },
        new("mail", MailTarget.Run, $"{Slow} (patterns), {Round} by our client"),
        new("rcpt", RcptTarget.Run, $"{Slow} (patterns), {Round} by our client"),
        new("lines", LineTarget.Run, $"{Split}, {Slow} (patterns)") { MaxLength = 256 },
        new("data", DataTarget.Run, $"{Split}, {Slow}, in place as apart"),
        new("content", ContentTarget.Run, $"{Split}; sent and read by {Slow}"),
        new("reply", ReplyTarget.Run, $"{Split}, {Slow} (patterns)") { MaxLength = 4096 },
        new("ehlo-offer", EhloTarget.Run, $"{Slow}; alone as in a reply"),
        new("own-reply", OwnReplyTarget.Run, $"{Round} by our client's reader") { MaxLength = 4096 },
        new("smtp-session", SessionTarget.Run, "well-formed replies; only what was sent is stored; the next client is served") { MaxLength = 2048, Mutations = 150 },
        new("tls-seen", TlsMemoryTarget.Run, $"{Slow} (patterns): every line is as described, and there and back again"),
        new("sasl-client", SaslClientTarget.Run, $"{Slow} (patterns): a server is believed that knows the password") { MaxLength = 600, Mutations = 300 },
        new("sasl", SaslTarget.Run, $"{Slow} (patterns): nobody logs in but by what is his") { MaxLength = 600, Mutations = 300 },
        new("accounts", AccountTarget.Run, $"{Slow} (patterns), {Round}") { MaxLength = 1024 },
        new("certificates", CertificateTarget.Run, $"{Slow} (patterns), {Round}") { MaxLength = 1024 },
        new("dovecot", DovecotTarget.Run, $"{Slow} (patterns): nobody but who is named logs in") { MaxLength = 400 },
        new("tokens", TokenTarget.Run, $"{Slow} (the framework's reader of JSON); nothing holds that nobody signed") { MaxLength = 1024 },
        new("logins", LoginRecordTarget.Run, $"{Slow} (a pattern), {Round}") { MaxLength = 400 },
        new("dns-response", ResponseTarget.Run, $"{Slow} (recursive), bounded memory") { MaxLength = 2048 },
        new("dns-name", NameTarget.Run, $"{Slow} (a pattern), {Round} by a question") { MaxLength = 300 },
        new("resolver-file", ResolverFileTarget.Run, Slow),
        new("sts-policy", StsPolicyTarget.Run, $"{Slow} (patterns), {Round}") { MaxLength = 600 },
        new("sts-record", StsRecordTarget.Run, $"{Slow} (patterns)") { MaxLength = 300 },
        new("http-answer", HttpAnswerTarget.Run, $"{Split}, {Slow} (patterns)"),
        new("http-status", HttpStatusTarget.Run, $"{Split}, {Slow} (a pattern)") { MaxLength = 1000 },
        new("acme-request", ChallengeTarget.Run, $"{Slow} (a pattern)") { MaxLength = 400 },
        new("acme-place", PlaceTarget.Run, $"{Slow} (a pattern, the framework's reader)") { MaxLength = 1100 },
        new("acme-answer", AuthorityTarget.Run, $"{Slow} (a walk through the framework's tree), bounded memory") { MaxLength = 2048 },
        new("sts-cache", StsCacheTarget.Run, $"{Slow}, {Round}"),
        new("report-record", ReportRecordTarget.Run, $"{Slow} (patterns)") { MaxLength = 400 },
        new("reports-file", ReportsFileTarget.Run, $"{Round}, {Slow} (sums of its lines); what is made of it is JSON"),
        new("zone-records", ZoneRecordTarget.Run, $"{Slow} (patterns, words)") { MaxLength = 300 },
        new("frames", FrameTarget.Run, $"{Round}, {Slow} (the layouts of docs/ipc.md), bounded memory") { MaxLength = 2048 },
        new("control-packet", ControlTarget.Run, Round) { MaxLength = 64 },
        new("hand-over", HandOverTarget.Run, Round) { MaxLength = 32 },
        new("channel", ChannelTarget.Run, $"{Split}, {Slow}") { Mutations = 300 },
        new("slices", SliceTarget.Run, $"{Slow} for the frame; one program at most takes it; bounded memory") { MaxLength = 2048 },
        new("segments", SegmentTarget.Run, $"{Slow} (the second reader)") { MaxLength = 160, Mutations = 150 },
        new("log-format", FormatTarget.Run, $"{Round}, {Slow} (the second reader)") { MaxLength = 512 },
        new("queue-records", EnvelopeTarget.Run, $"{Round}, {Slow} (the command line's reader)") { MaxLength = 2048 },
        new("replay", ReplayTarget.Run, $"{Round} by a checkpoint; what is refused leaves no trace") { Mutations = 600 },
        new("configuration", ConfigurationTarget.Run, "errors in their places; its slices are taken by the programs") { MaxLength = 4096, Mutations = 300 },
        new("aliases-file", AliasesFileTarget.Run, $"{Slow} (patterns), {Round}") { MaxLength = 2048 },
        new("values", ValueTarget.Run, $"{Slow} (patterns, numbers of any size), {Round}") { MaxLength = 300 },
        new("password-file", PasswordTarget.Run, Slow),
        new("run-table", RunTableTarget.Run, $"{Slow}, {Round} by JSON"),
        new("sendmail-arguments", SendmailTarget.Run, "values behind their letter as apart; all behind -- are recipients") { MaxLength = 512 },
        new("address-list", AddressListTarget.Run, $"{Slow} (a split) for plain lists, {Round} for all"),
        new("local-header", HeaderBlockTarget.Run, $"{Split}, {Slow}"),
        new("local-content", LocalContentTarget.Run, $"{Split}, {Slow}"),
        new("local-session", SessionPacerTarget.Run, $"{Split}; a model of the server") { MaxLength = 512 },
        new("maildir", MaildirTarget.Run, $"{Split}, {Slow} (patterns)") { MaxLength = 512 },
        new("program-head", ProgramHeadTarget.Run, $"{Slow} (a pattern, numbers of any size), bounded memory"),
        new("cell-arguments", CellArgumentsTarget.Run, $"values behind = as apart; {Round}; limits") { MaxLength = 512 },
        new("notice", NoticeTarget.Run, "three parts, our fields only, clean lines") { MaxLength = 3000 },
    ];

    /// <summary>The target of a name, or null.</summary>
    public static Target? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
