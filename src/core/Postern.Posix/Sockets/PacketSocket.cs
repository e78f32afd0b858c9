namespace Postern.Posix.Sockets;

/// <summary>Packets over a SOCK_SEQPACKET pair, each with at most one descriptor riding along.</summary>
public static unsafe class PacketSocket
{
    /// <summary>Sends one packet, with a descriptor when one is given; the kernel duplicates it for the receiver.</summary>
    /// <returns>Success, or the errno: EAGAIN when the peer does not read.</returns>
    public static CallResult Send(int fd, ReadOnlySpan<byte> packet, Descriptor? passed)
    {
        fixed (byte* start = packet)
        {
            var piece = new SocketCalls.Piece { Start = start, Length = (nuint)packet.Length };
            var control = new SocketCalls.DescriptorMessage
            {
                Length = SocketCalls.DescriptorMessage.LengthOfOne,
                Level = SocketCalls.LevelSocket,
                Type = SocketCalls.DescriptorMessage.Rights,
                Number = passed?.Number ?? -1,
            };
            var message = new SocketCalls.MessageHeader { Pieces = &piece, PieceCount = 1 };
            if (passed is not null)
            {
                message.Control = (byte*)&control;
                message.ControlLength = (nuint)sizeof(SocketCalls.DescriptorMessage);
            }

            nint count;
            do
            {
                count = SocketCalls.SendMessage(fd, &message, SocketCalls.NoSignal | SocketCalls.DoNotWait);
            }
            while (count < 0 && CallResult.From(count).Error == Errno.Interrupted);
            return CallResult.From(count);
        }
    }

    /// <summary>Receives one packet and the descriptor that came with it, if any.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="buffer">Gets the packet.</param>
    /// <param name="passed">What came with it, for the caller to close.</param>
    /// <param name="peek">True to leave the packet there for the next who asks; the descriptor is a duplicate then.</param>
    /// <returns>The packet's length, 0 at the end, or the errno; EINVAL for a packet or control data that did not fit.</returns>
    public static CallResult Receive(int fd, Span<byte> buffer, out Descriptor? passed, bool peek = false)
    {
        passed = null;
        fixed (byte* start = buffer)
        {
            var piece = new SocketCalls.Piece { Start = start, Length = (nuint)buffer.Length };
            SocketCalls.DescriptorMessage control = default;
            var message = new SocketCalls.MessageHeader
            {
                Pieces = &piece,
                PieceCount = 1,
                Control = (byte*)&control,
                ControlLength = (nuint)sizeof(SocketCalls.DescriptorMessage),
            };
            nint count;
            do
            {
                count = SocketCalls.ReceiveMessage(fd, &message, SocketCalls.DoNotWait | SocketCalls.ReceiveCloseOnExec | (peek ? SocketCalls.Peek : 0));
            }
            while (count < 0 && CallResult.From(count).Error == Errno.Interrupted);

            if (count < 0)
            {
                return CallResult.From(count);
            }

            if (message.ControlLength >= SocketCalls.DescriptorMessage.LengthOfOne
                && control.Level == SocketCalls.LevelSocket && control.Type == SocketCalls.DescriptorMessage.Rights)
            {
                passed = new Descriptor(control.Number);
            }

            if ((message.Flags & (SocketCalls.ControlTruncated | SocketCalls.Truncated)) != 0)
            {
                passed?.Dispose();
                passed = null;
                return CallResult.Failure(Errno.InvalidArgument);
            }

            return CallResult.From(count);
        }
    }
}
