using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Local.Deliveries;
using Postern.Posix;
using Postern.Role;

namespace Postern.Local.Links;

/// <summary>The users' delivers: one channel each, opened by posternd when the first message for the user comes.</summary>
internal sealed class DeliverLinks
{
    private readonly ProgramContext _context;
    private readonly Dictionary<string, DeliverLink> _links = [];
    private readonly Dictionary<uint, string> _asked = [];
    private uint _next;

    internal DeliverLinks(ProgramContext context)
    {
        _context = context;
        context.DeliverAnswered = Answered;
    }

    /// <summary>Hands a copy to its user's deliver, starting that when it does not run.</summary>
    internal void HandOver(UserCopy copy)
    {
        if (!_links.TryGetValue(copy.User, out var link))
        {
            link = new DeliverLink(_context.Log, () => _links.Remove(copy.User));
            _links.Add(copy.User, link);
            _asked.Add(++_next, copy.User);
            if (!_context.TellSupervisor(new DeliverRequestFrame(_next, copy.User)))
            {
                _asked.Remove(_next);
                _links.Remove(copy.User);
                copy.Fail(Results.Of(DeliverStart.Unavailable));
                return;
            }
        }

        link.Take(copy);
    }

    private void Answered(DeliverAnswerFrame answer, Descriptor? channel)
    {
        if (!_asked.Remove(answer.Id, out var user) || !_links.TryGetValue(user, out var link))
        {
            channel?.Dispose();
            return;
        }

        if (answer.Outcome == DeliverStart.Started && channel is not null)
        {
            link.Join(new Channel(_context.Loop, channel, link));
            return;
        }

        channel?.Dispose();
        _context.Log.Warning("deliver-refused").Quoted("user", user).Word("reason", answer.Outcome.ToString()).Write();
        _links.Remove(user);
        link.Refuse(Results.Of(answer.Outcome));
    }
}
