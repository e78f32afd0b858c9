using CsCheck;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Wire;

/// <summary>Whatever comes, the reader answers yes or no and stays within its limits (attack I10).</summary>
public class ResponseFuzzTests
{
    private const int Iterations = 5_000;

    [Fact]
    public void RandomOctets_AreJudged() => Gen.Byte.Array[0, 600].Sample(message => { Judge(message); }, iter: Iterations);

    [Fact]
    public void RandomOctetsBehindAGoodQuestion_AreJudged() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5]).Sample(
            (body, answers, authorities, additionals) =>
            {
                Judge([.. Message.For(1).Count(1, answers).Count(2, authorities).Count(3, additionals).Build(), .. body]);
            },
            iter: Iterations);

    [Fact]
    public void Responses_AreJudgedAndManyOfThemTaken()
    {
        int taken = 0;
        WireGen.Response.Sample(
            message =>
            {
                if (Judge(message))
                    Interlocked.Increment(ref taken);
            },
            iter: Iterations);
        Assert.True(taken > Iterations / 3, $"{taken}");
    }

    [Fact]
    public void MutatedResponses_AreJudged() =>
        Gen.Select(WireGen.Response, Gen.Select(Gen.Int[0, 4095], Gen.Byte).Array[1, 8], Gen.Int[0, 4095]).Sample(
            (message, changes, cut) =>
            {
                foreach ((int at, byte value) in changes)
                    message[at % message.Length] = value;
                Judge(cut % 4 == 0 ? message[..(cut % message.Length)] : message);
            },
            iter: Iterations);

    private static bool Judge(byte[] message)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isWellFormed = DnsResponse.TryParse(message, out DnsResponse? response);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Two names of up to 255 octets for each 11 octets or more, and the text once in two copies.
        Assert.True(allocated <= 1024 + message.Length * 64L, $"{allocated} octets for {message.Length}");
        if (!isWellFormed)
            return false;
        Assert.True(response!.Answers.Count <= DnsResponse.MaxRecords);
        foreach (DnsRecord record in response.Answers)
        {
            JudgeName(record.Owner);
            Assert.True(record.TimeToLive <= int.MaxValue);
            Assert.True(record.Weight > 0);
            if (record is ExchangerRecord exchanger)
                JudgeName(exchanger.Exchanger);
            if (record is AliasRecord alias)
                JudgeName(alias.Target);
        }
        return true;
    }

    private static void JudgeName(DnsName name)
    {
        Assert.InRange(name.Wire.Length, 1, DnsName.MaxWireLength);
        int at = 0;
        while (name.Wire[at] != 0)
            at += name.Wire[at] + 1;
        Assert.Equal(name.Wire.Length - 1, at);
        Assert.All(name.ToString(), letter => Assert.InRange(letter, '!', '~'));
        _ = name.IsHostName;
    }
}
