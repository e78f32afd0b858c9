namespace Postern.Config.Tests.Sections;

/// <summary>[[outbound_login]].</summary>
public class OutboundLoginTests
{
    private const string Route = "[routes]\n\"*\" = \"smart.example:587\"\n\"a.example\" = \"lmtp:box.example:24\"\n\"b.example\" = \"smtps:second.example\"\n";

    [Theory]
    [InlineData("host = \"Smart.Example\"\nuser = \"us@example.org\"\npassword_file = \"/etc/p\"", "smart.example us@example.org /etc/p - -")]
    [InlineData("host = \"second.example\"\ncertificate = \"/etc/c\"", "second.example - - /etc/c /etc/c")]
    [InlineData("host = \"smart.example\"\nuser = \"u\"\npassword_file = \"/etc/p\"\ncertificate = \"/etc/c\"\nkey = \"/etc/k\"", "smart.example u /etc/p /etc/c /etc/k")]
    public void ALogin_IsTaken(string written, string expected)
    {
        var login = Assert.Single(Reading.Good($"{Route}[[outbound_login]]\n{written}\n").Outbound.Logins);
        Assert.Equal(expected, $"{login.Host} {login.User ?? "-"} {login.PasswordFile ?? "-"} {login.Certificate ?? "-"} {login.Key ?? "-"}");
    }

    [Fact]
    public void WithoutAny_ThereIsNone() => Assert.Empty(Reading.Good(Route).Outbound.Logins);

    [Theory]
    [InlineData("user = \"u\"\npassword_file = \"/etc/p\"", "7: host is missing in [[outbound_login]]: the name of a host that a route leads to")]
    [InlineData("host = \"192.0.2.1\"\ncertificate = \"/etc/c\"", "8: \"192.0.2.1\" must be the name of a host, as its certificate has it, without a port")]
    [InlineData("host = \"smart.example:587\"\ncertificate = \"/etc/c\"", "8: \"smart.example:587\" must be the name of a host, as its certificate has it, without a port")]
    [InlineData("host = \"other.example\"\ncertificate = \"/etc/c\"", "8: no route leads to \"other.example\" by SMTP")]
    [InlineData("host = \"box.example\"\ncertificate = \"/etc/c\"", "8: no route leads to \"box.example\" by SMTP")]
    [InlineData("host = \"smart.example\"", "7: [[outbound_login]] needs user and password_file, or certificate, or all of them")]
    [InlineData("host = \"smart.example\"\nuser = \"u\"", "9: user needs password_file: the file that has the password")]
    [InlineData("host = \"smart.example\"\npassword_file = \"/etc/p\"", "9: password_file needs user")]
    [InlineData("host = \"smart.example\"\nkey = \"/etc/k\"\ncertificate = \"c\"", "10: certificate must be an absolute path")]
    [InlineData("host = \"smart.example\"\nuser = \"u\"\npassword_file = \"/p\"", "10: password_file must not lie in \"/\" itself: who reads it may read all that is in its folder")]
    [InlineData("host = \"smart.example\"\ncertificate = \"/c\"", "9: certificate must not lie in \"/\" itself: who reads it may read all that is in its folder")]
    [InlineData("host = \"smart.example\"\ncertificate = \"/etc/c\"\nkey = \"/k\"", "10: key must not lie in \"/\" itself: who reads it may read all that is in its folder")]
    [InlineData("host = \"smart.example\"\nuser = \"u\"\npassword_file = \"/etc/p\"\nkey = \"/etc/k\"", "11: key needs certificate")]
    [InlineData("host = \"smart.example\"\nuser = \"ü\"\npassword_file = \"/etc/p\"", "9: user must have 1 to 254 characters of printable ASCII")]
    [InlineData("host = \"smart.example\"\nuser = \"u\"\npassword = \"p\"\npassword_file = \"/etc/p\"", "10: unknown key \"password\" in [[outbound_login]]")]
    public void WhatIsWrong_IsSaid(string written, string error) =>
        Assert.Contains(error, Reading.After($"{Route}[[outbound_login]]\n{written}\n").Errors);

    [Fact]
    public void TwoForOneHost_AreAnError() => Assert.Equal(
        ["11: there is another login for \"smart.example\""],
        Reading.After($"{Route}[[outbound_login]]\nhost = \"smart.example\"\ncertificate = \"/etc/c\"\n[[outbound_login]]\nhost = \"SMART.example\"\ncertificate = \"/etc/c\"\n").Errors);

    [Fact]
    public void HostWithoutTls_IsAnError() => Assert.Equal(
        ["10: [outbound_tls] forbids TLS with \"smart.example\", and nobody logs in without"],
        Reading.After($"{Route}[outbound_tls]\n\"*.example\" = \"none\"\n[[outbound_login]]\nhost = \"smart.example\"\ncertificate = \"/etc/c\"\n").Errors);
}
