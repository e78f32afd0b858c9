using Postern.CommandLine.Server;
using Postern.CommandLine.Submission;
using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc.Administration;
using Postern.Mail;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Tests.Commands;

/// <summary>A server that was stopped, or hangs: nobody waits for it without end.</summary>
public sealed class SilenceTests : IDisposable
{
    private readonly Caller _caller = new();

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    [Fact]
    public void AServerThatSaysNothing_DoesNotAnswer()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        using (theirs)
        {
            using var connection = new FrameConnection(ours!, "the server") { Patience = 1 };
            var failure = Assert.Throws<CommandFailure>(() => new QueueAdministration(connection).Status());
            Assert.Equal((75, "the server does not answer"), (failure.Code, failure.Message));
        }
    }

    [Fact]
    public void AServerThatReadsNothing_DoesNotAnswer()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        using (theirs)
        {
            using var connection = new FrameConnection(ours!, "the server") { Patience = 1 };
            // A socket takes less than this from one who sends to nobody.
            void Fill()
            {
                for (var i = 0; i < 1_000_000; i++)
                {
                    connection.Send(new ListRequestFrame { Request = 1, Filter = "x", Of = Selection.All, Limit = 1 });
                }
            }

            var failure = Assert.Throws<CommandFailure>(Fill);
            Assert.Equal((75, "the server does not answer"), (failure.Code, failure.Message));
        }
    }

    [Fact]
    public void Questions_WaitTenSecondsAndOnlyTheDiskIsWaitedForLonger()
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        using var connection = FrameConnection.Open(_caller.QueueSocket);
        Assert.Equal(10_000, connection.Patience);
        Assert.True(DomainName.TryParse("mx.example.org", out var host));
        Assert.True(Mailbox.TryParse("bob@x.example", out var bob));
        using var input = new MemoryStream("hello\n"u8.ToArray());
        new Submitter(connection, new ServerSettings { State = "/x", HostName = host, MailDomain = host, MessageSize = 10_000 }, TimeProvider.System).Submit(
            new LocalMessage { Sender = bob, Caller = bob, Uid = 1, Recipients = [bob] }, new MessageSource(input, stopAtDot: false));
        Assert.Equal(300_000, connection.Patience);
    }
}
