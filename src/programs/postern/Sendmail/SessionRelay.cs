using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Sendmail;

/// <summary>SMTP on standard input and output (sendmail -bs): the bytes pass to and from the server's own SMTP port.</summary>
internal static class SessionRelay
{
    private const int BufferSize = 16 * 1024;
    private const int StandardInput = 0;

    // A server on this host that does not take a connection or bytes for a minute is as good as down.
    private const int MaxWait = 60 * 1000;

    /// <summary>Relays until the server ends the session.</summary>
    internal static int Run(Invocation invocation)
    {
        var address = invocation.Load(Invocation.ConfigurationFile).SmtpListener
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
        var buffer = new byte[BufferSize];
        Span<int> watched = [StandardInput, socket];
        Span<bool> ready = stackalloc bool[watched.Length];
        while (true)
        {
            DescriptorPoll.WaitReadable(watched, ready, -1);
            if (ready[1])
            {
                var received = Socket.Receive(socket, buffer);
                if (received.WouldBlock)
                {
                    continue;
                }

                if (received.Failed || received.Value == 0)
                {
                    return;
                }

                invocation.Screen.Raw.Write(buffer.AsSpan(0, received.Value));
                invocation.Screen.Raw.Flush();
            }

            if (ready[0])
            {
                var count = invocation.Input.Read(buffer);
                if (count == 0)
                {
                    // The server still answers what it has got; then it ends the session.
                    _ = Socket.EndSending(socket);
                    watched[0] = -1;
                }
                else
                {
                    SendAll(socket, buffer.AsSpan(0, count));
                }
            }
        }
    }

    private static void SendAll(int socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = Socket.Send(socket, bytes);
            if (!sent.Failed)
            {
                bytes = bytes[sent.Value..];
            }
            else if (!sent.WouldBlock || !DescriptorPoll.WaitWritable(socket, MaxWait))
            {
                throw new CommandFailure(ExitCode.TemporaryFailure, $"the session broke off: {sent}");
            }
        }
    }
}
