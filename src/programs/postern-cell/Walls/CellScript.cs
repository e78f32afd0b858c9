using System.Buffers.Binary;
using System.Globalization;
using Postern.Posix.Confining;
using Postern.Posix.Processes;
using Postern.Role.Confining;

namespace Postern.Cell.Walls;

/// <summary>The way of a child from its birth to the execution of the program, all walls on it.</summary>
internal sealed class CellScript
{
    private const int Signals = 64;
    private const int SignalKill = 9;
    private const int SetParentDeathSignal = 1;
    private const int SetDumpable = 4;
    private const int DropFromBounding = 24;
    private const int SetNoNewPrivileges = 38;
    private const int Ambient = 47;
    private const int ClearAmbient = 4;
    private const int LastCapability = 40; // CAP_CHECKPOINT_RESTORE; a kernel without it says EINVAL
    private const nint SetModeFilter = 1;
    private const nint SetMask = 2;
    private const uint CapabilityVersion = 0x20080522;
    private const int FolderOnly = 0x10000;
    private const int FolderOnlyArm = 0x4000;

    private readonly CellPlan _plan;
    private readonly Machine _machine;
    private readonly StepWriter _steps;
    private readonly byte[] _password = Posix.RandomBytes.Take(24);

    /// <summary>Writes it.</summary>
    internal CellScript(CellPlan plan, Machine machine)
    {
        (_plan, _machine, _steps) = (plan, machine, new StepWriter(machine));
        if (plan.Namespaces != 0)
        {
            EnterNamespaces();
        }

        EndOfNamespaces = _steps.Script.Count;
        BecomeUser();
        LiveNoLongerThanWeDo();
        // A second later than the cell itself ends it: that one may be held up, by a terminal that nobody reads.
        _steps.Script.Seconds = plan.Order.Seconds + 1L;
        _steps.Split();
        BeginAfresh();
        CellLimits.Write(_steps, plan);
        CloseWalls();
        TryWalls();
        Execute();
    }

    /// <summary>What the child does.</summary>
    internal CallScript Script => _steps.Script;

    /// <summary>The steps before this one are about the namespace of users: where /proc is not mounted there is no way into it.</summary>
    internal int EndOfUsers { get; private set; }

    /// <summary>From here on the steps are about the root folder, up to <see cref="EndOfNamespaces"/>.</summary>
    internal int BeginOfRoot { get; private set; }

    /// <summary>Steps before this one are about namespaces: what a system does not have of them can be done without.</summary>
    internal int EndOfNamespaces { get; }

    /// <summary>The place of the execution.</summary>
    internal int Execution { get; private set; }

    /// <summary>What a step is for, as the end of "it can't …", or of "it can …" when it was to fail.</summary>
    internal string PurposeOf(int step) => _steps.PurposeOf(step);

    private void EnterNamespaces()
    {
        if ((_plan.Namespaces & Namespaces.Users) != 0)
        {
            // The same user inside as outside, and no other. Groups have to be given up first (user_namespaces(7)).
            _steps.Purpose = "make a namespace of users";
            WriteFile("/proc/self/setgroups", "deny");
            WriteFile("/proc/self/uid_map", string.Create(CultureInfo.InvariantCulture, $"{_plan.User.Uid} {_plan.User.Uid} 1\n"));
            WriteFile("/proc/self/gid_map", string.Create(CultureInfo.InvariantCulture, $"{_plan.User.Gid} {_plan.User.Gid} 1\n"));
        }

        EndOfUsers = _steps.Script.Count;
        _steps.Purpose = "name its host";
        _steps.Must(StepCalls.SetHostName, _steps.Script.Pin("cell"), 4);
        BeginOfRoot = _steps.Script.Count;
        if ((_plan.Namespaces & Namespaces.Mounts) != 0)
        {
            NewRoot.Write(_steps, CellPlace.Outermost(_plan.Places));
        }
    }

    private void WriteFile(string path, string text)
    {
        var opened = _steps.Must(StepCalls.OpenAt, StepWriter.Here, _steps.Script.Pin(path), 1);
        _steps.Script.PassOn(opened, _steps.Must(StepCalls.Write, 0, _steps.Script.Pin(text), text.Length));
    }

    private void BecomeUser()
    {
        _steps.Purpose = "give up its rights";
        for (var capability = 0; capability <= LastCapability; capability++)
        {
            _steps.Try(StepCalls.Prctl, DropFromBounding, capability);
        }

        if (_plan.User.IsNew)
        {
            _steps.Purpose = "become another user";
            _steps.Must(StepCalls.SetGroups, 0, 0);
            _steps.Must(StepCalls.SetResGid, (nint)_plan.User.Gid, (nint)_plan.User.Gid, (nint)_plan.User.Gid);
            // The saved one is the keeper's, by which he may end this process.
            _steps.Must(StepCalls.SetResUid, (nint)_plan.User.Uid, (nint)_plan.User.Uid, (nint)_plan.User.Keeper);
        }

        _steps.Purpose = "give up its rights";
        _steps.Try(StepCalls.Prctl, Ambient, ClearAmbient);
        var header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, CapabilityVersion);
        _steps.Must(StepCalls.Capset, _steps.Script.Pin(header), _steps.Script.Pin(new byte[24]));
        _steps.Must(StepCalls.Prctl, SetNoNewPrivileges, 1);
    }

    /// <summary>If we have died before the child asked to die with us, nobody reads its greeting, and the write fails.</summary>
    private void LiveNoLongerThanWeDo()
    {
        _steps.Purpose = "be sure of its end";
        _steps.Must(StepCalls.Prctl, SetParentDeathSignal, SignalKill);
        var note = new ChildNote { Kind = ChildNoteKind.Alive }.ToBytes();
        _steps.Must(StepCalls.Write, _plan.Descriptors.Report, _steps.Script.Pin(note), ChildNote.Size);
        _steps.Try(StepCalls.Prctl, SetDumpable, 0);
        _steps.Must(StepCalls.SetSession);
        _steps.Purpose = "take its descriptors";
        _steps.Must(StepCalls.Dup3, _plan.Descriptors.Input, 0, 0);
        _steps.Must(StepCalls.Dup3, _plan.Descriptors.Output, 1, 0);
        _steps.Must(StepCalls.Dup3, _plan.Descriptors.Error, 2, 0);
        CloseAllBut(_plan.Descriptors.Report, _plan.Rules);
        _steps.Purpose = "make a process";
    }

    // Of what the caller left open, too.
    private void CloseAllBut(params int[] kept)
    {
        var next = 3;
        foreach (var number in kept.Where(number => number >= 3).Order())
        {
            if (number > next)
            {
                _steps.Must(StepCalls.CloseRange, next, number - 1, 0);
            }

            next = number + 1;
        }

        _steps.Must(StepCalls.CloseRange, next, int.MaxValue, 0);
    }

    private void BeginAfresh()
    {
        if (_plan.User.IsNew)
        {
            _steps.Purpose = "become another user";
            _steps.Must(StepCalls.SetResUid, (nint)_plan.User.Uid, (nint)_plan.User.Uid, (nint)_plan.User.Uid);
        }

        _steps.Purpose = "begin afresh";
        _steps.Must(StepCalls.Prctl, SetParentDeathSignal, SignalKill);
        _steps.Must(StepCalls.Chdir, _steps.Script.Pin("/"));
        _steps.Must(StepCalls.Umask, 0x3f);
        // The runtime ignores broken pipes and takes other signals itself; what is ignored stays so over an execution.
        var ordinary = _steps.Script.Pin(new byte[32]);
        for (var signal = 1; signal <= Signals; signal++)
        {
            _steps.Try(StepCalls.SignalAction, signal, ordinary, 0, 8);
        }
    }

    private void CloseWalls()
    {
        if (_plan.Rules >= 0)
        {
            _steps.Purpose = "restrict itself to its files";
            _steps.Must(StepCalls.RestrictSelf, _plan.Rules, 0);
        }

        _steps.Purpose = "restrict itself to its system calls";
        var order = _plan.Order;
        var terms = new CellTerms(order.Processes > 0, _plan.Rules >= 0 || (_plan.Namespaces & Namespaces.Mounts) != 0, order.Reserve is not null, _password);
        var filter = FilterAssembler.Assemble(_machine, CellPolicy.Of(terms, _machine), Verdict.Allow);
        var program = _steps.Script.PinFilter(filter, out var first);
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] is { Code: FilterInstruction.JumpIfEqual, Operand: CellPolicy.OwnProcessMark })
            {
                _steps.Script.Keep(_steps.Must(StepCalls.GetPid), first + (8 * i) + 4);
            }
        }

        _steps.Must(StepCalls.Seccomp, SetModeFilter, 0, program);
    }

    /// <summary>What must not be possible any more is tried, by the process that becomes the program.</summary>
    private void TryWalls()
    {
        foreach (var (family, type) in new[] { (1, 1), (2, 1), (2, 2), (16, 3) })
        {
            _steps.Refused($"open a socket of family {family}", StepCalls.Socket, family, type, 0);
        }

        _steps.Refused("use io_uring", StepCalls.Ring, 1, 0);
        _steps.Refused("make a folder", StepCalls.MakeFolder, StepWriter.Here, _steps.Script.Pin("made-by-postern-cell"), 0x1c0);
        if (_plan.Rules >= 0)
        {
            _steps.Refused("list the root folder", StepCalls.OpenAt, StepWriter.Here, _steps.Script.Pin("/"), _machine.IsArm ? FolderOnlyArm : FolderOnly);
        }

        if (_plan.Order.Processes == 0)
        {
            // Flags that the kernel refuses as well, but otherwise (EINVAL); a file that is not there.
            _steps.Refused("make processes", StepCalls.Clone, 0x800);
            _steps.Refused("execute files", StepCalls.Execve, _steps.Script.Pin("/nonexistent"), 0, 0);
        }
    }

    private void Execute()
    {
        _steps.Purpose = "take signals";
        _steps.Must(StepCalls.SignalMask, SetMask, _steps.Script.Pin(new byte[8]), 0, 8);
        _steps.Purpose = "execute the program";
        var script = _steps.Script;
        Execution = _steps.Must(
            StepCalls.Execve, script.Pin(_plan.Found.Path), script.PinVector(_plan.Found.Arguments), script.PinVector(_plan.Environment),
            Word(0), Word(1), Word(2));
    }

    private nint Word(int at) => (nint)BinaryPrimitives.ReadInt64LittleEndian(_password.AsSpan(8 * at));
}
