namespace Postern.Posix.Sockets;

/// <summary>Packets over a SOCK_SEQPACKET pair, with descriptors riding along.</summary>
public static unsafe class PacketSocket
{
    /// <summary>What sendmsg(2) is called with: MSG_NOSIGNAL and MSG_DONTWAIT.</summary>
    public const int SendingFlags = SocketCalls.NoSignal | SocketCalls.DoNotWait;

    /// <summary>Sends one packet, with a descriptor when one is given; the kernel duplicates it for the receiver.</summary>
    /// <returns>Success, or the errno: EAGAIN when the peer does not read.</returns>
    public static CallResult Send(int fd, ReadOnlySpan<byte> packet, Descriptor? passed)
    {
        var control = new SocketCalls.DescriptorMessage
        {
            Length = SocketCalls.DescriptorMessage.LengthOfOne,
            Level = SocketCalls.LevelSocket,
            Type = SocketCalls.DescriptorMessage.Rights,
            First = passed?.Number ?? -1,
        };
        return Send(fd, packet, passed is null ? null : &control);
    }

    /// <summary>Sends one packet with two descriptors; the kernel duplicates both for the receiver.</summary>
    /// <inheritdoc cref="Send(int, ReadOnlySpan{byte}, Descriptor?)" path="/returns"/>
    public static CallResult Send(int fd, ReadOnlySpan<byte> packet, Descriptor first, Descriptor second)
    {
        var control = new SocketCalls.DescriptorMessage
        {
            Length = SocketCalls.DescriptorMessage.LengthOfTwo,
            Level = SocketCalls.LevelSocket,
            Type = SocketCalls.DescriptorMessage.Rights,
            First = first.Number,
            Second = second.Number,
        };
        return Send(fd, packet, &control);
    }

    /// <summary>Receives one packet and the descriptor that came with it, if any.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="buffer">Gets the packet.</param>
    /// <param name="passed">What came with it, for the caller to close.</param>
    /// <param name="peek">True to leave the packet there for the next who asks; the descriptor is a duplicate then.</param>
    /// <returns>The packet's length, 0 at the end, or the errno; EINVAL for a packet or control data that did not fit.</returns>
    public static CallResult Receive(int fd, Span<byte> buffer, out Descriptor? passed, bool peek = false)
    {
        var received = Receive(fd, buffer, out passed, out var surplus, peek);
        if (surplus is null)
        {
            return received;
        }

        surplus.Dispose();
        passed?.Dispose();
        passed = null;
        return CallResult.Failure(Errno.InvalidArgument);
    }

    /// <summary>Receives one packet and the descriptors that came with it, two at most.</summary>
    /// <inheritdoc cref="Receive(int, Span{byte}, out Descriptor?, bool)"/>
    /// <param name="fd">The socket.</param>
    /// <param name="buffer">Gets the packet.</param>
    /// <param name="first">The first that came with it, for the caller to close.</param>
    /// <param name="second">The second, for the caller to close.</param>
    /// <param name="peek">True to leave the packet there for the next who asks; the descriptors are duplicates then.</param>
    public static CallResult Receive(int fd, Span<byte> buffer, out Descriptor? first, out Descriptor? second, bool peek = false)
    {
        (first, second) = (null, null);
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

            var carries = message.ControlLength >= SocketCalls.DescriptorMessage.LengthOfOne
                && control.Level == SocketCalls.LevelSocket && control.Type == SocketCalls.DescriptorMessage.Rights;
            first = carries ? new Descriptor(control.First) : null;
            second = carries && control.Length >= SocketCalls.DescriptorMessage.LengthOfTwo ? new Descriptor(control.Second) : null;
            if ((message.Flags & (SocketCalls.ControlTruncated | SocketCalls.Truncated)) != 0)
            {
                first?.Dispose();
                second?.Dispose();
                (first, second) = (null, null);
                return CallResult.Failure(Errno.InvalidArgument);
            }

            return CallResult.From(count);
        }
    }

    private static CallResult Send(int fd, ReadOnlySpan<byte> packet, SocketCalls.DescriptorMessage* control)
    {
        fixed (byte* start = packet)
        {
            var piece = new SocketCalls.Piece { Start = start, Length = (nuint)packet.Length };
            var message = new SocketCalls.MessageHeader { Pieces = &piece, PieceCount = 1 };
            if (control is not null)
            {
                message.Control = (byte*)control;
                message.ControlLength = (nuint)sizeof(SocketCalls.DescriptorMessage);
            }

            nint count;
            do
            {
                count = SocketCalls.SendMessage(fd, &message, SendingFlags);
            }
            while (count < 0 && CallResult.From(count).Error == Errno.Interrupted);
            return CallResult.From(count);
        }
    }
}
