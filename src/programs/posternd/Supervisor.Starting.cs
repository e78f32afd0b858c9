using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>How a program is started and wired, and how a new configuration reaches all of them.</summary>
internal sealed partial class Supervisor
{
    /// <summary>Users with a living deliver at one time; more have to wait. Arbitrary: a process each.</summary>
    private const int MaxDelivers = 200;

    private void StartDue()
    {
        foreach (var program in _programs.Where(program => program.State == ProgramState.Down && program.StartDue <= Now()))
        {
            if (!program.Launch())
            {
                Postpone(program, "it could not be started", 71);
            }
            else if (!Equip(program))
            {
                TakeEnd(program);
            }
        }
    }

    /// <summary>Hands a fresh program its slice, its sockets and a channel to each living partner, who gets the other end.</summary>
    /// <param name="program">The fresh one.</param>
    /// <param name="local">The program that asked for it, and the end of a channel to that.</param>
    private bool Equip(RunningProgram program, (RunningProgram Partner, Descriptor End)? local = null)
    {
        // The slice first: the program looks at it before anything else, for the files that it names.
        var good = program.Send(new ControlPacket(ControlKind.Slice), _slices[program.Entry.Name])
            && (local is not { } asked || program.Send(Peer(asked.Partner), asked.End));
        foreach (var (index, socket) in SocketsOf(program.Entry.Name))
        {
            good = good && program.Send(new ControlPacket(ControlKind.Listener, index), socket);
        }

        foreach (var partner in _programs.Where(partner => partner.Pid != 0))
        {
            good = good && (ChannelOf(program, partner) is not { } channel || Wire(program, partner, channel.Packets));
        }

        return good && program.Send(new ControlPacket(ControlKind.Start, _slices.Own.Strict ? 1u : 0u));
    }

    private IEnumerable<(ushort Index, Descriptor Socket)> SocketsOf(ProgramName program) => program switch
    {
        ProgramName.Smtpd or ProgramName.Acme => _sockets.PortsOf(program),
        ProgramName.Queue => _sockets.Local.Select((socket, index) => ((ushort)index, socket)),
        _ => [],
    };

    private static ChannelEntry? ChannelOf(RunningProgram one, RunningProgram other) =>
        ProgramTable.Channels.FirstOrDefault(channel => channel.Joins(one.Entry.Name, other.Entry.Name));

    /// <summary>Makes a channel between a fresh program and a partner; false when the fresh one does not take its end.</summary>
    private bool Wire(RunningProgram program, RunningProgram partner, bool packets)
    {
        if (Socket.OpenPair(packets, out var first, out var second).Failed)
        {
            return false;
        }

        using (first)
        using (second)
        {
            if (!partner.Send(Peer(program), second))
            {
                TakeEnd(partner); // Its successor is wired to us.
                return true;
            }

            return program.Send(Peer(partner), first);
        }
    }

    private static ControlPacket Peer(RunningProgram program) => new(ControlKind.Peer, Detail: (byte)program.Entry.Name);

    /// <summary>Starts a deliver because <c>local</c> asked, and answers; false when local does not take the answer.</summary>
    private bool StartDeliver(RunningProgram local, ControlPacket asked)
    {
        var outcome = DeliverRules.Judge(asked.User, _slices.Own, OwnProcess.User, Programs.FindUser, out var account);
        Descriptor? channel = null;
        if (outcome == DeliverStart.Started && !TryStartDeliver(new RunningProgram(ProgramTable.Deliver, account), local, out channel))
        {
            outcome = DeliverStart.Unavailable;
        }

        using (channel)
        {
            return local.Send(new ControlPacket(ControlKind.DeliverAnswer, asked.Number, (byte)outcome), channel);
        }
    }

    private bool TryStartDeliver(RunningProgram deliver, RunningProgram local, out Descriptor? channel)
    {
        channel = null;
        if (_delivers.Count >= MaxDelivers || Socket.OpenPair(packets: false, out var ours, out var theirs).Failed)
        {
            return false;
        }

        using (theirs)
        {
            if (deliver.Launch() && Equip(deliver, (local, theirs!)))
            {
                _delivers.Add(deliver);
                channel = ours;
                return true;
            }
        }

        ours!.Dispose();
        TakeEnd(deliver);
        return false;
    }

    private void Reload()
    {
        var fresh = SliceSet.Load(_file, out _);
        if (fresh is null)
        {
            Announce.Error("reload-refused", "reason=\"the old configuration stays in force\"");
            return;
        }

        List<ushort> opened = [];
        List<ushort> retired = [];
        var problem = fresh.Own.State != _slices.Own.State || fresh.Own.MailboxUser != _slices.Own.MailboxUser || !fresh.Own.OfAcme.SequenceEqual(_slices.Own.OfAcme)
            ? "the state folder, the owner of mailboxes, and whether and where acme listens change only by a restart"
            : Fault(fresh.Own) ?? StateFolders.Prepare(fresh.Own) ?? _sockets.Follow(fresh.Own.Listeners, opened, retired);
        if (problem is not null)
        {
            fresh.Dispose();
            Announce.Error("reload-refused", $"reason=\"{problem}; the old configuration stays in force\"");
            return;
        }

        _slices.Dispose();
        _slices = fresh;
        foreach (var program in _programs.Concat(_delivers).ToList())
        {
            Tell(program, new ControlPacket(ControlKind.Slice), fresh[program.Entry.Name]);
        }

        var smtpd = _programs.Single(program => program.Entry.Name == ProgramName.Smtpd);
        foreach (var (index, socket) in _sockets.PortsOf(ProgramName.Smtpd).Where(port => opened.Contains(port.Index)))
        {
            Tell(smtpd, new ControlPacket(ControlKind.Listener, index), socket);
        }

        retired.ForEach(index => Tell(smtpd, new ControlPacket(ControlKind.RetireListener, index), null));
        Announce.Info("reloaded", $"opened={opened.Count} retired={retired.Count}");
    }

    /// <summary>Tells a running program something new; one that has stopped reading is ended, and started with all that is new.</summary>
    private void Tell(RunningProgram program, ControlPacket packet, Descriptor? passed)
    {
        if (program.Pid != 0 && !program.Send(packet, passed))
        {
            TakeEnd(program);
        }
    }
}
