using System.Text.RegularExpressions;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Names;

/// <summary>A name as it is written, beside a pattern; asked for, our own reader of answers finds the question.</summary>
internal static partial class NameTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool isName = Form().IsMatch(text) && text.TrimEnd('.').Length + 2 <= DnsName.MaxWireLength;
        Demand.Equal(isName, DnsName.TryParse(input, out var name), "a name");
        if (name is null) return;
        Demand.Equal(text == "." ? text : text.TrimEnd('.'), name.ToString(), "the name written");
        Demand.Equal(text == ".", name.IsRoot, "the root");
        byte[] random = [.. System.Security.Cryptography.SHA512.HashData(input)[..DnsQuery.RandomLength]];
        var query = new DnsQuery(new DnsQuestion(name, DnsType.Mx), random) { IsDnssecOk = input[0] % 2 == 0, UsesEdns = input.Length % 2 == 0 };
        byte[] message = new byte[DnsQuery.MaxLength];
        int length = query.Write(message);
        message[2] |= 0x80;
        Demand.That(DnsResponse.TryParse(message.AsSpan(0, length), out var response), "a question that can't be read");
        Demand.Equal((query.Id, query.Question.Type), (response!.Header.Id, response.Question.Type), "the question");
        Demand.That(response.Question.Name.EqualsWithCase(query.Question.Name) && response.Question.Name.Equals(name), "the name asked for");
        Judge(query, message.AsSpan(0, length), response);
        bool longer = name.TryPrepend("_25"u8, out var prepended);
        Demand.Equal(name.Wire.Length + 4 <= DnsName.MaxWireLength, longer, "a longer name");
        if (longer) Demand.Equal(text == "." ? "_25" : $"_25.{text.TrimEnd('.')}", prepended!.ToString(), "the longer name");
    }

    // RFC 5452 §9.1: an answer with another id or another question is a stray, and twenty-one of them are a flood.
    private static void Judge(DnsQuery query, ReadOnlySpan<byte> answer, DnsResponse expected)
    {
        var exchange = new DnsExchange(query);
        byte[] stray = answer.ToArray();
        stray[1] ^= 1;
        for (int i = 0; i <= DnsExchange.MaxStrays; i++)
            Demand.Equal(i < DnsExchange.MaxStrays ? DatagramVerdict.Stray : DatagramVerdict.Flooded, exchange.Judge(stray, out _), "a stray");
        Demand.That(!exchange.TryJudgeStream(stray, out _), "a stray in a stream");
        Demand.Equal(DatagramVerdict.Answered, exchange.Judge(answer, out var response), "the answer");
        Demand.Equal(expected.Question, response!.Question, "its question");
        Demand.That(exchange.TryJudgeStream(answer, out _), "the answer in a stream");
        byte[] cut = [.. answer];
        cut[2] |= 2;
        Demand.Equal(DatagramVerdict.Truncated, exchange.Judge(cut, out _), "a cut answer");
    }

    [GeneratedRegex(@"^(?:\.|(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
