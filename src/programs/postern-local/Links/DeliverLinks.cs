using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Local.Deliveries;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Local.Links;

/// <summary>The users' delivers: one channel each, opened by posternd when the first message for the user comes.</summary>
internal sealed class DeliverLinks
{
    /// <summary>Delivers at one time; posternd refuses more than 200, and counts those that are still ending.</summary>
    internal const int MaxLinks = 150;

    /// <summary>
    /// How long an idle one is kept. It ends by itself after 30 seconds; closing it earlier from this side means that no
    /// message is ever sent to one that is about to end.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, DeliverLink> _links = [];
    private readonly Dictionary<uint, DeliverLink> _asked = [];
    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly Func<ControlPacket, bool> _ask;
    private readonly LoopTimer _idle;
    private uint _next;

    /// <summary>Makes them.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="ask">Asks posternd; false when it does not listen.</param>
    internal DeliverLinks(EventLoop loop, EventLog log, Func<ControlPacket, bool> ask)
    {
        (_loop, _log, _ask) = (loop, log, ask);
        _idle = loop.CreateTimer(CloseIdle);
    }

    /// <summary>Hands a copy to its user's deliver, starting that when it does not run.</summary>
    internal void HandOver(UserCopy copy)
    {
        if (!_links.TryGetValue(copy.User, out var link))
        {
            if (!MakeRoom())
            {
                copy.Fail(Results.TooManyUsers);
                return;
            }

            link = new DeliverLink(this, copy.User);
            if (!_ask(new ControlPacket(ControlKind.DeliverRequest, ++_next, User: copy.User)))
            {
                copy.Fail(Results.Of(DeliverStart.Unavailable));
                return;
            }

            _asked.Add(_next, link);
            _links.Add(copy.User, link);
        }

        link.Take(copy);
    }

    /// <summary>Takes posternd's answer.</summary>
    internal void Answered(ControlPacket answer, Descriptor? channel)
    {
        if (!_asked.Remove(answer.Number, out var link))
        {
            channel?.Dispose();
            return;
        }

        if (answer.Outcome == DeliverStart.Started && channel is not null)
        {
            link.Join(new Channel(_loop, channel, link));
            return;
        }

        channel?.Dispose();
        _log.Warning("deliver-refused").Quoted("user", link.User).Word("reason", answer.Outcome.ToString()).Write();
        _links.Remove(link.User);
        link.Refuse(Results.Of(answer.Outcome));
    }

    /// <summary>A deliver is gone.</summary>
    internal void Ended(DeliverLink link, bool hostile)
    {
        if (hostile)
        {
            _log.Warning("peer-refused").Word("peer", "deliver").Quoted("user", link.User).Write();
        }

        // Another may have been started for the user since.
        if (_links.TryGetValue(link.User, out var current) && current == link)
        {
            _links.Remove(link.User);
        }
    }

    /// <summary>A deliver has nothing to do; returns the loop's time.</summary>
    internal long Rested()
    {
        if (!_idle.IsSet)
        {
            _idle.Set(Patience);
        }

        return _loop.Now;
    }

    private bool MakeRoom()
    {
        if (_links.Count < MaxLinks)
        {
            return true;
        }

        var oldest = _links.Values.Where(link => link.IsIdle).MinBy(link => link.IdleSince);
        if (oldest is not null)
        {
            Close(oldest);
        }

        return oldest is not null;
    }

    private void CloseIdle()
    {
        var next = long.MaxValue;
        foreach (var link in _links.Values.Where(link => link.IsIdle).ToList())
        {
            var due = link.IdleSince + Patience.Ticks;
            if (due <= _loop.Now)
            {
                Close(link);
            }
            else
            {
                next = Math.Min(next, due);
            }
        }

        if (next != long.MaxValue)
        {
            _idle.Set(TimeSpan.FromTicks(next - _loop.Now));
        }
    }

    private void Close(DeliverLink link)
    {
        _links.Remove(link.User);
        link.Close();
    }
}
