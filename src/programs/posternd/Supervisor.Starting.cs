using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Ipc.Wire;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>How a program is started and wired, and how a new configuration reaches all of them.</summary>
internal sealed partial class Supervisor
{
    private void StartDue()
    {
        foreach (var program in _programs)
        {
            if (program.State == ProgramState.Down && program.StartDue <= Now().Ticks && !Start(program))
            {
                var pause = program.Policy.AfterDeath(Now());
                if (pause is null)
                {
                    _exit = 71;
                    return;
                }

                program.StartDue = (Now() + pause.Value).Ticks;
            }
        }
    }

    private bool Start(RunningProgram program)
    {
        if (Socket.OpenPair(packets: true, out var ours, out var theirs).Failed)
        {
            return false;
        }

        using (theirs)
        {
            var started = Programs.Start(program.Entry, program.Account, [-1, -1, -1, theirs!.Number], []);
            if (started.Failed || ChildProcess.OpenWatch(started.Value, out var watch).Failed)
            {
                ours!.Dispose();
                Announce.Error("not-started", $"name={program.Entry.ShortName} error=\"{started}\"");
                return false;
            }

            program.Begin(started.Value, watch!, ours!);
        }

        return Equip(program);
    }

    /// <summary>Hands a fresh program its slice, its sockets and a channel to each living partner, who gets the other end.</summary>
    private bool Equip(RunningProgram program)
    {
        var good = Send(program, default(SliceFrame), _slices[program.Entry.Name]);
        foreach (var (index, socket) in SocketsOf(program.Entry.Name))
        {
            good = good && Send(program, new ListenerFrame(index), socket);
        }

        foreach (var partner in _programs)
        {
            if (partner.Control is not null && AreWired(program.Entry.Name, partner.Entry.Name))
            {
                good = good && Wire(program, partner);
            }
        }

        return good && Send(program, default(StartFrame), null);
    }

    private IEnumerable<(ushort Index, Descriptor Socket)> SocketsOf(ProgramName program) => program switch
    {
        ProgramName.Smtpd => _sockets.Ports,
        ProgramName.Queue => _sockets.Local.Select((socket, index) => ((ushort)index, socket)),
        _ => [],
    };

    private static bool AreWired(ProgramName one, ProgramName other) =>
        ProgramTable.Channels.Any(pair => pair == (one, other) || pair == (other, one));

    private static bool Wire(RunningProgram one, RunningProgram other)
    {
        if (Socket.OpenPair(packets: false, out var first, out var second).Failed)
        {
            return false;
        }

        using (first)
        using (second)
        {
            return Send(one, new PeerFrame(other.Entry.Name, 0), first) && Send(other, new PeerFrame(one.Entry.Name, 0), second);
        }
    }

    /// <summary>Sends a control frame; a program that does not take it has stopped reading and is ended.</summary>
    private static bool Send<T>(RunningProgram program, T frame, Descriptor? passed)
        where T : IFrame<T>
    {
        if (program.Control is { } control && !ControlPacket.Send(control.Number, frame, passed).Failed)
        {
            return true;
        }

        Distrust(program);
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
        var problem = fresh.Own.State != _slices.Own.State || fresh.Own.MailboxUser != _slices.Own.MailboxUser
            ? "the state folder and the owner of mailboxes change only by a restart"
            : StateFolders.Prepare(fresh.Own) ?? _sockets.Follow(fresh.Own.Listeners, opened, retired);
        if (problem is not null)
        {
            fresh.Dispose();
            Announce.Error("reload-refused", $"reason=\"{problem}; the old configuration stays in force\"");
            return;
        }

        _slices.Dispose();
        _slices = fresh;
        _deliveries.Follow(fresh.Own);
        foreach (var program in _programs.Where(program => program.Control is not null))
        {
            _ = Send(program, default(SliceFrame), fresh[program.Entry.Name]);
        }

        var smtpd = _programs.Single(program => program.Entry.Name == ProgramName.Smtpd);
        foreach (var (index, socket) in _sockets.Ports.Where(port => opened.Contains(port.Index)))
        {
            _ = Send(smtpd, new ListenerFrame(index), socket);
        }

        retired.ForEach(index => Send(smtpd, new RetireListenerFrame(index), null));
        Announce.Info("reloaded", $"opened={opened.Count} retired={retired.Count}");
    }
}
