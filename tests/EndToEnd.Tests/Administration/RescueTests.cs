using System.Globalization;
using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary>A queue's log that was damaged: what is in it is told, and what is whole is rescued, never altered.</summary>
public sealed class RescueTests(RescueTests.StoppedQueue queue) : IClassFixture<RescueTests.StoppedQueue>, IDisposable
{
    // As wide as what a message of these and its records take.
    private const int MessageBytes = 2_000_000;
    private const int Messages = 75;

    private static readonly int _rounds = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 100 : 2;

    private readonly Scratch _scratch = new();

    [Fact]
    public void AWholeLog_IsGoodAndEverythingIsRescued()
    {
        var folder = Copy();
        Assert.Equal(0, Verify(folder));
        Assert.Equal((0, Messages), Export(folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void AMissingSegment_IsToldAndTheOthersAreRescued(int which)
    {
        var folder = Copy();
        var segments = Segments(folder);
        Assert.True(segments.Length >= 3, $"{segments.Length} segments");
        File.Delete(segments[which < 0 ? segments.Length + which : which]);
        // The oldest may have been freed in good order, and the newest may never have been: then nothing tells that it is missing.
        var code = Verify(folder);
        Assert.True(which == 1 ? code == 65 : code is 0 or 65, $"exit {code}");
        Assert.InRange(Export(folder).Rescued, (Messages / segments.Length) - 10, Messages - 1);
    }

    [Fact]
    public void FlippedBits_AreToldAndCostNoMoreThanTheirMessages()
    {
        var random = new Random(20261127);
        for (var round = 0; round < _rounds; round++)
        {
            var folder = Copy();
            foreach (var segment in Segments(folder)[..^1])
            {
                // In the middle of a full segment, so that it hits something.
                using var file = File.Open(segment, FileMode.Open);
                file.Position = random.Next(1_000_000, 60_000_000);
                var old = file.ReadByte();
                file.Position--;
                file.WriteByte((byte)(old ^ (1 << random.Next(8))));
            }

            Assert.Equal(65, Verify(folder));
            var (code, rescued) = Export(folder);
            Assert.Equal(65, code);
            Assert.InRange(rescued, Messages - (2 * (Segments(folder).Length - 1)), Messages - 1);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void ACutTail_CostsWhatWasInIt(double part)
    {
        var folder = Copy();
        var segments = Segments(folder);
        using (var file = File.Open(segments[^1], FileMode.Open))
        {
            file.SetLength((long)(file.Length * part));
        }

        Assert.Equal(65, Verify(folder));
        Assert.InRange(Export(folder).Rescued, (Messages * (segments.Length - 1) / segments.Length) - 10, Messages);
    }

    [Theory]
    [InlineData("nothing-there", "no such folder")]
    [InlineData("", "no queue's log is here")]
    public void AFolderThatIsNoQueue_IsNamed(string name, string words)
    {
        var result = Tool.Run(PosternPrograms.Of("postern"), ["queue", "verify", _scratch[name]]);
        Assert.Equal(66, result.Code);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private static string[] Segments(string folder) => [.. Directory.GetFiles(folder, "segment-*").Order(StringComparer.Ordinal)];

    private static int Verify(string folder)
    {
        var result = Tool.Run(PosternPrograms.Of("postern"), ["queue", "verify", folder]);
        Assert.True(result.Code is 0 or 65, result.ToString());
        Assert.Equal(result.Code == 0, result.Output.Contains("\ndamages             0\n", StringComparison.Ordinal) && !result.Output.Contains("incomplete: ", StringComparison.Ordinal));
        return result.Code;
    }

    private string Copy()
    {
        var folder = _scratch["copy"];
        Tool.Run("rm", ["-rf", folder]).MustSucceed();
        Tool.Run("cp", ["-a", "--sparse=always", queue.Folder, folder]).MustSucceed();
        return folder;
    }

    /// <summary>Exports and checks that each rescued message is one of those that were sent, to the byte.</summary>
    private (int Code, int Rescued) Export(string folder)
    {
        var target = _scratch["rescued"];
        Tool.Run("rm", ["-rf", target]).MustSucceed();
        var result = Tool.Run(PosternPrograms.Of("postern"), ["queue", "export", folder, target]);
        Assert.True(result.Code is 0 or 65, result.ToString());
        var files = Directory.GetFiles(Path.Join(target, "new"));
        foreach (var file in files)
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            var at = text.IndexOf("\nSubject: number ", StringComparison.Ordinal) + "\nSubject: number ".Length;
            var number = int.Parse(text[at..text.IndexOf('\n', at)], CultureInfo.InvariantCulture);
            Assert.Contains($"X-Postern-Recipient: x{number}@away.example\n", text, StringComparison.Ordinal);
            Assert.True(text.EndsWith(Encoding.Latin1.GetString(StoppedQueue.Content(number)).Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal), file);
        }

        return (result.Code, files.Length);
    }

    /// <summary>The folder of a queue that holds messages in several segments and has stopped.</summary>
    public sealed class StoppedQueue : IDisposable
    {
        private readonly Lazy<PosternServer> _server = new(Fill);

        internal string Folder => Path.Join(_server.Value.State, "queue");

        public void Dispose()
        {
            if (_server.IsValueCreated)
            {
                _server.Value.Dispose();
            }
        }

        internal static byte[] Content(int number)
        {
            var line = $"line of message {number} ".PadRight(996, (char)('a' + (number % 26))) + "\r\n";
            return Encoding.ASCII.GetBytes($"Subject: number {number}\r\n\r\n" + string.Concat(Enumerable.Repeat(line, MessageBytes / line.Length)));
        }

        private static PosternServer Fill()
        {
            var server = PosternServer.Start(new PosternConfiguration
            {
                Routes = $"\"away.example\" = \"127.0.0.1:{LoopbackPort.Free()}\"",
                Queue = "retry_first = \"1h\"",
            });
            using (var client = PlainSmtpClient.Greeted(server.Port))
            {
                for (var number = 0; number < Messages; number++)
                {
                    client.SendByData("alice@example.org", [$"x{number}@away.example"], Content(number)).Must(2);
                }
            }

            Assert.Equal(0, server.Stop());
            return server;
        }
    }
}
