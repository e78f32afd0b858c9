using Postern.Cell.Arguments;
using Postern.Cell.Programs;
using Postern.Cell.Walls;
using Postern.Posix;
using Postern.Posix.Confining;
using Postern.Posix.Processes;
using Postern.Role.Confining;

namespace Postern.Cell.Running;

/// <summary>Builds a cell around a program, runs it there, and says how it ended.</summary>
internal sealed class Cell(CellOrder order, FoundProgram found, Machine machine, Action<string> say)
{
    /// <summary>The wall that Landlock is.</summary>
    internal const string Files = "files";

    /// <summary>The wall that namespaces are.</summary>
    internal const string Separate = "namespaces";

    /// <summary>The wall that a root folder of its own is: the names of files that it does not get are not there.</summary>
    internal const string Root = "root";

    private readonly CellUser _user = CellUser.Own();
    private readonly IReadOnlyList<CellPlace> _places = CellPlace.Of(order, found);
    private readonly List<string> _missing = [];
    private CellScript? _script;

    /// <summary>The walls that this system lacks.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>Runs the program.</summary>
    /// <param name="given">Which of the descriptors 0, 1 and 2 the caller gave us.</param>
    /// <param name="relays">What passed its bytes on; none when it did not begin.</param>
    /// <param name="peak">The largest resident set that it had, in KiB.</param>
    internal CellEnd Run(ReadOnlySpan<bool> given, out Relay[] relays, out long peak)
    {
        (relays, peak) = ([], 0);
        using var rules = Rules();
        if (rules is null)
        {
            _missing.Add(Files);
        }

        var pipes = new CellPipes();
        if (Obstacle(pipes) is { } obstacle)
        {
            return NoWalls(obstacle);
        }

        var plan = new CellPlan
        {
            Order = order,
            Found = found,
            Places = _places,
            User = _user,
            Rules = rules?.Number ?? -1,
        };
        if (Start(plan, pipes, out var child) is { } problem)
        {
            return problem;
        }

        foreach (var place in _places)
        {
            place.Open?.Dispose();
        }

        if (_missing.Count > 0)
        {
            say($"missing here: {string.Join(", ", _missing)}");
        }

        relays = pipes.Join(given, order.Output, closesOutput: order.Report != 1);
        if (Confine(child) is { } open)
        {
            _ = ChildProcess.Signal(child, ChildProcess.SignalKill);
            return NoWalls(open);
        }

        var watch = new Watch(order, child, pipes.Notes, TimeProvider.System);
        var result = watch.Run(relays);
        peak = watch.Peak;
        return watch.Stopped is { } stopped ? Judge(stopped) : result;
    }

    /// <summary>Why there is no use in beginning; else null.</summary>
    private string? Obstacle(CellPipes pipes)
    {
        if (order.Processes > 0 && _user is { IsNew: true, IsAlone: false })
        {
            return "processes can't be counted: root has no users of its own to give away here";
        }

        if (_missing.Count > 0 && order.Strict)
        {
            return $"missing here: {string.Join(", ", _missing)}";
        }

        return pipes.Open() is { Failed: true } failed ? $"it can't make a pipe: {failed}" : null;
    }

    private Landlock? Rules()
    {
        var version = Landlock.Version;
        if (version.Failed || Landlock.Begin(version.Value, mayConnect: false, out var rules).Failed)
        {
            return null;
        }

        foreach (var place in _places)
        {
            _ = place.Open is { } open ? rules!.Grant(open, place.Rights) : rules!.Grant(place.Path, place.Rights);
        }

        return rules;
    }

    /// <summary>Starts the child, in namespaces where they are to be had; null when it has come as far as the greeting.</summary>
    private CellEnd? Start(CellPlan plan, CellPipes pipes, out int child)
    {
        var namespaces = Namespaces.For(plan.User);
        while (true)
        {
            child = 0;
            if (pipes.OpenNotes() is { Failed: true } failed)
            {
                return NoWalls($"it can't make a pipe: {failed}");
            }

            _script = new CellScript(plan with { Namespaces = namespaces, Descriptors = pipes.Child }, machine);
            var started = ScriptedChild.Start(_script.Script, namespaces, pipes.Child.Report);
            pipes.LeaveNotes();
            child = started.Failed ? 0 : started.Value;
            var killed = false;
            var note = started.Failed ? default : FirstNote(pipes.Notes, child, out killed);
            if (note.Kind == ChildNoteKind.Alive)
            {
                return null;
            }

            var reason = started.Failed ? $"it can't make a process of its own: {started}" : Judge(note).Message;
            if (namespaces == 0 || !(started.Failed ? Namespaces.AreLacking(started.Error) : killed || IsLacking(note)))
            {
                return NoWalls(reason);
            }

            // Where only the root folder is not to be had, the others still are.
            var isRoot = !started.Failed && !killed && note.Call >= _script.BeginOfRoot && (namespaces & Namespaces.Mounts) != 0;
            namespaces = isRoot ? namespaces & ~Namespaces.Mounts : 0;
            _missing.Remove(Root);
            _missing.Add(isRoot ? Root : Separate);
            if (order.Strict || (order.Processes > 0 && !isRoot))
            {
                return NoWalls($"missing here: {string.Join(", ", _missing)} ({reason}){(order.Processes > 0 && !isRoot ? ", without which processes can't be counted" : "")}");
            }
        }
    }

    /// <summary>Whether a child stopped where this system does not let it have a wall that it can do without.</summary>
    private bool IsLacking(ChildNote note) =>
        note.Kind == ChildNoteKind.Stopped && note.Call < _script!.EndOfNamespaces
        && (Namespaces.Forbid(note.Value) || (note.Value == Errno.NoEntry && note.Call < _script.EndOfUsers));

    /// <summary>What a child says first, which is dead by the time if it is not the greeting.</summary>
    /// <param name="notes">Where it comes from.</param>
    /// <param name="child">The child.</param>
    /// <param name="forbidden">True when it was ended for a system call that it may not make: our caller has a filter around us.</param>
    private static ChildNote FirstNote(Descriptor notes, int child, out bool forbidden)
    {
        forbidden = false;
        var bytes = new byte[ChildNote.Size];
        var read = DescriptorBytes.Read(notes.Number, bytes);
        var note = read.Value == bytes.Length ? ChildNote.Read(bytes) : default;
        if (note.Kind != ChildNoteKind.Alive)
        {
            _ = ChildProcess.Signal(child, ChildProcess.SignalKill);
            _ = ChildProcess.Reap(child, wait: true, out var end);
            forbidden = !end.Exited && end.Signal == CellEnd.SignalCall;
        }

        return note;
    }

    /// <summary>Confines ourselves: whoever takes us over by what the program writes can pass bytes on, end the program, and nothing else.</summary>
    /// <returns>Null, or what did not work.</returns>
    private string? Confine(int child)
    {
        if (_user.IsNew && (OwnProcess.BecomeUser(_user.Keeper, _user.Keeper).Failed || OwnProcess.User != _user.Keeper))
        {
            return "the cell can't give up being root";
        }

        _ = OwnProcess.RefuseNewPrivileges();
        _ = OwnProcess.RefuseTracing();
        _ = Capabilities.DropAll();
        IEnumerable<CallRule> rules =
        [
            // First, so that it is this rule that counts: the reader of our standard output sees its end when the program's came.
            new CallRule(machine.NumberOf(StepCalls.Close), Verdict.Allow),
            .. CallPolicy.Of(Declaration.Nothing, machine, (uint)Environment.ProcessId),
            new CallRule(machine.NumberOf(StepCalls.Wait), Verdict.Allow, [[new ArgumentTest(0, (uint)child)]], Verdict.Refuse),
            new CallRule(
                machine.NumberOf(StepCalls.Kill), Verdict.Allow,
                [[new ArgumentTest(0, (uint)child)], [new ArgumentTest(0, unchecked((uint)-child))]], Verdict.Refuse),
        ];
        var installed = CallFilter.Install(FilterAssembler.Assemble(machine, rules));
        return installed.Failed ? $"the cell can't restrict itself: {installed}" : null;
    }

    /// <summary>What a child that did not arrive means.</summary>
    private CellEnd Judge(ChildNote note)
    {
        var purpose = _script!.PurposeOf(note.Call);
        if (note.Kind != ChildNoteKind.Stopped)
        {
            return NoWalls("its child ended on the way");
        }

        if (note.Call == _script.Execution)
        {
            return new CellEnd(
                EndCause.NotExecuted, note.Value == Errno.NoEntry ? EndCode.NotFound : EndCode.NotExecutable,
                $"{found.Path}: {Errno.Describe(note.Value)}{(_user.IsNew && note.Value == Errno.AccessDenied ? " (everybody has to be able to execute it)" : "")}");
        }

        return NoWalls(note.Value == 0 ? $"it can {purpose}" : $"it can't {purpose}: {Errno.Describe(note.Value)}");
    }

    private static CellEnd NoWalls(string message) => new(EndCause.Walls, EndCode.NoWalls, message);
}
