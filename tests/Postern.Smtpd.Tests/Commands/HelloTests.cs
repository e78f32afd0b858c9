using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Commands;

/// <summary>Attack B7: what a client may call itself, and where that name appears.</summary>
public class HelloTests
{
    [Theory]
    // B7: one harmless token, or nothing.
    [InlineData("HELO", 501)]
    [InlineData("EHLO", 501)]
    [InlineData("EHLO ", 501)]
    [InlineData("EHLO c.test", 250)]
    [InlineData("EHLO [192.0.2.7]", 250)]
    [InlineData("EHLO [IPv6:2001:db8::1]", 250)]
    [InlineData("EHLO my_laptop", 250)]
    [InlineData("EHLO 192.0.2.7", 250)]
    [InlineData("EHLO \x1b[31m", 501)]
    [InlineData("EHLO <script>", 501)]
    [InlineData("EHLO ;id", 501)]
    [InlineData("EHLO $(id)", 501)]
    [InlineData("EHLO a b", 501)]
    [InlineData("EHLO []", 501)]
    [InlineData("EHLO [a", 501)]
    [InlineData("EHLO a(b)c", 501)]
    [InlineData("EHLO a\tb", 501)]
    [InlineData("HELO a\\b", 501)]
    [InlineData("HELO \"a\"", 501)]
    [InlineData("EHLO \x9b" + "31m", 501)]
    [InlineData("EHLO %n%s%n", 250)]
    [InlineData("EHLO ${jndi:ldap://x}", 250)]
    [InlineData("EHLO \xc3\xbc.test", 501)]
    public void HelloName_IsOneToken(string line, int code) =>
        AttackRun.Play(SessionAttack.OfLines(line, [line, "MAIL FROM:<s@f.test>"], $"{code}", code == 250 ? "250" : "503"));

    [Theory]
    [InlineData("%n%n")]
    [InlineData("${run{id}}")]
    [InlineData("{0}{{")]
    [InlineData("${jndi:ldap://x}")]
    [InlineData("`id`|x")]
    [InlineData("a_b")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhh_")]
    public void OddHelloName_CannotBreakTheTraceLine(string name)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO " + name);
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask("RCPT TO:<u@a.test>");
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        Assert.StartsWith("Received: from [192.0.2.7] (helo=", Assert.Single(server.Queue.Committed).Trace, StringComparison.Ordinal);
        var trace = server.Queue.Committed[0].Trace;
        Assert.Equal(4, trace.Split("\r\n\t").Length);
        Assert.Equal((1, 1), (trace.Count(letter => letter == '('), trace.Count(letter => letter == ')')));
        Assert.All(trace.ReplaceLineEndings(""), letter => Assert.True(letter is '\t' or (>= ' ' and <= '~')));
        Assert.Contains($"helo=\"{name.Replace("\\", "\\\\", StringComparison.Ordinal)}\"", server.Log.ToString(), StringComparison.Ordinal);
        server.DemandService();
    }

    [Fact]
    public void HelloNameOfAThousandLetters_IsRefused()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.StartsWith("501 ", client.Ask("EHLO " + new string('a', 1000)), StringComparison.Ordinal);
        Assert.StartsWith("501 ", client.Ask("EHLO " + new string('a', 256)), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Ask("EHLO " + new string('a', 255)), StringComparison.Ordinal);
        server.DemandService();
    }
}
