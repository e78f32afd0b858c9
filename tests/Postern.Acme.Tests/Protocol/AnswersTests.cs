using System.Text;
using Postern.Acme.Protocol;

namespace Postern.Acme.Tests.Protocol;

/// <summary>What an authority says, right or hostile: it is read, or it is nothing; it never raises an exception.</summary>
public sealed class AnswersTests
{
    private const string Directory = AcmeClientTests.Directory;
    private const string Order = """{"status":"pending","authorizations":["https://ca.test/a"],"finalize":"https://ca.test/f"}""";
    private const string Authorization =
        """{"status":"pending","identifier":{"type":"dns","value":"a.test"},"challenges":[{"type":"http-01","url":"https://ca.test/c","token":"t"}]}""";

    private const string Problem = """{"type":"urn:ietf:params:acme:error:badNonce","detail":"old"}""";

    /// <summary>What no reader takes.</summary>
    public static TheoryData<string> Nothing =>
    [
        "", " ", "null", "7", "\"x\"", "[]", "[{}]", "{}", "{", "{}}", "{} {}", "\u0000", "{\"status\":\"pending\"", "nan",
        // Deeper than there is reason for.
        string.Concat(Enumerable.Repeat("{\"a\":", 9)) + "1" + new string('}', 9), new string('[', 100_000),
        // Comments and commas are no JSON.
        "{/**/}", "{\"a\":1,}", "{'a':1}", "\ufeff{}",
    ];

    [Theory]
    [MemberData(nameof(Nothing))]
    public void TextThatIsNothing_IsNothingToEachReader(string text) => Assert.Equal("----", Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(Directory, "D---")]
    [InlineData(Order, "-O--")]
    [InlineData(Authorization, "--A-")]
    [InlineData(Problem, "---P")]
    public void Answer_IsOneToItsOwnReaderAlone(string text, string readers) => Assert.Equal(readers, Read(Encoding.UTF8.GetBytes(text)));

    // Each name is compared with each that is looked for, and half a surrogate can't be compared.
    [Theory]
    [InlineData(Directory)]
    [InlineData(Order)]
    [InlineData(Authorization)]
    [InlineData(Problem)]
    public void MemberWhoseNameIsNoText_IsNothing_OrPassedOver(string text)
    {
        foreach (var name in new[] { "\\ud800", "\\udc00", "\\ud800\\u0041", "s\\ud800", "type\\udfff", "newNonce\\ud800" })
        {
            foreach (var hostile in new[] { $"{{\"{name}\":1,{text[1..]}", $"{text[..^1]},\"{name}\":1}}" })
            {
                Assert.NotNull(Read(Encoding.UTF8.GetBytes(hostile)));
            }
        }
    }

    // None of these may be an exception, and none of them is text.
    [Fact]
    public void BytesThatAreNotUtf8_AreNoText()
    {
        foreach (var text in new[] { Directory, Order, Authorization, Problem })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var at = 0; at < bytes.Length; at++)
            {
                foreach (var value in new byte[] { 0x80, 0xc0, 0xed, 0xff, 0, (byte)'\\', (byte)'"', (byte)'[' })
                {
                    var changed = (byte[])bytes.Clone();
                    changed[at] = value;
                    Assert.Equal(4, Read(changed).Length);
                    Assert.Equal(4, Read(bytes[..at]).Length);
                }
            }
        }
    }

    [Theory]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newNonce\":7")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newNonce\":null")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newNonce\":[\"https://ca.test/nonce\"]")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newNonce\":{\"a\":1}")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newNonce\":\"http://ca.test/nonce\"")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newNonce\":\"\\ud800\"")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"newnonce\":\"https://ca.test/nonce\"")]
    [InlineData("\"newNonce\":\"https://ca.test/nonce\"", "\"x\":1")]
    [InlineData("https://ca.test/order", "https://ca.test/or der")]
    public void DirectoryWithAFieldOfAnotherKind_IsNone(string right, string wrong) =>
        Assert.Null(AcmeDirectory.Read(Encoding.UTF8.GetBytes(Directory.Replace(right, wrong, StringComparison.Ordinal))));

    // As everybody reads JSON: the last one counts. Nothing depends on it.
    [Fact]
    public void FieldThatIsThereTwice_IsTheLast()
    {
        var text = Order.Replace("\"status\":\"pending\"", "\"status\":\"pending\",\"status\":\"ready\"", StringComparison.Ordinal);
        Assert.Equal("ready", AcmeOrder.Read(Encoding.UTF8.GetBytes(text))!.Status);
    }

    [Fact]
    public void NameThatIsEscaped_IsTheSameName() =>
        Assert.Equal("pending", AcmeOrder.Read(Encoding.UTF8.GetBytes(Order.Replace("status", "st\\u0061tus", StringComparison.Ordinal)))!.Status);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(20_000, false)]
    public void Authorizations_HaveALimit(int count, bool isRead)
    {
        var all = string.Join(',', Enumerable.Repeat("\"https://ca.test/a\"", count));
        var order = AcmeOrder.Read(Encoding.UTF8.GetBytes(Order.Replace("\"https://ca.test/a\"", all, StringComparison.Ordinal)));
        Assert.Equal(isRead, order is not null);
        Assert.Equal(isRead ? count : 0, order?.Authorizations.Count ?? 0);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"http://ca.test/a\"")]
    [InlineData("\"\\ud800\"")]
    public void OneAuthorizationThatIsNoPlace_MakesItNoOrder(string one) =>
        Assert.Null(AcmeOrder.Read(Encoding.UTF8.GetBytes(Order.Replace("\"https://ca.test/a\"", "\"https://ca.test/a\"," + one, StringComparison.Ordinal))));

    [Theory]
    [InlineData("\"certificate\":\"https://ca.test/x\"", "https://ca.test/x", null)]
    [InlineData("\"certificate\":\"ftp://ca.test/x\"", null, null)]
    [InlineData("\"certificate\":7", null, null)]
    [InlineData("\"error\":{\"detail\":\"no\"}", null, "no")]
    [InlineData("\"error\":{\"detail\":7}", null, null)]
    [InlineData("\"error\":[\"detail\"]", null, null)]
    [InlineData("\"error\":\"detail\"", null, null)]
    public void OrderWithMore_IsReadWithIt(string more, string? certificate, string? fault)
    {
        var order = AcmeOrder.Read(Encoding.UTF8.GetBytes($"{Order[..^1]},{more}}}"))!;
        Assert.Equal((certificate, fault), (order.Certificate?.Text, order.Fault));
    }

    [Theory]
    // The first of its kind, wherever it is.
    [InlineData("[7,null,[],{},{\"type\":7},{\"type\":\"http-01\",\"url\":\"https://ca.test/c\",\"token\":\"t-_9\"},{\"type\":\"http-01\",\"url\":\"https://ca.test/2\",\"token\":\"u\"}]", true, "t-_9")]
    [InlineData("{\"type\":\"http-01\"}", true, null)]
    [InlineData("[{\"type\":\"HTTP-01\",\"url\":\"https://ca.test/c\",\"token\":\"t\"}]", true, null)]
    // Half of what is needed.
    [InlineData("[{\"type\":\"http-01\",\"url\":\"https://ca.test/c\"}]", false, null)]
    [InlineData("[{\"type\":\"http-01\",\"token\":\"t\"}]", false, null)]
    [InlineData("[{\"type\":\"http-01\",\"url\":\"http://ca.test/c\",\"token\":\"t\"}]", false, null)]
    [InlineData("[{\"type\":\"http-01\",\"url\":\"https://ca.test/c\",\"token\":\"t/u\"}]", false, null)]
    public void Challenges_AreSearched(string challenges, bool isRead, string? token)
    {
        var read = AcmeAuthorization.Read(Encoding.UTF8.GetBytes($$"""{"status":"pending","identifier":{"value":"a.test"},"challenges":{{challenges}}}"""));
        Assert.Equal((isRead, token), (read is not null, read?.Token));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Token_HasALimit(int length, bool isOne)
    {
        Assert.Equal(isOne, AcmeAuthorization.IsToken(new string('t', length)));
        Assert.False(AcmeAuthorization.IsToken(string.Empty));
    }

    [Theory]
    [InlineData(Problem, "badNonce", "old")]
    [InlineData("{\"type\":\"about:blank\"}", "about:blank", "")]
    [InlineData("{\"type\":\"urn:ietf:params:acme:error:x\",\"detail\":[]}", "x", "")]
    public void Problem_IsReadWithoutItsPrefix(string text, string type, string detail) =>
        Assert.Equal(new AcmeProblem(type, detail), AcmeProblem.Read(Encoding.UTF8.GetBytes(text)));

    private static string Read(byte[] json) => string.Concat(
        AcmeDirectory.Read(json) is null ? "-" : "D", AcmeOrder.Read(json) is null ? "-" : "O", AcmeAuthorization.Read(json) is null ? "-" : "A", AcmeProblem.Read(json) is null ? "-" : "P");
}
