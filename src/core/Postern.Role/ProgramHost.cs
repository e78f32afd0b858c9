using Postern.Ipc.Control;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Role;

/// <summary>The common rhythm of a program: take the slice and the sockets, start, confine, say ready, loop, end with posternd.</summary>
public sealed class ProgramHost : IDisposable
{
    /// <summary>The largest configuration slice: ten thousand aliases with room to spare.</summary>
    private const int MaxSlice = 64 * 1024 * 1024;

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly Connection _control;
    private readonly ProgramContext _context;
    private readonly IProgram _program;
    private bool _stopping;

    private ProgramHost(string name, Func<ProgramContext, IProgram> create)
    {
        _loop = new EventLoop(TimeProvider.System);
        _log = new EventLog(name, _loop);
        _control = new Connection(_loop, new Descriptor(ControlPacket.Number));
        _context = new ProgramContext(_loop, _log, () => _control.Number);
        _program = create(_context);
    }

    /// <summary>Runs a program until posternd ends it; the return value is its exit code.</summary>
    /// <param name="name">The program's name in logs.</param>
    /// <param name="create">Makes the program's own part.</param>
    public static int Run(string name, Func<ProgramContext, IProgram> create)
    {
        using var host = new ProgramHost(name, create);
        try
        {
            host._loop.Adopt(host.ReceiveAsync());
            host._loop.Run();
        }
        catch (Exception failure)
        {
            // Ours: say what it was and die; the supervisor starts a fresh one.
            host._log.Error("crashed").Quoted("error", failure.ToString()).Write();
            host._log.Flush();
            return ExitCode.Software;
        }

        host._log.Flush();
        return host._context.EndCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _control.Dispose();
        _loop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            var more = TakePacket();
            if (more is null)
            {
                if (await _control.WaitReadableAsync() != IoStatus.Done)
                {
                    more = false;
                }
                else
                {
                    continue;
                }
            }

            if (more == false)
            {
                // posternd is gone, or speaks nonsense: nobody is left to serve for.
                _context.Finish(_stopping ? ExitCode.Success : ExitCode.Unavailable);
                return;
            }
        }
    }

    /// <summary>Takes one packet: true when handled, null when none waits, false when the control channel is over.</summary>
    private bool? TakePacket()
    {
        Span<byte> packet = stackalloc byte[ControlPacket.MaxSize];
        var received = PacketSocket.Receive(_control.Number, packet, out var passed);
        if (received.WouldBlock)
        {
            return null;
        }

        return !received.Failed && received.Value > 0
            && ControlPacket.TrySplit(packet[..received.Value], out var type, out var reader)
            && Handle(type, ref reader, passed);
    }

    private bool Handle(ushort type, ref FrameReader reader, Descriptor? passed)
    {
        if (type == SliceFrame.Type)
        {
            return passed is not null && SliceFrame.TryRead(ref reader, out _) && Configure(passed);
        }

        if (type == ListenerFrame.Type)
        {
            if (passed is null || !ListenerFrame.TryRead(ref reader, out var listener))
            {
                return false;
            }

            _program.Listen(listener.Index, passed);
            return true;
        }

        if (type == PeerFrame.Type)
        {
            if (passed is null || !PeerFrame.TryRead(ref reader, out var peer))
            {
                return false;
            }

            _program.Connect(peer.Peer, passed);
            return true;
        }

        return HandleWithoutDescriptor(type, ref reader, passed);
    }

    private bool HandleWithoutDescriptor(ushort type, ref FrameReader reader, Descriptor? passed)
    {
        if (type == StartFrame.Type)
        {
            return StartFrame.TryRead(ref reader, out _) && Start();
        }

        if (type == StopFrame.Type && StopFrame.TryRead(ref reader, out _))
        {
            _stopping = true;
            _program.Stop();
            return true;
        }

        if (type == RetireListenerFrame.Type && RetireListenerFrame.TryRead(ref reader, out var retired))
        {
            _program.Retire(retired.Index);
            return true;
        }

        if (type == DeliverAnswerFrame.Type && DeliverAnswerFrame.TryRead(ref reader, out var answer)
            && _context.DeliverAnswered is { } answered)
        {
            answered(answer, passed);
            return true;
        }

        return false;
    }

    private bool Configure(Descriptor slice)
    {
        using (slice)
        {
            if (MemoryFile.ReadAll(slice.Number, MaxSlice, out var bytes).Failed || !_program.Configure(bytes))
            {
                _log.Error("slice-refused").Write();
                return false;
            }

            return true;
        }
    }

    private bool Start()
    {
        if (_program.Start() is { } problem)
        {
            _log.Error("start-failed").Quoted("reason", problem).Write();
            _context.Finish(ExitCode.System);
            return true;
        }

        _log.Info("confined").Word("by", Confinement.Enter()).Write();
        return _context.TellSupervisor(default(ReadyFrame));
    }
}
