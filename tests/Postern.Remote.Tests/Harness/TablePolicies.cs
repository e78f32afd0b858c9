using Postern.Remote.Protection.Sts;
using Postern.Sts;

namespace Postern.Remote.Tests.Harness;

/// <summary>The web servers of domains, from a table.</summary>
internal sealed class TablePolicies : IPolicyFetch
{
    private readonly Dictionary<string, string> _texts = [];

    /// <summary>The domains that were asked, in order.</summary>
    internal List<string> Asked { get; } = [];

    /// <summary>Why those give nothing that do not.</summary>
    internal FetchFault Fault { get; set; }

    /// <summary>While it is set, nobody gets an answer before it is done.</summary>
    internal TaskCompletionSource? Delay { get; set; }

    /// <summary>What the domain's web server gives from now on; null when it gives nothing.</summary>
    internal string? this[string domain]
    {
        set
        {
            _texts.Remove(domain);
            if (value is not null)
            {
                _texts.Add(domain, value);
            }
        }
    }

    internal static string Policy(string mode, string exchanger, int seconds = 604_800) =>
        $"version: STSv1\nmode: {mode}\nmx: {exchanger}\nmax_age: {seconds}\n";

    public async ValueTask<FetchedPolicy> FetchAsync(string domain)
    {
        Asked.Add(domain);
        if (Delay is not null)
        {
            await Delay.Task;
        }

        return _texts.TryGetValue(domain, out var text) && StsPolicy.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var policy)
            ? new FetchedPolicy(policy, null)
            : new FetchedPolicy(null, "there is none", Fault);
    }
}
