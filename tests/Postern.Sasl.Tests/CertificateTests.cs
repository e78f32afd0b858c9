using System.Security.Cryptography;
using System.Text;
using Postern.TestKit.Certificates;

namespace Postern.Sasl.Tests;

/// <summary>What is kept of certificates, and how it gets there.</summary>
public sealed class CertificateTests
{
    private const string Digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static readonly Paper _paper = Papers.Elliptic("ann.test");

    private static readonly string _fingerprint = Convert.ToHexStringLower(SHA256.HashData(_paper.Leaf.RawData));

    [Fact]
    public void File_ComesBackAsItWas()
    {
        UserCertificate[] certificates = [new("ann@a.test", Digits), new("jürgen@a.test", Digits.Replace('0', '1')), new("ann@a.test", Digits.Replace('0', '2'))];
        var written = CertificateFile.Write(certificates);
        Assert.True(CertificateFile.TryRead(written, out var read, out var fault));
        Assert.Equal(certificates, read);
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("ann@a.test", 1, "not a name and a tab")]
    [InlineData("#\n\n\t" + Digits, 3, "not a name and a tab")]
    [InlineData("a b\t" + Digits, 1, "not a name and a tab")]
    [InlineData("ann@a.test\t", 1, "not a fingerprint")]
    [InlineData("ann@a.test\t0" + Digits, 1, "not a fingerprint")]
    // One spelling: what is kept is compared.
    [InlineData("ann@a.test\t00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", 1, "not a fingerprint")]
    [InlineData("ann@a.test\t" + Digits + "\nbob@a.test\t" + Digits, 2, "a certificate that is somebody's already")]
    [InlineData("ann@a.test\t" + Digits + "\nann@a.test\t" + Digits, 2, "a certificate that is somebody's already")]
    public void LineThatCantBeRead_MakesTheFileOne(string text, int line, string reason)
    {
        Assert.False(CertificateFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Equal(new AccountFault(line, reason), fault);
    }

    [Theory]
    [InlineData(Digits, true)]
    [InlineData("00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF", true)]
    [InlineData("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff", true)]
    [InlineData("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee-ff", false)]
    [InlineData("0011", false)]
    [InlineData("", false)]
    // The Kelvin sign is no k, and no hexadecimal digit is written otherwise.
    [InlineData("\u0660011223344556677889 9aabbccddeeff00112233445566778899aabbccddeef", false)]
    [InlineData("g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false)]
    public void Fingerprint_IsReadAsToolsPrintIt(string text, bool isOne)
    {
        Assert.Equal(isOne, CertificateFingerprint.TryParse(text, out var fingerprint));
        if (isOne) Assert.Equal(Digits, fingerprint);
    }

    [Fact]
    public void FileWithOneCertificate_HasItsFingerprint()
    {
        foreach (var text in new[] { _paper.Chain, _paper.Key + "\n" + _paper.Chain, "subject=CN = ann\r\n" + _paper.Chain.ReplaceLineEndings("\r\n") })
        {
            Assert.True(CertificateFingerprint.TryRead(Encoding.ASCII.GetBytes(text), out var fingerprint, out _));
            Assert.Equal(_fingerprint, fingerprint);
        }
    }

    [Fact]
    public void WhatIsNotOneCertificate_HasNone()
    {
        Assert.Equal("it has no certificate (PEM)", Reason(""));
        Assert.Equal("it has no certificate (PEM)", Reason(_paper.Key));
        Assert.Equal("it has no certificate (PEM)", Reason(_paper.Chain[..^10]));
        // The dashes of one line can't be those of the other, too.
        Assert.Equal("it has no certificate (PEM)", Reason("-----BEGIN CERTIFICATE-----END CERTIFICATE-----\n"));
        Assert.Equal("it has several certificates, and only the user's own counts: give its fingerprint", Reason(_paper.Chain + "\n" + _paper.Chain));
        Assert.Equal("its certificate can't be read", Reason("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"));
        Assert.Equal("its certificate can't be read", Reason(_paper.Chain.Replace("CERTIFICATE-----\nM", "CERTIFICATE-----\nN", StringComparison.Ordinal)));
        Assert.Equal("its certificate can't be read", Reason(_paper.Chain.Replace("\n-----END", "AAAA\n-----END", StringComparison.Ordinal)));
    }

    private static string Reason(string text)
    {
        Assert.False(CertificateFingerprint.TryRead(Encoding.ASCII.GetBytes(text), out _, out var reason));
        return reason;
    }
}
