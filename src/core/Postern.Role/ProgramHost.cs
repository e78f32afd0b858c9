using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Ipc.Control;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Role.Confining;
using Postern.Role.Logging;

namespace Postern.Role;

/// <summary>The common rhythm of a program: be confined, take the slice and the sockets, start, say ready, loop, end with posternd.</summary>
public sealed class ProgramHost : IDisposable
{
    /// <summary>The largest configuration slice: ten thousand aliases with room to spare.</summary>
    internal const int MaxSlice = 64 * 1024 * 1024;

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    [SuppressMessage("Usage", "CA2213", Justification = "Open until the process is gone: posternd takes its closing for the end.")]
    private readonly Connection _control;
    private readonly ProgramContext _context;
    private readonly IProgram _program;
    private readonly Confine _confine;
    private readonly PlacesOfSlice? _placesOf;

    // What the program gets once it has started, in this order; null from then on.
    private Queue<Action>? _early = new();
    private IReadOnlyList<Place>? _places;
    private Walls _walls;
    private bool _stopping;

    private ProgramHost(string name, Func<ProgramContext, IProgram> create, ProgramSurroundings around)
    {
        _loop = new EventLoop(TimeProvider.System);
        _log = new EventLog(name, _loop, around.Log);
        _confine = around.Confine;
        _placesOf = around.Places;
        _control = new Connection(_loop, around.Control);
        _context = new ProgramContext(_loop, _log, () => _control.Number);
        _program = create(_context);
    }

    /// <summary>Runs a program until posternd ends it; the return value is its exit code.</summary>
    /// <param name="name">The program's name in logs.</param>
    /// <param name="declaration">What it may do; the kernel refuses it the rest.</param>
    /// <param name="create">Makes the program's own part.</param>
    public static int Run(string name, Declaration declaration, Func<ProgramContext, IProgram> create)
    {
        var confine = Threshold.Cross(declaration);
        return Run(name, create, ProgramSurroundings.Ordinary(confine, declaration.Places));
    }

    /// <summary>Runs a program that posternd does not talk to; the return value is its exit code.</summary>
    /// <param name="name">The program's name in messages.</param>
    /// <param name="declaration">What it may do; the kernel refuses it the rest.</param>
    /// <param name="run">The program, which is told which walls are missing.</param>
    public static int RunAlone(string name, Declaration declaration, Func<Walls, int> run)
    {
        var walls = Threshold.Cross(declaration)(out var breach);
        if (breach is not null)
        {
            _ = StandardError.TryWrite(Encoding.ASCII.GetBytes($"{name}: not confined: {breach}\n"));
            return ExitCode.System;
        }

        return run(Walls.All & ~walls);
    }

    /// <summary>The same in other surroundings than a process of its own, for tests.</summary>
    internal static int Run(string name, Func<ProgramContext, IProgram> create, ProgramSurroundings around)
    {
        using var host = new ProgramHost(name, create, around);
        try
        {
            if (host.Confine())
            {
                host._loop.Adopt(host.ReceiveAsync());
                host._loop.Run();
            }
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
    public void Dispose() => _loop.Dispose();

    /// <summary>Closes the walls before the first byte of anybody is read; false when they don't hold.</summary>
    private bool Confine()
    {
        _walls = _confine(out var breach);
        var missing = Walls.All & ~_walls;
        var entry = missing == Walls.None ? _log.Info("confined") : _log.Warning("confined");
        entry.Word("by", WallNames.Of(_walls)).Word("missing", WallNames.Of(missing)).Write();
        if (breach is not null)
        {
            _log.Error("not-confined").Quoted("reason", breach).Write();
            _context.Finish(ExitCode.System);
        }

        return breach is null;
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
                // posternd is gone, or speaks nonsense: nobody is left to serve for. Or somebody called this program by hand.
                if (!_stopping)
                {
                    _log.Error("no-supervisor").Quoted("hint", "posternd starts this program, and ends it").Write();
                }

                _context.Finish(_stopping ? ExitCode.Success : ExitCode.Unavailable);
                return;
            }
        }
    }

    /// <summary>Takes one packet: true when handled, null when none waits, false when the control channel is over.</summary>
    private bool? TakePacket()
    {
        var taken = ControlPacket.Receive(_control.Number, out var packet, out var passed);
        if (taken == true && !(passed is null ? Handle(packet) : Handle(packet, passed)))
        {
            passed?.Dispose();
            return false;
        }

        return taken;
    }

    /// <summary>Handles a packet that brings a descriptor.</summary>
    private bool Handle(ControlPacket packet, Descriptor passed)
    {
        switch (packet.Kind)
        {
            case ControlKind.Slice:
                return Configure(passed);
            case ControlKind.Listener:
                return OnceStarted(() => _program.Listen((int)packet.Number, passed));
            case ControlKind.Peer:
                return OnceStarted(() => _program.Connect(packet.Peer, passed));
            case ControlKind.DeliverAnswer when _context.DeliverAnswered is { } answered:
                answered(packet, passed);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Handles a packet that brings none.</summary>
    private bool Handle(ControlPacket packet)
    {
        switch (packet.Kind)
        {
            case ControlKind.Start:
                return Start(strict: packet.Number != 0);
            case ControlKind.Stop:
                Stop();
                return true;
            case ControlKind.RetireListener:
                return OnceStarted(() => _program.Retire((int)packet.Number));
            case ControlKind.DeliverAnswer when _context.DeliverAnswered is { } answered:
                answered(packet, null);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Does it, or keeps it until the start: nothing of others is to be read before it. Always true.</summary>
    private bool OnceStarted(Action act)
    {
        if (_early is null)
        {
            act();
        }
        else
        {
            _early.Enqueue(act);
        }

        return true;
    }

    private bool Configure(Descriptor slice)
    {
        using (slice)
        {
            if (MemoryFile.ReadAll(slice.Number, MaxSlice, out var bytes).Failed || (!GoesBeyond(bytes) && !_program.Configure(bytes)))
            {
                _log.Error("slice-refused").Write();
                return false;
            }

            return true;
        }
    }

    /// <summary>True when a new slice names places that the walls leave out: this program finishes its work, and is started anew for the rest.</summary>
    private bool GoesBeyond(ReadOnlySpan<byte> slice)
    {
        var places = _placesOf?.Invoke(slice) ?? [];
        _places ??= places;
        if ((_walls & (Walls.Files | Walls.SystemCalls)) == Walls.None || places.All(_places.Contains))
        {
            return false;
        }

        _log.Info("restarting").Quoted("reason", "the new configuration names other files").Write();
        Stop();
        return true;
    }

    private void Stop()
    {
        _stopping = true;
        _context.Links.Stop();
        _program.Stop();
    }

    private bool Start(bool strict)
    {
        var missing = Walls.All & ~_walls;
        if ((strict && missing != Walls.None ? "[security] strict = true, and this system lacks: " + WallNames.Of(missing) : _program.Start()) is { } problem)
        {
            _log.Error("start-failed").Quoted("reason", problem).Write();
            _context.Finish(ExitCode.System);
            return true;
        }

        var early = _early ?? [];
        _early = null;
        foreach (var act in early)
        {
            act();
        }

        return _context.TellSupervisor(new ControlPacket(ControlKind.Ready, (uint)_walls));
    }
}
