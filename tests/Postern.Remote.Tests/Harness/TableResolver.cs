using System.Text;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Remote.Tests.Harness;

/// <summary>
/// Names and what they lead to, from a table: "example.org MX 10 mx.example.org", "mx.example.org A 192.0.2.1", "x MX SERVFAIL",
/// "x TXT a_b" (with a space), "_25._tcp.mx.example.org TLSA 3 1 1 HEX", "x CNAME y".
/// </summary>
internal sealed class TableResolver(params string[] rows) : INameResolver
{
    /// <summary>Names whose answers are not verified; null means that none is.</summary>
    internal IReadOnlyList<string>? Unsigned { get; init; }

    public ValueTask<Resolution> ResolveAsync(DnsQuestion question) => new(Resolve(question));

    private Resolution Resolve(DnsQuestion question)
    {
        var name = question.Name.ToString();
        if (rows.FirstOrDefault(row => row.StartsWith($"{name} CNAME ", StringComparison.Ordinal)) is { } alias)
        {
            return Resolve(question with { Name = Name(alias.Split(' ')[2]) });
        }

        var resolution = Find(question, name);
        return resolution with { IsAuthenticated = Unsigned is not null && !Unsigned.Contains(name) };
    }

    private Resolution Find(DnsQuestion question, string name)
    {
        var type = question.Type.ToString().ToUpperInvariant();
        var mine = rows.Select(row => row.Split(' ')).Where(row => row[0] == name).ToArray();
        var records = mine.Where(row => row[1] == type).ToArray();
        if (records.Length > 0 && records[0][2] == "SERVFAIL")
        {
            return new Resolution.Unavailable(UnavailableReason.ServerFailure);
        }

        return mine.Length == 0 ? new Resolution.NoSuchName()
            : records.Length == 0 ? new Resolution.NoRecords(question.Name)
            : new Resolution.Found(question.Name, [.. records.Select(row => Record(question, row))]);
    }

    internal static DnsName Name(string text)
    {
        Assert.True(DnsName.TryParse(Encoding.ASCII.GetBytes(text), out var name));
        return name;
    }

    private static DnsRecord Record(DnsQuestion question, string[] row)
    {
        if (question.Type == DnsType.Mx)
        {
            return new ExchangerRecord(question.Name, 60, ushort.Parse(row[2]), Name(row[3]));
        }

        if (question.Type == DnsType.Txt)
        {
            return new TextRecord(question.Name, 60, Encoding.ASCII.GetBytes(row[2].Replace('_', ' ')));
        }

        if (question.Type == DnsType.Tlsa)
        {
            return new CertificateAssociationRecord(
                question.Name, 60, byte.Parse(row[2]), byte.Parse(row[3]), byte.Parse(row[4]), Convert.FromHexString(row[5]));
        }

        Assert.True(IpAddress.TryParse(row[2], out var address));
        return new AddressRecord(question.Name, 60, question.Type, address);
    }
}
