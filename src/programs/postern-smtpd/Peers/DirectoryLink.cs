using System.Runtime.CompilerServices;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Smtpd.Peers;

/// <summary>Asks the directory whether mail for an address may be taken.</summary>
/// <remarks>At most one question per session is under way, so the limit on sessions bounds the table.</remarks>
internal sealed class DirectoryLink(EventLoop loop, EventLog log) : ProgramLink(loop, log, "directory")
{
    /// <summary>How long an answer may take. The directory looks into memory: arbitrary, and far more than it needs.</summary>
    internal static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    /// <summary>A directory that dies twice over one question may be dying of it.</summary>
    private const int MaxAttempts = 2;

    private readonly Dictionary<uint, AddressQuestion> _asked = [];
    private uint _lastQuestion;

    /// <inheritdoc/>
    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != AddressAnswerFrame.Type || !AddressAnswerFrame.TryRead(ref reader, out var answer)) return false;
        // The number of a question that was given up means nothing any more; it is not the directory's fault.
        if (_asked.Remove(answer.Question, out var question)) question.Answer(answer.Verdict);
        return true;
    }

    /// <summary>Asks about a recipient, or about a sender who has logged in.</summary>
    /// <param name="question">The session's one question.</param>
    /// <param name="address">The address.</param>
    /// <param name="login">Who wants to send from it; empty to ask about a recipient.</param>
    /// <returns>The answer, or Unavailable when there is none in time.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<AddressVerdict> AskAsync(AddressQuestion question, ReadOnlyMemory<byte> address, ReadOnlyMemory<byte> login = default)
    {
        for (var attempt = 0; attempt < MaxAttempts && await ConnectedAsync(question.Wait); attempt++)
        {
            var number = Send(question, address, login);
            question.Wait.Begin(AnswerPatience);
            while (question.IsPending && await question.Wait.NextAsync())
            {
            }

            question.Wait.End();
            _asked.Remove(number);
            if (question.Verdict is { } verdict) return verdict;
            if (!question.IsLost) break;
        }

        return AddressVerdict.Unavailable;
    }

    private protected override void OnLost()
    {
        var lost = _asked.Values.ToArray();
        _asked.Clear();
        foreach (var question in lost) question.Lose();
    }

    private uint Send(AddressQuestion question, ReadOnlyMemory<byte> address, ReadOnlyMemory<byte> login)
    {
        _lastQuestion = unchecked(_lastQuestion + 1);
        question.Ask();
        _asked.Add(_lastQuestion, question);
        if (login.IsEmpty) Channel!.Send(new AddressQuestionFrame { Question = _lastQuestion, Address = address.Span });
        else Channel!.Send(new SenderQuestionFrame { Question = _lastQuestion, Login = login.Span, Address = address.Span });
        return _lastQuestion;
    }
}
