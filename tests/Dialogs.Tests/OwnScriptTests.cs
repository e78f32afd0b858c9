using Postern.Smtpd.Tests.Harness;

namespace Dialogs.Tests;

/// <summary>Situations of SMTP, one script each: replies compared word by word, or by their beginning after "&lt;~".</summary>
public class OwnScriptTests
{
    public static TheoryData<string> Scripts =>
        [.. Directory.GetFiles(Folders.Own, "*.cmy").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_GoesAsWritten(string name)
    {
        using var server = new TestServer();
        var path = Path.Join(Folders.Own, name + ".cmy");
        // The form of the verb says how much of the reply is given: either way it begins like that.
        using (var dialogue = new Dialogue(server, (expected, reply) => reply.StartsWith(expected, StringComparison.Ordinal)))
            dialogue.Run(File.ReadAllLines(path));

        // What shall be stored stands beside the script; where nothing stands, nothing is.
        var verify = path + ".verify";
        if (File.Exists(verify)) Assert.Equal(File.ReadAllText(verify), Assert.Single(server.Queue.Committed).Content.ReplaceLineEndings("\n"));
        else Assert.Empty(server.Queue.Committed);
        server.DemandService();
    }

    [Theory]
    [InlineData("'.\\n'", ".\n")]
    [InlineData("('a' * 3 + '\\r\\n') * 2", "aaa\r\naaa\r\n")]
    [InlineData("'b' * 2 + '\\x00\\'\\\\'", "bb\0'\\")]
    public void Literal_IsRead(string text, string bytes) => Assert.Equal(bytes, LiteralReader.Read(text));

    [Theory]
    [InlineData("c tcp_connect localhost:25|c <~ 221")]
    [InlineData("c tcp_connect localhost:25|c <~ 220|c <~ 220")]
    [InlineData("c tcp_connect localhost:25|c closed")]
    [InlineData("c tcp_connect localhost:25|c whatever")]
    public void ScriptThatGoesAnotherWay_Fails(string lines)
    {
        using var server = new TestServer();
        using var dialogue = new Dialogue(server, (expected, reply) => reply.StartsWith(expected, StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => dialogue.Run(lines.Split('|')));
    }
}
