using System.Text;
using Postern.Dns.Records;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.CommandLine.Tests.Zones;

/// <summary>A resolver with a table: "example.org MX" = "10 mx.example.org"; texts as they are; "SERVFAIL"; "CNAME x" goes on there.</summary>
internal sealed class RecordTable(Dictionary<string, string[]> sets) : INameResolver
{
    /// <summary>AD.</summary>
    internal bool IsAuthenticated { get; init; }

    public ValueTask<Resolution> ResolveAsync(DnsQuestion question) => new(Resolve(question) with { IsAuthenticated = IsAuthenticated });

    private Resolution Resolve(DnsQuestion question)
    {
        var values = sets.GetValueOrDefault(question.ToString()) ?? [];
        return values switch
        {
            [] => new Resolution.NoSuchName(),
            ["SERVFAIL"] => new Resolution.Unavailable(UnavailableReason.ServerFailure),
            [var alias] when alias.StartsWith("CNAME ", StringComparison.Ordinal) => Resolve(question with { Name = Name(alias[6..]) }),
            _ => new Resolution.Found(question.Name, [.. values.Select(value => Record(question, value))]),
        };
    }

    private static DnsRecord Record(DnsQuestion question, string value)
    {
        var words = value.Split(' ');
        return question.Type switch
        {
            DnsType.A or DnsType.Aaaa => IpAddress.TryParse(value, out var address) ? new AddressRecord(question.Name, 60, question.Type, address) : throw new ArgumentException(value),
            DnsType.Mx => new ExchangerRecord(question.Name, 60, ushort.Parse(words[0]), Name(words[1])),
            DnsType.Ptr => new PointerRecord(question.Name, 60, Name(value)),
            DnsType.Srv => new ServiceRecord(question.Name, 60, ushort.Parse(words[0]), ushort.Parse(words[1]), ushort.Parse(words[2]), Name(words[3])),
            DnsType.Tlsa => new CertificateAssociationRecord(
                question.Name, 60, byte.Parse(words[0]), byte.Parse(words[1]), byte.Parse(words[2]), Convert.FromHexString(words[3])),
            _ => new TextRecord(question.Name, 60, Encoding.Latin1.GetBytes(value)),
        };
    }

    private static DnsName Name(string text) => DnsName.TryParse(Encoding.ASCII.GetBytes(text), out var name) ? name : throw new ArgumentException(text);
}
