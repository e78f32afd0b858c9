using System.Text;
using Postern.Directory.Answers;
using Postern.Directory.Tables;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Directory.Tests;

public sealed class AnswersTests : IDisposable
{
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly CurrentBook _current = new(new PasswordWatch("/dev/null", TimeProvider.System, own: 990));
    private readonly Asker _asker = new();

    public AnswersTests() => Assert.True(_current.Replace(Books.Write(slice => slice.Domain("a.test")
        .Mailbox("u@a.test").Alias("all@a.test", "u", "x@f.test"))));

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void QuestionOfSmtpd_IsAnswered()
    {
        var channel = Connect(new VerdictAnswers(_current, Log()));
        channel.Send(new AddressQuestionFrame { Question = 7, Address = "u@a.test"u8 });
        channel.Send(new AddressQuestionFrame { Question = 8, Address = "x@f.test"u8 });
        channel.Send(new AddressQuestionFrame { Question = 9, Address = "x@a.test"u8 });
        Assert.Equal(["7 Local", "8 Foreign", "9 Unknown"], Await(3));
    }

    [Fact]
    public void QuestionOfLocal_IsAnswered()
    {
        var channel = Connect(new MeaningAnswers(_current, Log()));
        channel.Send(new MeaningQuestionFrame { Question = 1, Address = "u@a.test"u8, Final = false });
        channel.Send(new MeaningQuestionFrame { Question = 2, Address = "all@a.test"u8, Final = false });
        channel.Send(new MeaningQuestionFrame { Question = 3, Address = "all@a.test"u8, Final = true });
        Assert.Equal(
            ["1 Virtual '' a.test/u", "1 Found False", "2 > u@a.test", "2 > x@f.test", "2 Found True", "3 Unknown False"],
            Await(6));
    }

    // One message to a hundred addresses that each stand for a list of ten thousand: 95 MB of answers to honest questions.
    [Fact]
    public void ManyQuestionsAboutLongLists_AreAllAnsweredInLittleMemory()
    {
        var targets = Enumerable.Range(0, 10_000).Select(i => $"{new string('x', 50)}{i:D5}@a-long-name.f.test").ToArray();
        Assert.True(_current.Replace(Books.Write(slice => slice.Domain("a.test").Alias("list@a.test", targets))));
        Assert.False(Socket.OpenPair(packets: false, out var one, out var other).Failed);
        var served = AnswerLimits.Serve(_loop, one!, new MeaningAnswers(_current, Log()));
        var taker = new Taker { Watched = served };
        var channel = new Channel(_loop, other!, taker);
        for (uint i = 0; i < 100; i++)
        {
            channel.Send(new MeaningQuestionFrame { Question = i, Address = "list@a.test"u8, Final = false });
        }

        while (taker.Ends < 100)
        {
            Assert.True(_loop.RunTurn(wait: false), "nothing happens any more");
        }

        Assert.False(taker.Ended);
        Assert.Equal(1_000_000, taker.Targets);
        Assert.InRange(taker.MostUnsent, 1, 5_000_000);
    }

    [Fact]
    public void FrameThatBelongsToTheOther_EndsTheChannel()
    {
        Connect(new VerdictAnswers(_current, Log())).Send(new MeaningQuestionFrame { Question = 1, Address = "u@a.test"u8, Final = false });
        AwaitEnd();
    }

    [Fact]
    public void SurplusInAFrame_EndsTheChannel()
    {
        Connect(new MeaningAnswers(_current, Log())).Send(default(Surplus));
        AwaitEnd();
    }

    private EventLog Log() => new("directory", _loop);

    private Channel Connect(IChannelEvents answers)
    {
        Assert.False(Socket.OpenPair(packets: false, out var one, out var other).Failed);
        _ = AnswerLimits.Serve(_loop, one!, answers);
        return new Channel(_loop, other!, _asker);
    }

    private List<string> Await(int count)
    {
        while (_asker.Answers.Count < count)
        {
            Assert.True(_loop.RunTurn(wait: false), "nothing happens any more");
        }

        return _asker.Answers;
    }

    private void AwaitEnd()
    {
        while (!_asker.Ended)
        {
            Assert.True(_loop.RunTurn(wait: false), "nothing happens any more");
        }

        Assert.Empty(_asker.Answers);
    }

    /// <summary>A question with a byte too many.</summary>
    private readonly record struct Surplus : IFrame<Surplus>
    {
        public static ushort Type => MeaningQuestionFrame.Type;

        public static bool TryRead(ref FrameReader reader, out Surplus frame) => throw new NotSupportedException();

        public void Write(scoped in FrameWriter writer)
        {
            new MeaningQuestionFrame { Question = 1, Address = "u@a.test"u8, Final = false }.Write(writer);
            writer.Byte(0);
        }
    }

    /// <summary>Counts what it is answered.</summary>
    private sealed class Taker : IChannelEvents
    {
        public required Channel Watched { get; init; }

        public int Targets { get; private set; }

        public int Ends { get; private set; }

        public int MostUnsent { get; private set; }

        public bool Ended { get; private set; }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            MostUnsent = Math.Max(MostUnsent, Watched.Unsent);
            Targets += type == MeaningTargetFrame.Type ? 1 : 0;
            Ends += type == MeaningEndFrame.Type ? 1 : 0;
            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;
    }

    private sealed class Asker : IChannelEvents
    {
        public List<string> Answers { get; } = [];

        public bool Ended { get; private set; }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            if (type == AddressAnswerFrame.Type && AddressAnswerFrame.TryRead(ref reader, out var verdict))
            {
                Answers.Add($"{verdict.Question} {verdict.Verdict}");
            }
            else if (type == MeaningMailboxFrame.Type && MeaningMailboxFrame.TryRead(ref reader, out var mailbox))
            {
                Answers.Add($"{mailbox.Question} {mailbox.Kind} '{mailbox.User}' {Encoding.ASCII.GetString(mailbox.Folder)}");
            }
            else if (type == MeaningTargetFrame.Type && MeaningTargetFrame.TryRead(ref reader, out var target))
            {
                Answers.Add($"{target.Question} > {Encoding.ASCII.GetString(target.Address)}");
            }
            else if (type == MeaningEndFrame.Type && MeaningEndFrame.TryRead(ref reader, out var end))
            {
                Answers.Add($"{end.Question} {end.Outcome} {end.List}");
            }
            else
            {
                return false;
            }

            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;
    }
}
