using System.Text;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Remote.Tests.Harness;

/// <summary>Names and what they lead to, from a table: "example.org MX 10 mx.example.org", "mx.example.org A 192.0.2.1", "x MX SERVFAIL".</summary>
internal sealed class TableResolver(params string[] rows) : INameResolver
{
    public ValueTask<Resolution> ResolveAsync(DnsQuestion question)
    {
        var name = question.Name.ToString();
        var type = question.Type.ToString().ToUpperInvariant();
        var mine = rows.Select(row => row.Split(' ')).Where(row => row[0] == name).ToArray();
        var records = mine.Where(row => row[1] == type).ToArray();
        if (records.Length > 0 && records[0][2] == "SERVFAIL")
        {
            return new(new Resolution.Unavailable(UnavailableReason.ServerFailure));
        }

        return new(mine.Length == 0 ? new Resolution.NoSuchName()
            : records.Length == 0 ? new Resolution.NoRecords(question.Name)
            : new Resolution.Found(question.Name, [.. records.Select(row => Record(question, row))]));
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

        Assert.True(IpAddress.TryParse(row[2], out var address));
        return new AddressRecord(question.Name, 60, question.Type, address);
    }
}
