using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postern.Ipc.Issuance;
using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Issuance;

/// <summary>Certificates that acme hands in: what is taken, when the next one is due, and what is refused and leaves the old one in force.</summary>
public sealed class TakenCertificatesTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    [Fact]
    public void Certificate_IsTakenAndShownAtOnce()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        Assert.Contains("hint=\"until an authority has made a certificate\"", house.Rig.Log, StringComparison.Ordinal);
        Assert.Equal(0u, acme.Ask()!.Value.Due);
        var chain = Made(house, acme);
        Assert.NotEqual(0u, acme.HandIn(chain)!.Value.Due);
        Assert.Equal(Fingerprint(chain), house.Rig.Agreed().Client.Server);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(house.CertificateFile));
        Assert.Equal(["account.pem", "certificate.pem"], Directory.GetFiles(house.Folder).Select(Path.GetFileName).Order());
        Assert.EndsWith(chain, File.ReadAllText(house.CertificateFile), StringComparison.Ordinal);
        Assert.DoesNotContain("certificate-refused", house.Rig.Log, StringComparison.Ordinal);

        // A start finds it.
        using var again = new IssuanceHouse();
        File.Copy(house.CertificateFile, again.CertificateFile);
        Assert.Null(again.Start());
        Assert.Equal(Fingerprint(chain), again.Rig.Agreed().Client.Server);
    }

    // Ninety days, the first of which had passed: due after sixty.
    [Fact]
    public void NextOne_IsDueAfterTwoThirds()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var due = acme.HandIn(Made(house, acme))!.Value.Due;
        Assert.InRange(due, (59 * _day.TotalSeconds) - 5, 59 * _day.TotalSeconds);
        house.Rig.Pass(TimeSpan.FromSeconds(due - 1));
        Assert.InRange(acme.Ask()!.Value.Due, 300u, 300u);
        house.Rig.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(0u, acme.Ask()!.Value.Due);
        // It is shown until there is another.
        house.Rig.DemandService();
        var second = Made(house, acme);
        Assert.NotEqual(0u, acme.HandIn(second)!.Value.Due);
        Assert.Equal(Fingerprint(second), house.Rig.Agreed().Client.Server);
    }

    // Ninety days, of which nine are left: due after six.
    [Fact]
    public void OneThatIsDueWhenItComes_IsTaken_AndNotAskedForAgainAtOnce()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var now = house.Rig.Time.GetUtcNow();
        var chain = AcmeEnd.Certify(acme.Finish(), now - (81 * _day), now + (9 * _day));
        Assert.InRange(acme.HandIn(chain)!.Value.Due, (6 * _day.TotalSeconds) - 5, 6 * _day.TotalSeconds);
        Assert.Equal(Fingerprint(chain), house.Rig.Agreed().Client.Server);
        house.Rig.Pass(6 * _day);
        Assert.Equal(0u, acme.Ask()!.Value.Due);
    }

    // What is published of it (TLSA) stays right.
    [Fact]
    public void Key_StaysTheSame_OnceThereIsACertificate()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        Assert.NotEqual(acme.Finish().CsrKey, acme.Finish().CsrKey);
        Assert.NotEqual(0u, acme.HandIn(Made(house, acme))!.Value.Due);
        Assert.Equal(acme.Finish().CsrKey, acme.Finish().CsrKey);
        File.Delete(house.CertificateFile);
        Assert.NotEqual(acme.Finish().CsrKey, acme.Finish().CsrKey);
    }

    [Fact]
    public void CertificateThatLivesForMinutes_IsNotAskedForAllTheTime()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var now = house.Rig.Time.GetUtcNow();
        Assert.Equal(300u, acme.HandIn(AcmeEnd.Certify(acme.Finish(), now.AddSeconds(-10), now.AddMinutes(5)))!.Value.Due);
    }

    [Fact]
    public void CertificateForMoreNames_IsTaken_AndOneForFewerIsDueAfterAReload()
    {
        using var house = IssuanceHouse.Started("mx.example");
        using var acme = house.Acme();
        Assert.NotEqual(0u, acme.HandIn(Made(house, acme, "www.example", "mx.example"))!.Value.Due);
        house.Names = ["mx.example", "mail.example"];
        Assert.True(house.Configure());
        Assert.Equal(0u, acme.Ask()!.Value.Due);
        house.Names = ["www.example"];
        Assert.True(house.Configure());
        Assert.NotEqual(0u, acme.Ask()!.Value.Due);
    }

    // No authority makes them for so long: acme, taken over, does, with one of its own. Once the real one is back it goes by itself.
    [Theory]
    [InlineData(91)]
    [InlineData(365)]
    [InlineData(0)]
    public void CertificateOfALongLife_IsRenewedAfterSixtyDays(int days)
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var now = house.Rig.Time.GetUtcNow();
        var until = days > 0 ? now + (days * _day) : new DateTimeOffset(9998, 12, 31, 23, 59, 59, TimeSpan.Zero);
        var due = acme.HandIn(AcmeEnd.Certify(acme.Finish(), now - _day, until))!.Value.Due;
        Assert.InRange(due, (60 * _day.TotalSeconds) - 5, 60 * _day.TotalSeconds);
        house.Rig.Pass(TimeSpan.FromSeconds(due + 1));
        Assert.Equal(0u, acme.Ask()!.Value.Due);

        // A start knows when it began, and not when it came.
        using var again = new IssuanceHouse();
        File.Copy(house.CertificateFile, again.CertificateFile);
        Assert.Null(again.Start());
        using var later = again.Acme();
        Assert.InRange(later.Ask()!.Value.Due, (59 * _day.TotalSeconds) - 5, 59 * _day.TotalSeconds);
        again.Rig.Pass(60 * _day);
        Assert.Equal(0u, later.Ask()!.Value.Due);
        // An authority that hands out the same one is not asked again at once.
        var passed = again.Rig.Time.GetUtcNow();
        if (until > passed + (300 * _day))
        {
            Assert.InRange(later.HandIn(AcmeEnd.Certify(later.Finish(), now - _day, until))!.Value.Due, (60 * _day.TotalSeconds) - 5, 60 * _day.TotalSeconds);
        }
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "another key", "it has a private key that is not the one of its first certificate" },
        { "an RSA key", "it has an RSA key in its first certificate and an elliptic key as its private key: they do not belong together" },
        { "other names", "it is not for the names that were asked for" },
        { "one name of two", "it is not for the names that were asked for" },
        { "expired", "it expired at " },
        { "early", "it is not valid before " },
        { "nothing", "it has no certificate that can be read" },
        { "garbage", "it has no certificate that can be read" },
        { "half", "it has no certificate that can be read" },
        { "half a second", "it has a certificate that can't be read after the first 1" },
        { "no chain", "it is no chain: certificate 2 is not the issuer of certificate 1" },
        { "many", "it has more than 10 certificates" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void CertificateThatIsWrong_IsRefused_AndTheOldOneStays(string what, string reason)
    {
        using var house = IssuanceHouse.Started("mx.example", "mail.example");
        using var acme = house.Acme();
        var old = Made(house, acme);
        var due = acme.HandIn(old)!.Value.Due;
        var file = File.ReadAllText(house.CertificateFile);
        var request = acme.Finish();
        var now = house.Rig.Time.GetUtcNow();
        var right = AcmeEnd.Certify(request, now - _day, now + _day);
        var chain = what switch
        {
            "another key" => Papers.Elliptic("mx.example", "mail.example").Chain,
            "an RSA key" => Papers.Rsa("mx.example", "mail.example").Chain,
            "other names" => AcmeEnd.Certify(request, now - _day, now + _day, "evil.example"),
            "one name of two" => AcmeEnd.Certify(request, now - _day, now + _day, "mx.example"),
            "expired" => AcmeEnd.Certify(request, now - (2 * _day), now - _day),
            "early" => AcmeEnd.Certify(request, now + _day, now + (2 * _day)),
            "nothing" => "",
            "garbage" => "\0\u00ff-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "half" => right[..(right.Length / 2)],
            "half a second" => right + right[..(right.Length / 2)],
            "no chain" => right + Papers.Elliptic("mx.example").Chain,
            _ => string.Concat(Enumerable.Repeat(right, 11)),
        };
        Assert.InRange(acme.HandIn(chain)!.Value.Due, due - 60, due);
        Assert.Contains($"warning tls certificate-refused reason=\"{reason}", house.Rig.Log, StringComparison.Ordinal);
        Assert.Equal(file, File.ReadAllText(house.CertificateFile));
        Assert.Equal(Fingerprint(old), house.Rig.Agreed().Client.Server);
        // The right one is still taken.
        acme.HandIn(right);
        Assert.Equal(Fingerprint(right), house.Rig.Agreed().Client.Server);
    }

    [Fact]
    public void CertificateThatNobodyAskedFor_IsRefused()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        Assert.Equal(0u, acme.HandIn(Papers.Elliptic("mx.example").Chain)!.Value.Due);
        Assert.Contains("certificate-refused reason=\"nobody asked for it\"", house.Rig.Log, StringComparison.Ordinal);
        Assert.False(File.Exists(house.CertificateFile));
        // An order alone has no key yet; and one that was taken is over.
        _ = acme.Sign(SignedPurpose.Order);
        Assert.Equal(0u, acme.HandIn(Papers.Elliptic("mx.example").Chain)!.Value.Due);
        var chain = Made(house, acme);
        Assert.NotEqual(0u, acme.HandIn(chain)!.Value.Due);
        acme.HandIn(chain);
        Assert.Equal(4, house.Rig.Log.Split("nobody asked for it").Length);
    }

    // Whatever else acme puts into the text: the key in the file is ours.
    [Fact]
    public void ChainWithAForeignKeyInIt_ChangesNoKey()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var foreign = Papers.Elliptic("mx.example");
        var chain = foreign.Key + "\n" + Made(house, acme) + foreign.Key + "\n";
        Assert.NotEqual(0u, acme.HandIn(chain)!.Value.Due);
        Assert.Equal(Fingerprint(chain), house.Rig.Agreed().Client.Server);
        using var again = new IssuanceHouse();
        File.Copy(house.CertificateFile, again.CertificateFile);
        Assert.Null(again.Start());
        Assert.Equal(Fingerprint(chain), again.Rig.Agreed().Client.Server);
    }

    [Theory]
    [InlineData("damaged", "has a private key that can't be read")]
    [InlineData("empty", "has no private key")]
    [InlineData("open", "holds a private key that every user can read or change")]
    [InlineData("foreign", "has a key that is not one of P-256")]
    [InlineData("curve", "has a key that is not one of P-256")]
    public void AccountKeyThatIsWrong_IsWhyItDoesNotStart(string how, string problem)
    {
        using var house = new IssuanceHouse();
        using var good = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
        var text = good.ExportPkcs8PrivateKeyPem();
        File.WriteAllText(house.AccountFile, how switch
        {
            "damaged" => text[..40] + "AAAA" + text[44..],
            "empty" => "",
            "foreign" => Papers.Rsa("mx.example").Key,
            "curve" => other.ExportPkcs8PrivateKeyPem(),
            _ => text,
        });
        File.SetUnixFileMode(house.AccountFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | (how == "open" ? UnixFileMode.OtherRead : 0));
        var kept = File.ReadAllText(house.AccountFile);
        Assert.StartsWith($"{house.AccountFile} {problem}", house.Start(), StringComparison.Ordinal);
        // The account would be lost with it.
        Assert.Equal(kept, File.ReadAllText(house.AccountFile));
    }

    [Fact]
    public void FolderThatCanNotBeWritten_IsWhyItDoesNotStart()
    {
        using var house = new IssuanceHouse();
        Directory.Delete(house.Folder);
        Assert.StartsWith($"{house.AccountFile} can't be written: ", house.Start(), StringComparison.Ordinal);
        Directory.CreateDirectory(house.Folder);
    }

    [Fact]
    public void AcmeThatIsNotWanted_IsSentAway()
    {
        using var rig = TlsRig.Started();
        using var acme = new AcmeEnd(rig.Turn, theirs => rig.Program.Connect(Ipc.ProgramName.Acme, theirs));
        Assert.True(acme.IsClosed);
        rig.DemandService();
    }

    private static string Made(IssuanceHouse house, AcmeEnd acme, params string[] names)
    {
        var now = house.Rig.Time.GetUtcNow();
        return AcmeEnd.Certify(acme.Finish(), now - _day, now + (89 * _day), names);
    }

    private static string Fingerprint(string chain)
    {
        using var leaf = X509Certificate2.CreateFromPem(chain);
        return leaf.GetCertHashString(HashAlgorithmName.SHA256);
    }
}
