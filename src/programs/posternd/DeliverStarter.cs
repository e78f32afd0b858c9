using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>Starts <c>deliver</c> for one named user when <c>local</c> asks: never for root, never for a system account.</summary>
internal sealed class DeliverStarter(SupervisorSlice configuration)
{
    /// <summary>Users with a living deliver at one time; more have to wait. Arbitrary: a process each.</summary>
    private const int MaxLiving = 200;

    private readonly List<(int Pid, Descriptor Watch, Descriptor Control)> _living = [];
    private SupervisorSlice _configuration = configuration;

    /// <summary>Readable when one has ended.</summary>
    internal IEnumerable<int> Watches => _living.Select(one => one.Watch.Number);

    /// <summary>Takes a new configuration.</summary>
    internal void Follow(SupervisorSlice configuration) => _configuration = configuration;

    /// <summary>Starts one.</summary>
    /// <param name="name">A system user, or empty for the owner of the virtual mailboxes.</param>
    /// <param name="slices">The configuration in force.</param>
    /// <param name="channel">The asker's end of the channel to it.</param>
    internal DeliverStart Start(string name, SliceSet slices, out Descriptor? channel)
    {
        channel = null;
        var verdict = Judge(name, out var account);
        if (verdict != DeliverStart.Started)
        {
            return verdict;
        }

        if (_living.Count >= MaxLiving
            || Socket.OpenPair(packets: true, out var ours, out var theirs).Failed)
        {
            return DeliverStart.Unavailable;
        }

        using (theirs)
        {
            var started = Programs.Start(ProgramTable.Deliver, account, [-1, -1, -1, theirs!.Number], []);
            if (started.Failed || ChildProcess.OpenWatch(started.Value, out var watch).Failed)
            {
                ours!.Dispose();
                return DeliverStart.Unavailable;
            }

            _living.Add((started.Value, watch!, ours!));
        }

        return Equip(ours!, slices, out channel) ? DeliverStart.Started : DeliverStart.Unavailable;
    }

    /// <summary>Takes the ends of those that went away; an idle one leaves by itself.</summary>
    internal void TakeEnds()
    {
        for (var i = _living.Count - 1; i >= 0; i--)
        {
            if (ChildProcess.Reap(_living[i].Pid, wait: false, out _).Value != 0)
            {
                _living[i].Watch.Dispose();
                _living[i].Control.Dispose();
                _living.RemoveAt(i);
            }
        }
    }

    /// <summary>Ends them all: those that wait for work notice at once, the others when their control channel closes.</summary>
    internal void CloseAll()
    {
        foreach (var (_, _, control) in _living)
        {
            control.Dispose();
        }
    }

    /// <summary>Decides whom mail may be delivered as (SECURITY F7); the name comes from <c>local</c> and is not trusted.</summary>
    private DeliverStart Judge(string name, out SystemUser? account)
    {
        account = null;
        var own = OwnProcess.User;
        if (name.Length == 0)
        {
            account = own == 0 ? Programs.FindUser(_configuration.MailboxUser) : null;
            return own != 0 || account is { Uid: not 0 } ? DeliverStart.Started : DeliverStart.NoUser;
        }

        var user = Programs.FindUser(name);
        if (!_configuration.SystemUsers || user is null)
        {
            return DeliverStart.NoUser;
        }

        account = user;
        if (own != 0)
        {
            return user.Uid == own ? DeliverStart.Started : DeliverStart.Forbidden;
        }

        return user.Uid is >= PasswordFile.FirstPersonUid and not PasswordFile.NobodyUid && user.Gid != 0
            ? DeliverStart.Started
            : DeliverStart.Forbidden;
    }

    private static bool Equip(Descriptor control, SliceSet slices, out Descriptor? channel)
    {
        channel = null;
        if (Socket.OpenPair(packets: false, out channel, out var theirs).Failed)
        {
            return false;
        }

        using (theirs)
        {
            return !ControlPacket.Send(control.Number, default(SliceFrame), slices[ProgramName.Deliver]).Failed
                && !ControlPacket.Send(control.Number, new PeerFrame(ProgramName.Local, 0), theirs).Failed
                && !ControlPacket.Send(control.Number, default(StartFrame), null).Failed;
        }
    }
}
