using System.Text;
using Postern.Remote.Reports.Records;

namespace Postern.Remote.Tests.Reports;

/// <summary>Where a domain wants its reports, and what of it a stranger must not get us to do (RFC 8460 §3).</summary>
public sealed class RecordTests
{
    [Theory]
    // The RFC's own examples (§3.1.1, §3.1.2).
    [InlineData("v=TLSRPTv1;rua=mailto:reports@example.com", "mailto:reports@example.com")]
    [InlineData("v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt", "https://reporting.example.com/v1/tlsrpt")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example,https://c.example/d", "mailto:a@b.example https://c.example/d")]
    [InlineData("v=TLSRPTv1; \t rua=mailto:a@b.example \t, \tmailto:c@d.example ;", "mailto:a@b.example mailto:c@d.example")]
    [InlineData("v=TLSRPTv1;x=1;rua=mailto:a@b.example;y-_.9=z;", "mailto:a@b.example")]
    // Each once; the first field of the name counts.
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example,MAILTO:a@B.example", "mailto:a@b.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example;rua=mailto:c@d.example", "mailto:a@b.example")]
    // Encoded as a URI has it (RFC 6068 §2), and header fields left to whoever reads the URI in a browser.
    [InlineData("v=TLSRPTv1;rua=mailto:a%2Bb%2cc@d.example", "")]
    [InlineData("v=TLSRPTv1;rua=mailto:a%2Bb@d.example", "mailto:a+b@d.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example?subject=x&to=c@d.example", "mailto:a@b.example")]
    [InlineData("v=TLSRPTv1;rua=https://A.Example:443/p?q=1&r=%2C#part", "https://a.example/p?q=1&r=%2C")]
    [InlineData("v=TLSRPTv1;rua=https://a.example", "https://a.example/")]
    [InlineData("v=TLSRPTv1;rua=https://a.example?q", "https://a.example/?q")]
    // Other schemes are for others.
    [InlineData("v=TLSRPTv1;rua=ftp://a.example/x,http://b.example/,mailto:a@b.example", "mailto:a@b.example")]
    [InlineData("v=TLSRPTv1;rua=urn:x", "")]
    public void Record_NamesWhoGetsReports(string record, string addresses) => Assert.Equal(addresses, Read(record));

    [Theory]
    // A line of our session or a field of our message.
    [InlineData("mailto:a%0d%0aRCPT%20TO:c@b.example")]
    [InlineData("mailto:a@b.example%0d%0aBcc:c@d.example")]
    [InlineData("mailto:a%00@b.example")]
    [InlineData("mailto:%22a%0d%0a%22@b.example")]
    // Nobody, several, or a host by its address.
    [InlineData("mailto:")]
    [InlineData("mailto:a")]
    [InlineData("mailto:a@[127.0.0.1]")]
    [InlineData("mailto:%C3%BC@b.example")]
    [InlineData("https:")]
    [InlineData("https:///x")]
    [InlineData("https://127.0.0.1/x")]
    [InlineData("https://[::1]/x")]
    [InlineData("https://0x7f.1/x")]
    [InlineData("https://a.example.:8080/x")]
    // Somebody's password, or a port that is not that of the web.
    [InlineData("https://user:secret@a.example/x")]
    [InlineData("https://a.example:25/x")]
    [InlineData("https://a.example%2f@b.example/x")]
    public void AddressThatIsNone_GetsNothing(string address) => Assert.Equal("", Read($"v=TLSRPTv1;rua={address}"));

    [Theory]
    [InlineData("")]
    [InlineData("v=TLSRPTv1")]
    [InlineData("v=TLSRPTv1;")]
    [InlineData("v=TLSRPTv2;rua=mailto:a@b.example")]
    [InlineData("V=TLSRPTv1;rua=mailto:a@b.example")]
    [InlineData(" v=TLSRPTv1;rua=mailto:a@b.example")]
    [InlineData("v=TLSRPTv1;;rua=mailto:a@b.example")]
    [InlineData("v=TLSRPTv1;x=1")]
    [InlineData("v=TLSRPTv1;RUA=mailto:a@b.example")]
    [InlineData("v=TLSRPTv1;rua=")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example,")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example ")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example,,mailto:c@d.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a b@c.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a%4@b.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a%4g@b.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a!b@c.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a\u00fc@c.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a\r\n@c.example")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example;x=a=b")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example;=b")]
    [InlineData("v=TLSRPTv1;rua=mailto:a@b.example;x=")]
    [InlineData("v=TLSRPTv1;rua=1:x")]
    public void WhatTheGrammarDoesNotHave_IsNoRecord(string record) => Assert.Null(Read(record));

    [Fact]
    public void OneRecordAmongOthers_Counts_AndTwoAreNone()
    {
        const string mine = "v=TLSRPTv1;rua=mailto:a@b.example";
        Assert.Equal("mailto:a@b.example", Read("v=spf1 -all", mine, "v=TLSRPTv1 ;rua=mailto:c@d.example"));
        Assert.Null(Read(mine, mine));
        Assert.Null(Read());
    }

    [Fact]
    public void ManyAddresses_AreCutToAFew_AndALongRecordIsNone()
    {
        var many = string.Join(',', Enumerable.Range(0, 60).Select(each => $"mailto:u{each}@b.example"));
        Assert.Equal(ReportRecord.MaxAddresses, Read($"v=TLSRPTv1;rua={many}")!.Split(' ').Length);
        Assert.Null(Read($"v=TLSRPTv1;rua=mailto:a@b.example;x={new string('x', ReportRecord.MaxLength)}"));
    }

    private static string? Read(params string[] records) =>
        ReportRecord.TryParse([.. records.Select(Encoding.Latin1.GetBytes)], out var addresses)
            ? string.Join(' ', addresses.Select(address => address.Text)) : null;
}
