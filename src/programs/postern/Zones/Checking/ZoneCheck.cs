using Postern.Dns.Resolving;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>Compares what DNS says of a domain with what its server needs.</summary>
internal sealed class ZoneCheck(ZoneFacts facts, StsPolicy policy, INameResolver resolver)
{
    /// <summary>Looks everything up, all at once: a resolver that says nothing costs the patience for one question.</summary>
    /// <returns>A finding for each set, in the order in which the records are printed.</returns>
    internal async Task<IReadOnlyList<Finding>> RunAsync()
    {
        var lookups = new Lookups(resolver);
        var services = new ServiceCheck(facts, lookups);
        var texts = new TextCheck(facts, policy, lookups);
        Task<IReadOnlyList<Finding>>[] checks =
        [
            new AddressCheck(facts, lookups).RunAsync(),
            services.ExchangerAsync(),
            texts.SenderAsync(),
            texts.AlignmentAsync(),
            services.SubmissionAsync(),
            new AssociationCheck(facts, lookups).RunAsync(),
            texts.StsAsync(),
            texts.ReportsAsync(),
        ];
        // The names of addresses stand last, as they do in print.
        return [.. (await Task.WhenAll(checks)).SelectMany(findings => findings).OrderBy(finding => finding.Type == "PTR")];
    }

    /// <summary>What the findings come to as an exit code.</summary>
    internal static int Code(IReadOnlyList<Finding> findings) =>
        findings.Any(finding => finding.IsFault) ? ExitCode.BadData
        : findings.Any(finding => finding.Verdict == Verdict.Unanswered) ? ExitCode.TemporaryFailure
        : ExitCode.Success;
}
