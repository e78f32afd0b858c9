using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Content;

/// <summary>Odd and broken MIME messages (Apache mime4j's set) pass through unaltered: content is none of our business.</summary>
public sealed class SuiteTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    // What a client with small buffers would send, and one that fills ours.
    private static readonly int[] _pieces = [97, 4096, 1 << 20];

    [Fact]
    public void EveryMessageByData_ArrivesByteForByte() =>
        SendAll("alice", (client, to, content, _) => client.SendByData("bob@example.org", [to], content));

    [Fact]
    public void EveryMessageByChunks_ArrivesByteForByte() =>
        SendAll("bob", (client, to, content, at) => client.SendByChunks("alice@example.org", [to], content, _pieces[at % _pieces.Length]));

    private static List<byte[]> Messages()
    {
        if (SuiteFolder.Find("mime/mime4j") is not { } folder)
        {
            Requirement.Skip("the folder shared/suites/mime/mime4j is not beside the project");
            return [];
        }

        return [.. Directory.EnumerateFiles(folder, "*.msg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => WithWireLines(File.ReadAllBytes(file)))];
    }

    // What a client makes of a file: lines end in CRLF, the last one as well.
    private static byte[] WithWireLines(byte[] file)
    {
        var wire = new List<byte>(file.Length + 200);
        for (var at = 0; at < file.Length; at++)
        {
            if (file[at] == '\n' && (at == 0 || file[at - 1] != '\r'))
            {
                wire.Add((byte)'\r');
            }

            wire.Add(file[at]);
        }

        if (wire.Count < 2 || wire[^1] != '\n')
        {
            wire.AddRange("\r\n"u8);
        }

        return [.. wire];
    }

    private void SendAll(string user, Func<PlainSmtpClient, string, byte[], int, SmtpReply> send)
    {
        var messages = Messages();
        // As many as the set has: a file that is passed over would not be missed otherwise.
        Assert.Equal(80, messages.Count);
        var server = fixture.Server;
        using var client = PlainSmtpClient.Greeted(server.Port);
        for (var at = 0; at < messages.Count; at++)
        {
            // An address of its own tells which file is whose, without a word in the content.
            var reply = send(client, $"{user}+{at}@example.org", messages[at], at);
            Assert.True(reply.Code == 250, $"message {at}: {reply.Text}");
        }

        var arrived = server.Mailbox(user).Await(messages.Count);
        Assert.Equal(messages.Count, arrived.Count);
        for (var at = 0; at < messages.Count; at++)
        {
            var mark = $"Delivered-To: {user}+{at}@example.org\n";
            var one = Assert.Single(arrived, message => message.Contains(mark));
            one.MustBe(messages[at]);
            // RFC 5321 §4.4: the return path on top, then the trace, each in one piece.
            Assert.Matches(
                $"^Return-Path: <[a-z]+@example\\.org>\nDelivered-To: {user}\\+{at}@example\\.org\n"
                + "Received: from client\\.example \\(\\[127\\.0\\.0\\.1\\]\\)\n\tby mx\\.example\\.org with ESMTP\n\tid [0-9a-z]{13}\n"
                + $"\tfor <{user}\\+{at}@example\\.org>; [A-Z][a-z]{{2}}, [ 0-9]?[0-9] [A-Z][a-z]{{2}} [0-9]{{4}} [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}} \\+0000\n$",
                one.Above(messages[at]));
        }
    }
}
