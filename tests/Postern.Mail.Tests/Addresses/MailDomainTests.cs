using System.Text;

namespace Postern.Mail.Tests.Addresses;

/// <summary>What stands after the "@": a name or an address literal, each in one form.</summary>
public class MailDomainTests
{
    private static MailDomain Of(string text)
    {
        Assert.True(MailDomain.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var domain, out var fault));
        Assert.Equal(AddressFault.None, fault);
        return domain;
    }

    [Theory]
    [InlineData("A.test", "a.test", false)]
    [InlineData("bücher.test", "xn--bcher-kva.test", false)]
    [InlineData("[192.0.2.1]", "[192.0.2.1]", true)]
    [InlineData("[ipv6:2001:DB8::1]", "[IPv6:2001:db8::1]", true)]
    public void Domains_AreHeldInOneForm(string text, string form, bool isLiteral)
    {
        var domain = Of(text);
        Assert.Equal((form, isLiteral), (domain.ToString(), domain.IsLiteral));
        Assert.Equal(domain, Of(form));
        Assert.Equal(domain.GetHashCode(), Of(form).GetHashCode());
    }

    [Theory]
    [InlineData("", AddressFault.BadDomain)]
    [InlineData("[", AddressFault.BadDomain)]
    [InlineData("[192.0.2.1", AddressFault.BadDomain)]
    [InlineData("[192.0.2.256]", AddressFault.BadDomain)]
    [InlineData("192.0.2.1", AddressFault.BadDomain)]
    public void OtherTexts_AreNoDomains(string text, AddressFault expected)
    {
        Assert.False(MailDomain.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var domain, out var fault));
        Assert.Null(domain);
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void Domains_EqualOnlyTheSame()
    {
        object domain = Of("a.test");
        Assert.True(domain.Equals(Of("A.TEST")));
        Assert.False(domain.Equals(Of("b.test")));
        Assert.False(domain.Equals("a.test"));
        Assert.False(Of("a.test").Equals(Of("b.test")));
        Assert.False(Of("a.test").Equals((MailDomain?)null));
        Assert.NotEqual(Of("a.test").GetHashCode(), Of("b.test").GetHashCode());
    }
}
