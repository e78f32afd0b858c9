using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Tests.Exchangers;

/// <summary>A resolver with a table; what is not in it exists without such records.</summary>
internal sealed class TableResolver : INameResolver
{
    private readonly Dictionary<DnsQuestion, Resolution> _table = [];

    internal List<string> Asked { get; } = [];

    internal bool IsAuthenticated { get; set; }

    internal static IpAddress Address4(byte last) => Addresses.Of(192, 0, 2, last);

    internal static IpAddress Address6(byte last) => Addresses.Of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);

    public ValueTask<Resolution> ResolveAsync(DnsQuestion question)
    {
        Asked.Add(question.ToString());
        return new(_table.GetValueOrDefault(question, new Resolution.NoRecords(question.Name) { IsAuthenticated = IsAuthenticated }));
    }

    internal TableResolver Says(string name, DnsType type, Resolution resolution)
    {
        _table[new DnsQuestion(Names.Of(name), type)] = resolution;
        return this;
    }

    /// <summary>MX records as "10 mx.example.org".</summary>
    internal TableResolver Mx(string domain, params string[] exchangers) => Says(
        domain,
        DnsType.Mx,
        Found(domain, exchangers.Select(exchanger => new ExchangerRecord(
            Names.Of(domain), 60, ushort.Parse(exchanger.Split(' ')[0]), Names.Of(exchanger.Split(' ')[1])))));

    internal TableResolver V4(string host, params byte[] last) =>
        Says(host, DnsType.A, Found(host, last.Select(octet => new AddressRecord(Names.Of(host), 60, DnsType.A, Address4(octet)))));

    internal TableResolver V6(string host, params byte[] last) =>
        Says(host, DnsType.Aaaa, Found(host, last.Select(octet => new AddressRecord(Names.Of(host), 60, DnsType.Aaaa, Address6(octet)))));

    internal TableResolver Fails(string name, DnsType type) =>
        Says(name, type, new Resolution.Unavailable(UnavailableReason.ServerFailure));

    private Resolution.Found Found(string name, IEnumerable<DnsRecord> records) =>
        new(Names.Of(name), [.. records]) { IsAuthenticated = IsAuthenticated };
}
