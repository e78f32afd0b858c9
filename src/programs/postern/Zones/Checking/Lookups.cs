using System.Text;
using Postern.Dns.Records;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>Puts questions for a check, and writes down what came as a <see cref="Finding"/>.</summary>
internal sealed class Lookups(INameResolver resolver)
{
    /// <summary>Looks one set up: the records, empty when there are none, and a finding that says Missing, Unanswered or, to be judged, Unjudged.</summary>
    internal async Task<(Finding Finding, IReadOnlyList<DnsRecord> Records)> AskAsync(Finding about, DnsType type)
    {
        // A name that is too long to be one has no records.
        var resolution = DnsName.TryParse(Encoding.ASCII.GetBytes(about.Name), out var name)
            ? await resolver.ResolveAsync(new DnsQuestion(name, type)) : new Resolution.NoSuchName();
        var finding = about with { IsAuthenticated = resolution is not Resolution.Unavailable && resolution.IsAuthenticated };
        return resolution switch
        {
            Resolution.Found found => (Alias(finding with { There = [.. found.Records.Select(Data)] }, found, name!), found.Records),
            Resolution.Unavailable failure => (finding.As(Verdict.Unanswered, Reason(failure.Reason)), []),
            _ => (finding.As(Verdict.Missing), []),
        };
    }

    /// <summary>A record's data as a zone file has it; all but printable ASCII escaped.</summary>
    internal static string Data(DnsRecord record) => record switch
    {
        AddressRecord address => address.Address.ToString(),
        ExchangerRecord exchanger => $"{exchanger.Preference} {Dotted(exchanger.Exchanger)}",
        PointerRecord pointer => Dotted(pointer.Target),
        ServiceRecord service => $"{service.Priority} {service.Weighting} {service.Port} {Dotted(service.Target)}",
        TextRecord text => $"\"{EscapedText.Of(text.Text)}\"",
        CertificateAssociationRecord tlsa =>
            $"{tlsa.Usage} {tlsa.Selector} {tlsa.MatchingType} {EscapedText.Of(Convert.ToHexStringLower(tlsa.Association))}",
        _ => "?",
    };

    // Names compare without letter case (RFC 4343); those of the configuration are in lower case.
    internal static bool Is(DnsName name, string text) => string.Equals(name.ToString(), text, StringComparison.OrdinalIgnoreCase);

    private static string Dotted(DnsName name) => name.IsRoot ? "." : $"{name}.";

    private static Finding Alias(Finding finding, Resolution.Found found, DnsName asked) =>
        finding.As(Verdict.Unjudged, found.CanonicalName.Equals(asked) ? "" : $"an alias (CNAME) of {found.CanonicalName}");

    private static string Reason(UnavailableReason reason) => reason switch
    {
        UnavailableReason.NoServer => "no resolver is configured",
        UnavailableReason.TimedOut => "no resolver answers",
        UnavailableReason.NetworkError => "no resolver can be reached",
        UnavailableReason.ServerFailure => "the resolver failed (SERVFAIL): the zone's servers are silent, or its signatures are broken",
        UnavailableReason.Refused => "the resolver refuses to answer",
        UnavailableReason.TooManyAliases => "its aliases lead in a circle or are too many",
        _ => "the resolver's answer is unusable",
    };
}
