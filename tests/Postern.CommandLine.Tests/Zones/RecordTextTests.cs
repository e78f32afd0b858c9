using System.Text;
using Postern.CommandLine.Zones.Checking;
using Postern.Text;

namespace Postern.CommandLine.Tests.Zones;

public sealed class RecordTextTests
{
    [Theory]
    [InlineData("v=spf1 mx -all", "Pass")]
    // Letter case does not count, several spaces are one, and a final dot is none.
    [InlineData("V=SPF1  A:MX.Example.ORG.  -ALL", "Pass")]
    [InlineData("v=spf1 mx/24 -all", "Pass")]
    [InlineData("v=spf1 mx:example.org//64 -all", "Pass")]
    // The domain is not the host.
    [InlineData("v=spf1 a -all", "Unclear")]
    [InlineData("v=spf1 ip4:192.0.2.1 -all", "Pass")]
    [InlineData("v=spf1 ip4:192.0.2.77/24 -all", "Pass")]
    [InlineData("v=spf1 ip4:192.0.3.0/23 -all", "Pass")]
    [InlineData("v=spf1 ip4:192.0.4.0/23 -all", "Fail")]
    [InlineData("v=spf1 ip4:0.0.0.0/0 -all", "Pass")]
    [InlineData("v=spf1 ip4:192.0.2.1/33 -all", "Fail")]
    [InlineData("v=spf1 ip4:192.0.2.1/ -all", "Fail")]
    [InlineData("v=spf1 ip6:::/0 -all", "Fail")]
    // The first match decides, and what can't be told before it leaves it open.
    [InlineData("v=spf1 -mx mx", "Fail")]
    [InlineData("v=spf1 ~all mx", "Fail")]
    [InlineData("v=spf1 ?mx", "Fail")]
    [InlineData("v=spf1 include:x.example -all", "Unclear")]
    [InlineData("v=spf1 -include:x.example mx", "Unclear")]
    [InlineData("v=spf1 -include:x.example -all", "Fail")]
    [InlineData("v=spf1 include:x.example mx -all", "Pass")]
    [InlineData("v=spf1 exists:%{i}.x.example ~all", "Unclear")]
    [InlineData("v=spf1 redirect=_spf.example.net", "Unclear")]
    // Other modifiers match nothing, nor does the end.
    [InlineData("v=spf1 exp=x.example mx", "Pass")]
    [InlineData("v=spf1 exp=x.example", "Fail")]
    [InlineData("v=spf1", "Fail")]
    [InlineData("v=spf1 all:x", "Fail")]
    [InlineData("v=spf1 all", "Everybody")]
    [InlineData("v=spf1 mx +all", "Everybody")]
    public void SenderPolicy_IsEvaluatedAsFarAsItGoes(string record, string outcome)
    {
        Assert.True(SenderPolicy.IsOne(Encoding.ASCII.GetBytes(record)));
        Assert.True(IpAddress.TryParse("192.0.2.1", out var address));
        Assert.Equal(outcome, new SenderPolicy("example.org", "mx.example.org").Judge(Encoding.ASCII.GetBytes(record), address).ToString());
    }

    [Theory]
    [InlineData("v=spf10 mx")]
    [InlineData("v=spf2.0/pra mx")]
    [InlineData(" v=spf1 mx")]
    [InlineData("v=spf1;mx")]
    [InlineData("")]
    public void OtherTexts_AreNoSenderPolicy(string text) => Assert.False(SenderPolicy.IsOne(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void HostThatIsTheDomain_IsMeantByA()
    {
        Assert.True(IpAddress.TryParse("2001:db8::1", out var address));
        Assert.Equal(SenderOutcome.Pass, new SenderPolicy("mx.example.org", "mx.example.org").Judge("v=spf1 a -all"u8, address));
        Assert.Equal(SenderOutcome.Pass, new SenderPolicy("x", "y").Judge("v=spf1 ip6:2001:db8:1::/32 -all"u8, address));
        Assert.Equal(SenderOutcome.Fail, new SenderPolicy("x", "y").Judge("v=spf1 ip6:2001:db8::2/127 -all"u8, address));
    }

    [Theory]
    [InlineData("v=X", "")]
    [InlineData("v=X;", "")]
    [InlineData("v=X ; a = b c ;\td=e=f; ", "a=b c|d=e=f")]
    [InlineData("v=X; a=1; a=2", "a=1")]
    public void TagList_IsTakenApart(string text, string tags)
    {
        Assert.True(TagList.TryRead(Encoding.Latin1.GetBytes(text), "v=X"u8, out var list));
        Assert.All(tags.Split('|', StringSplitOptions.RemoveEmptyEntries), tag => Assert.Equal(tag[(tag.IndexOf('=', StringComparison.Ordinal) + 1)..], list[tag.Split('=')[0]]));
        Assert.Null(list["none"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=Y; a=b")]
    [InlineData("v=x; a=b")]
    [InlineData("v=XY; a=b")]
    [InlineData("v=X y; a=b")]
    [InlineData("v=X; a")]
    [InlineData("v=X; =b")]
    [InlineData("v=X; a=")]
    [InlineData("v=X;; a=b")]
    [InlineData("v=X; a=\x1b[2J")]
    [InlineData("v=X; a=\xe4")]
    [InlineData("v=X; \xe4=a")]
    public void TextThatIsNoTagList_IsRefused(string text) => Assert.False(TagList.TryRead(Encoding.Latin1.GetBytes(text), "v=X"u8, out _));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", 53)]
    [InlineData("192.0.2.1:5353", "192.0.2.1", 5353)]
    [InlineData("2001:db8::1", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]:65535", "2001:db8::1", 65535)]
    public void Resolver_IsAnAddressWithOrWithoutAPort(string text, string address, int port)
    {
        Assert.True(ResolverText.TryRead(Encoding.ASCII.GetBytes(text), out var server));
        Assert.Equal((address, port, false), (server.Address.ToString(), server.Port, server.IsTrusted));
    }

    [Fact]
    public void ResolverOnThisHost_IsTrusted()
    {
        Assert.True(ResolverText.TryRead("127.0.0.53"u8, out var server));
        Assert.True(server.IsTrusted);
    }
}
