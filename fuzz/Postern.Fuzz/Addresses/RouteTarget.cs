using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Fuzz.Addresses;

/// <summary>Routes by domain, beside a table that is searched from top to bottom; patterns first, a line each, then domains to look for.</summary>
internal static class RouteTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = Demand.Latin(input).Split('\n');
        var table = new RouteTable<string>();
        var routing = new Routing("mx.a.test");
        Dictionary<string, string> known = [];
        foreach (string pattern in lines)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(pattern);
            string? form = FormOf(pattern, bytes);
            bool added = form is not null && known.TryAdd(form, pattern);
            Demand.Equal(added, table.TryAdd(bytes, pattern), "a route");
            if (bytes.All(value => value < 0x80)) _ = routing.TryAdd(pattern, new NextHop(HopKind.Host, "192.0.2.1", 25));
        }
        Demand.Equal(known.Count, table.Count, "the routes");
        foreach (string line in lines)
        {
            if (!DomainName.TryParse(Encoding.Latin1.GetBytes(line.Replace("*.", "x.", StringComparison.Ordinal)), allowUtf8: true, out var domain, out _)) continue;
            bool found = table.TryFind(domain, out string? route);
            Demand.Equal(Reference(known, domain.ToString()), found ? route : null, $"the route of {domain}");
            Demand.That(routing.HopFor(domain.Text) is not null, "no hop");
        }
    }

    private static string? FormOf(string pattern, byte[] bytes)
    {
        if (pattern == "*") return pattern;
        bool below = pattern.StartsWith("*.", StringComparison.Ordinal);
        return DomainName.TryParse(bytes.AsSpan(below ? 2 : 0), allowUtf8: true, out var name, out _) ? (below ? "*." : "") + name : null;
    }

    private static string? Reference(Dictionary<string, string> known, string domain)
    {
        if (known.TryGetValue(domain, out string? exact)) return exact;
        string[] labels = domain.Split('.');
        for (int first = 1; first < labels.Length; first++)
            if (known.TryGetValue("*." + string.Join('.', labels[first..]), out string? route)) return route;
        return known.GetValueOrDefault("*");
    }
}
