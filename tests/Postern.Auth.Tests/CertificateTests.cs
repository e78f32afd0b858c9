using Postern.Auth.Desk;
using Postern.Auth.Tests.Harness;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Tests;

/// <summary>EXTERNAL: what tls vouches for counts, and nothing that smtpd says of a certificate (D12).</summary>
public sealed class CertificateTests : IDisposable
{
    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] _anns = [.. Enumerable.Repeat((byte)0xa1, 32)];

    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"));

    public CertificateTests()
    {
        _house.PutCertificates(("ann@a.test", _anns));
        _ = _house.GiveKey(_key);
    }

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("", "LoggedIn ann@a.test")]
    [InlineData("ann@a.test", "LoggedIn ann@a.test")]
    [InlineData("ANN@a.test", "LoggedIn ann@a.test")]
    [InlineData("bob@a.test", "Refused")]
    [InlineData("ann@a.test\0", "Malformed")]
    public void Certificate_IsWhoIsKnownByIt(string identity, string verdict) => Assert.Equal(verdict, External(identity: identity));

    [Fact]
    public void Certificate_NeedsNoPassword()
    {
        _house.Put();
        Assert.Equal("LoggedIn ann@a.test", External());
        Assert.Contains("mechanism=EXTERNAL user=\"ann@a.test\" detail=\"certificate a1a1a1a1a1a1a1a1\"", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CertificateOfNobody_IsRefused()
    {
        var other = new byte[32];
        Assert.Equal("Refused", External(Voucher(fingerprint: other)));
    }

    [Fact]
    public void CertificateThatIsTakenBack_CountsNoMore()
    {
        _house.PutCertificates();
        Assert.Equal("Refused", External());
    }

    [Fact]
    public void BrokenFile_LeavesTheOldOnesInForce()
    {
        Assert.Equal("LoggedIn ann@a.test", External());
        _house.PutCertificates("nonsense\n"u8.ToArray());
        Assert.Equal("LoggedIn ann@a.test", External());
        Assert.Contains("certificates-unreadable reason=\"line 1: not a name and a tab\" stay=the-old", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutACertificate_ThereIsNoSuchMechanism() => Assert.Equal("Unsupported", External([]));

    [Fact]
    public void SmtpdThatMakesUpAVoucher_IsNotBelieved()
    {
        Assert.Equal("Refused", External(Voucher(key: new byte[32])));
        Assert.Equal("Refused", External(CertificateVoucher.Write(_anns, Now, new byte[32])));
        Assert.Equal("Refused", External(new byte[CertificateVoucher.Size - 1]));
    }

    [Fact]
    public void EachByteOfAVoucher_Counts()
    {
        for (var i = 0; i < CertificateVoucher.Size; i++)
        {
            var voucher = Voucher();
            voucher[i] ^= 1;
            Assert.Equal("Refused", External(voucher));
        }
    }

    [Theory]
    [InlineData("192.0.2.8", ServiceKind.Submission)]
    [InlineData(AuthHouse.Home, ServiceKind.Submissions)]
    public void VoucherForAnotherConnection_IsNone(string client, ServiceKind service) => Assert.Equal("Refused", External(Voucher(client: client, service: service)));

    [Fact]
    public void VoucherOfAClientThatIsLongGone_IsNone()
    {
        var voucher = Voucher();
        _house.Clock.Advance(VoucherLine.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal("LoggedIn ann@a.test", External(voucher));
        _house.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Refused", External(voucher));
    }

    // tls has the key and may be taken over: a code that is right says nothing of the time beside it.
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(253_402_300_800)]
    [InlineData(-62_135_596_801)]
    [InlineData(0)]
    public void RightCodeForATimeThatIsNone_IsRefused(long seconds)
    {
        Assert.Equal("Refused", External(Voucher(seconds: seconds)));
        Assert.Equal("LoggedIn ann@a.test", External());
    }

    [Theory]
    [InlineData(-600, "LoggedIn ann@a.test")]
    [InlineData(-601, "Refused")]
    // Two clocks need not be one.
    [InlineData(600, "LoggedIn ann@a.test")]
    [InlineData(601, "Refused")]
    public void Voucher_HoldsWithinTenMinutesOfNow(int apart, string verdict) => Assert.Equal(verdict, External(Voucher(seconds: Now + apart)));

    [Fact]
    public void WithoutTls_NothingCanBeSaid()
    {
        _house.GiveKey(_key).Dispose();
        _house.Settle();
        Assert.Equal("Unavailable", External());
        _ = _house.GiveKey(_key);
        Assert.Equal("LoggedIn ann@a.test", External());
    }

    [Fact]
    public void EndOfAnOldLineToTls_LeavesTheNewKey()
    {
        var old = _house.GiveKey(new byte[32]);
        _ = _house.GiveKey(_key);
        old.Dispose();
        _house.Settle();
        Assert.Equal("LoggedIn ann@a.test", External());
    }

    [Fact]
    public void WrongCertificates_StopNobodysPassword()
    {
        for (var i = 0; i < 50; i++) Assert.Equal("Refused", External(Voucher(fingerprint: new byte[32])));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
    }

    private long Now => _house.Clock.GetUtcNow().ToUnixTimeSeconds();

    private string External(byte[]? voucher = null, string identity = "")
    {
        var before = _house.Answers.Count;
        _house.Voucher = voucher ?? Voucher();
        var exchange = _house.Begin(SaslMechanism.External);
        var answer = _house.Answers.Count > before ? _house.Answers[^1] : _house.Say(exchange, identity);
        return answer[$"{exchange} ".Length..];
    }

    private byte[] Voucher(byte[]? key = null, byte[]? fingerprint = null, string client = AuthHouse.Home, ServiceKind service = ServiceKind.Submission, long? seconds = null)
    {
        Assert.True(IpAddress.TryParse(client, out var address));
        var signed = CertificateVoucher.Signed(service, address, fingerprint ?? _anns, seconds ?? Now);
        return CertificateVoucher.Write(fingerprint ?? _anns, seconds ?? Now, System.Security.Cryptography.HMACSHA256.HashData(key ?? _key, signed));
    }
}
