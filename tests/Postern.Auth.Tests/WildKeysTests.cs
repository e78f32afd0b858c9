using System.Security.Cryptography;
using Postern.Auth.Tests.Harness;
using Postern.Ipc;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Sasl;
using Postern.TestKit;
using Postern.Text;

namespace Postern.Auth.Tests;

/// <summary>tls taken over: it vouches for whom it likes, and stops nobody's password.</summary>
public sealed class WildKeysTests
{
    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] _anns = [.. Enumerable.Repeat((byte)0xa1, 32)];

    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 1_000 : 40;

    [Fact]
    public void TlsThatWasTakenOver_StopsNoLogin()
    {
        using var house = new AuthHouse(("ann@a.test", "", "secret"));
        house.PutCertificates(("ann@a.test", _anns));
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed);
            using (var end = new WildEnd(house.Settle, theirs => _ = new Channel(house.Loop, theirs, house.Vouchers)))
            {
                for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
                {
                    end.Send(wild.Below(2) == 0 ? WildFrames.Frame(VoucherKeyFrame.Type, [32, 0, .. _key], 34) : wild.Next([VoucherKeyFrame.Type]));
                    Assert.DoesNotContain("LoggedIn", External(house, Vouched(wild)), StringComparison.Ordinal);
                }

                end.Read();
                Assert.Empty(end.Received);
                Assert.Equal("LoggedIn ann@a.test", house.LogIn("ann@a.test", "secret"));
            }

            house.Settle();
            // Nothing of its key stays.
            Assert.Equal("Unavailable", External(house, Vouched(wild)));
            // Attempts that failed are no longer held against the house.
            house.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.All(house.Log.ToString(), letter => Assert.True(letter is '\n' or (>= ' ' and <= '~')));
        using var real = house.GiveKey(_key);
        var now = house.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal("LoggedIn ann@a.test", External(house, CertificateVoucher.Write(_anns, now, Code(_key, now))));
    }

    /// <summary>A voucher with a right code, as far as auth was told the key, for a time that is not now, or is none.</summary>
    private static byte[] Vouched(WildFrames wild)
    {
        long[] moments = [long.MinValue, -1, 0, 253_402_300_800, long.MaxValue];
        var seconds = moments[wild.Below(moments.Length)];
        return CertificateVoucher.Write(_anns, seconds, Code(_key, seconds));
    }

    private static byte[] Code(byte[] key, long seconds)
    {
        Assert.True(IpAddress.TryParse(AuthHouse.Home, out var address));
        return HMACSHA256.HashData(key, CertificateVoucher.Signed(ServiceKind.Submission, address, _anns, seconds));
    }

    private static string External(AuthHouse house, byte[] voucher)
    {
        var before = house.Answers.Count;
        house.Voucher = voucher;
        var exchange = house.Begin(SaslMechanism.External);
        house.Voucher = null;
        var answer = house.Answers.Count > before ? house.Answers[^1] : house.Say(exchange, "");
        return answer[$"{exchange} ".Length..];
    }
}
