namespace Postern.Config.Tests.Sections;

/// <summary>[tls_reports]: who tells other domains how mail to them was protected.</summary>
public class TlsReportsTests
{
    [Theory]
    [InlineData("", "postmaster@mx.example.org", "mx.example.org", "postmaster@mx.example.org")]
    [InlineData("[tls_reports]\nfrom = \"tls@example.org\"", "tls@example.org", "mx.example.org", "tls@example.org")]
    [InlineData("[tls_reports]\nsend = true\ncontact = \"a@example.net\"\norganization = \"Bäckerei Ü\"", "postmaster@mx.example.org", "Bäckerei Ü", "a@example.net")]
    public void WhatIsNotSaid_IsThisHosts(string lines, string from, string organization, string contact) =>
        Assert.Equal(new TlsReports(from, organization, contact), Reading.Good(lines).Reports);

    [Fact]
    public void Off_IsOff() => Assert.Null(Reading.Good("[tls_reports]\nsend = false\nfrom = \"a@example.org\"").Reports);

    [Theory]
    [InlineData("send = \"yes\"", "4: send must be true or false, without quotes, and this is a text")]
    [InlineData("from = \"a\"", "4: from must be an address in ASCII, as in \"postmaster@example.org\", not \"a\"")]
    [InlineData("from = \"a@[192.0.2.1]\"", "4: from must be an address in ASCII, as in \"postmaster@example.org\", not \"a@[192.0.2.1]\"")]
    [InlineData("from = \"ü@example.org\"", "4: from must be an address in ASCII, as in \"postmaster@example.org\", not \"\\u{FC}@example.org\"")]
    [InlineData("contact = \"a@b.example, c@d.example\"", "4: contact must be an address in ASCII, as in \"postmaster@example.org\", not \"a@b.example, c@d.example\"")]
    [InlineData("organization = \"\"", "4: organization must be from 1 to 200 bytes without control characters")]
    [InlineData("organization = \"a\\nb\"", "4: organization must be from 1 to 200 bytes without control characters")]
    [InlineData("frm = \"a@example.org\"", "4: unknown key \"frm\" in [tls_reports]; is \"from\" meant?")]
    public void WrongValues_AreErrors(string line, string error) => Assert.Equal([error], Reading.After("[tls_reports]\n" + line).Errors);

    [Fact]
    public void LongOrganization_IsAnError() =>
        Assert.Single(Reading.After($"[tls_reports]\norganization = \"{new string('ü', 101)}\"").Errors);
}
