using Postern.Ipc.Control;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Role;

/// <summary>What every program is given: a loop, a log, and its line to posternd.</summary>
public sealed class ProgramContext
{
    private readonly Func<int> _control;

    /// <summary>Makes it; apart from tests only <see cref="ProgramHost"/> does.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="control">The number of the control socket.</param>
    public ProgramContext(EventLoop loop, EventLog log, Func<int> control)
    {
        Links = new StandingLinks(loop, log, Finish);
        Loop = loop;
        Log = log;
        _control = control;
    }

    /// <summary>The loop.</summary>
    public EventLoop Loop { get; }

    /// <summary>The log.</summary>
    public EventLog Log { get; }

    /// <summary>The channels whose final end is this program's end.</summary>
    public StandingLinks Links { get; }

    /// <summary>Takes the answer to a <see cref="ControlKind.DeliverRequest"/>; only <c>local</c> sets it.</summary>
    public Action<ControlPacket, Descriptor?>? DeliverAnswered { get; set; }

    /// <summary>The code that the program ends with.</summary>
    public int EndCode { get; private set; }

    /// <summary>Sends a packet to posternd; false when it does not read.</summary>
    public bool TellSupervisor(ControlPacket packet) => !packet.Send(_control()).Failed;

    /// <summary>Ends the program in good order.</summary>
    /// <param name="code">What it exits with.</param>
    public void Finish(int code = ExitCode.Success)
    {
        EndCode = code;
        Loop.Stop();
    }
}
