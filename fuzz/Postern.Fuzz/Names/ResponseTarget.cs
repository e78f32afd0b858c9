using System.Buffers.Binary;
using Postern.Dns.Records;
using Postern.Dns.Wire;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Names;

/// <summary>What a name server answers, beside a slow reader; no more memory than the message is worth.</summary>
internal static class ResponseTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var allocated = Allocated.Begin();
        bool read = DnsResponse.TryParse(input, out var response);
        // A name of 255 bytes may stand in two.
        allocated.Demand(input.Length, 100);
        List<string>? expected = new SlowResponse(input.ToArray()).Read();
        Demand.Equal(expected is not null, read, "an answer");
        if (response is null) return;
        string last = $"= {(int)response.ResponseCode} {response.NegativeTimeToLive}";
        string[] lines = [$"? {Hex(response.Question.Name)} {(int)response.Question.Type}", .. response.Answers.Select(Line), last];
        Demand.Equal(string.Join('\n', expected!), string.Join('\n', lines), "what it says");
        byte[] header = new byte[DnsHeader.Length];
        response.Header.Write(header);
        Demand.Same(input[..DnsHeader.Length], header, "the header written");
        foreach (var answer in response.Answers)
        {
            Demand.That(Ascii.IsPrintable(System.Text.Encoding.Latin1.GetBytes(answer.Owner.ToString())), "a name that can't be shown");
            Demand.That(answer.Owner.Equals(answer.Owner.WithLetterCase(new byte[32])), "a name whose letters' case makes it another");
            _ = answer.Owner.IsHostName;
        }
    }

    private static string Hex(DnsName name) => Convert.ToHexString(name.Wire);

    private static string Line(DnsRecord record)
    {
        string what = record switch
        {
            AddressRecord address => Address(address),
            AliasRecord alias => Hex(alias.Target),
            PointerRecord pointer => Hex(pointer.Target),
            ServiceRecord service => $"{service.Priority} {service.Weighting} {service.Port} {Hex(service.Target)}",
            ExchangerRecord exchanger => $"{exchanger.Preference} {Hex(exchanger.Exchanger)}",
            TextRecord text => Convert.ToHexString(text.Text),
            CertificateAssociationRecord tlsa => $"{tlsa.Usage} {tlsa.Selector} {tlsa.MatchingType} {Convert.ToHexString(tlsa.Association)}",
            _ => "",
        };
        return $"{Hex(record.Owner)} {record.TimeToLive} {(int)record.Type} {what}";
    }

    private static string Address(AddressRecord record)
    {
        byte[] bytes = new byte[IpAddress.Size];
        record.Address.CopyTo(bytes);
        if (record.Type == DnsType.A) Demand.That(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)) == 0xffff, "an A record of the other family");
        return Convert.ToHexString(bytes.AsSpan(record.Type == DnsType.A ? 12 : 0));
    }
}
