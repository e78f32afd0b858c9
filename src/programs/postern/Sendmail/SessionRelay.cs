using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Sendmail;

/// <summary>SMTP on standard input and output (sendmail -bs): the lines pass to and from the server's own SMTP port.</summary>
internal static class SessionRelay
{
    private const int BufferSize = 16 * 1024;
    private const int StandardInput = 0;

    // The greeting costs a server nothing; whoever does not give it has stopped.
    private static readonly TimeSpan _maxSilence = TimeSpan.FromSeconds(10);

    // A server on this host that does not take a connection or bytes for a minute is as good as down.
    private const int MaxWait = 60 * 1000;

    /// <summary>Relays until the server ends the session.</summary>
    internal static int Run(Invocation invocation)
    {
        var address = SendmailCommand.LoadSettings(invocation).SmtpListener
            ?? throw new CommandFailure(ExitCode.Unavailable, "this server does not listen for SMTP");
        var begun = Socket.StartConnect(address, out var socket);
        if (begun.Error == Errno.InProgress)
        {
            begun = DescriptorPoll.WaitWritable(socket!.Number, MaxWait)
                ? Socket.FinishConnect(socket.Number) : CallResult.Failure(Errno.TimedOut);
        }

        using (socket)
        {
            if (begun.Failed)
            {
                throw new CommandFailure(ExitCode.TemporaryFailure, $"the server is not running ({address}: {begun})");
            }

            Relay(socket!.Number, invocation);
        }

        return ExitCode.Success;
    }

    private static void Relay(int socket, Invocation invocation)
    {
        var pacer = new SessionPacer();
        var buffer = new byte[BufferSize];
        Span<int> watched = [StandardInput, socket];
        Span<bool> ready = stackalloc bool[watched.Length];
        var clientEnded = false;
        var sendingEnded = false;
        var isGreeted = false;
        var begun = invocation.Time.GetTimestamp();
        while (true)
        {
            SendAll(socket, pacer.Outgoing);
            if (pacer.IsOver && !sendingEnded)
            {
                // The server still answers what it has got; then it ends the session.
                sendingEnded = true;
                _ = Socket.EndSending(socket);
            }

            watched[0] = clientEnded || !pacer.HasRoom ? -1 : StandardInput;
            var left = _maxSilence - invocation.Time.GetElapsedTime(begun);
            if (!isGreeted && left <= TimeSpan.Zero)
            {
                throw new CommandFailure(ExitCode.TemporaryFailure, "the server does not answer");
            }

            DescriptorPoll.WaitReadable(watched, ready, isGreeted ? -1 : (int)left.TotalMilliseconds + 1);
            isGreeted |= ready[1];
            if (ready[1] && !TakeFromServer(socket, buffer, pacer, invocation))
            {
                return;
            }

            if (ready[0])
            {
                var count = invocation.Input.Read(buffer);
                clientEnded = count == 0;
                if (clientEnded)
                {
                    pacer.EndClient();
                }
                else
                {
                    pacer.TakeFromClient(buffer.AsSpan(0, count));
                }
            }
        }
    }

    private static bool TakeFromServer(int socket, byte[] buffer, SessionPacer pacer, Invocation invocation)
    {
        var received = Socket.Receive(socket, buffer);
        if (received.WouldBlock)
        {
            return true;
        }

        if (received.Failed || received.Value == 0)
        {
            return false;
        }

        invocation.Screen.Raw.Write(buffer.AsSpan(0, received.Value));
        invocation.Screen.Raw.Flush();
        pacer.TakeFromServer(buffer.AsSpan(0, received.Value));
        return true;
    }

    private static void SendAll(int socket, ByteQueue bytes)
    {
        while (bytes.Length > 0)
        {
            var sent = Socket.Send(socket, bytes.Span);
            if (!sent.Failed)
            {
                bytes.Consume(sent.Value);
            }
            else if (!sent.WouldBlock || !DescriptorPoll.WaitWritable(socket, MaxWait))
            {
                throw new CommandFailure(ExitCode.TemporaryFailure, $"the session broke off: {sent}");
            }
        }
    }
}
