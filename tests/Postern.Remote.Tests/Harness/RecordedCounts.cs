using Postern.Remote.Reports.Counts;

namespace Postern.Remote.Tests.Harness;

/// <summary>What sessions were counted for, one line each.</summary>
internal sealed class RecordedCounts : ISessionCounts
{
    internal List<string> Lines { get; } = [];

    internal List<AppliedPolicy> Policies { get; } = [];

    public void Count(string domain, AppliedPolicy policy, SessionFailure? failure)
    {
        Policies.Add(policy);
        Lines.Add(failure is { } why
            ? $"{domain} {ReportWords.Of(policy.Type)}: {ReportWords.Of(why.Type)} {why.Host} [{why.Address}] {why.Reason}".TrimEnd()
            : $"{domain} {ReportWords.Of(policy.Type)}: well");
    }
}
