using System.Text;
using Postern.Acme.Keys;
using Postern.Acme.Tests.Harness;
using Postern.Ipc;
using Postern.Ipc.Issuance;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Sasl.Tests;

namespace Postern.Acme.Tests.Keys;

/// <summary>The line to tls: one question, one answer, and what becomes of a question when the line is lost.</summary>
public sealed class KeyLineTests : IChannelEvents, IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringBuilder _log = new();
    private readonly EventLoop _loop;
    private readonly StandingLinks _links;
    private readonly KeyLine _line;
    private readonly List<string> _asked = [];
    private Channel? _tls;
    private int _ended = -1;

    public KeyLineTests()
    {
        _loop = new EventLoop(_clock);
        var log = new EventLog("acme", _loop, line => _log.Append(Encoding.ASCII.GetString(line)) is not null);
        _links = new StandingLinks(_loop, log, code => _ended = code);
        _line = new KeyLine(_loop, log);
        Connect();
    }

    public void Dispose()
    {
        _tls?.Dispose();
        Turn();
        _loop.Dispose();
    }

    bool IChannelEvents.OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == SignatureAskFrame.Type && SignatureAskFrame.TryRead(ref reader, out var sign))
        {
            _asked.Add($"{sign.Purpose} {Encoding.ASCII.GetString(sign.Nonce)} {Encoding.ASCII.GetString(sign.Url)} {Encoding.ASCII.GetString(sign.Account)}");
            return true;
        }

        if (type == ChainFrame.Type && ChainFrame.TryRead(ref reader, out var chain))
        {
            _asked.Add($"chain of {chain.Chain.Length}");
            return true;
        }

        _asked.Add("due?");
        return type == IssuanceQuestionFrame.Type;
    }

    void IChannelEvents.OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile);

    [Fact]
    public void Questions_AreAskedAndAnswered()
    {
        var due = _line.AskAsync().AsTask();
        Answer(7, "due?");
        Assert.Equal(ScriptedSigner.Due(7), Of(due));

        var body = _line.SignAsync(SignedPurpose.Finish, "n1", ScriptedWeb.Place("f"), ScriptedWeb.Place("a")).AsTask();
        Turn();
        Assert.Equal("Finish n1 https://ca.test/f https://ca.test/a", _asked[^1]);
        _tls!.Send(new SignatureFrame { Body = "signed"u8 });
        Turn();
        Assert.Equal("signed"u8.ToArray(), Of(body));

        var taken = _line.HandInAsync(new byte[ChainFrame.MaxChain]).AsTask();
        Answer(100, $"chain of {ChainFrame.MaxChain}");
        Assert.Equal(ScriptedSigner.Due(100), Of(taken));
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void AccountIsAskedFor_WithoutOne()
    {
        var body = _line.SignAsync(SignedPurpose.Account, "n1", ScriptedWeb.Place("f"), null).AsTask();
        Turn();
        Assert.Equal(["Account n1 https://ca.test/f "], _asked);
        Assert.False(body.IsCompleted);
    }

    [Fact]
    public void RequestThatIsNotSigned_IsNothing()
    {
        var body = _line.SignAsync(SignedPurpose.Read, "n1", ScriptedWeb.Place("f"), ScriptedWeb.Place("a")).AsTask();
        Turn();
        _tls!.Send(new SignatureFrame { Body = [] });
        Turn();
        Assert.Null(Of(body));
        Assert.False(_tls.IsClosed);
    }

    [Fact]
    public void AnswerOfAnotherKind_EndsTheLine()
    {
        var due = _line.AskAsync().AsTask();
        Turn();
        _tls!.Send(new SignatureFrame { Body = "signed"u8 });
        Turn();
        Assert.Null(Of(due));
        DemandEnd();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnswerWithoutAQuestion_EndsTheLine(bool afterOne)
    {
        if (afterOne)
        {
            var due = _line.AskAsync().AsTask();
            Answer(7, "due?");
            Assert.NotNull(Of(due));
        }

        _tls!.Send(State(7));
        Turn();
        DemandEnd();
    }

    // No frame has this number, and none is awaited.
    [Theory]
    [InlineData(0)]
    [InlineData(65535)]
    public void FrameThatThereIsNot_EndsTheLine(int type)
    {
        _tls!.Dispose();
        Turn();
        using var wild = new TestKit.WildEnd(Turn, theirs => _line.Open(theirs, _links));
        wild.Send(TestKit.WildFrames.Frame((ushort)type, [1, 2, 3], 3));
        wild.Read();
        Assert.True(wild.IsClosed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StateThatIsMalformed_EndsTheLine(bool isLong)
    {
        using var wild = new TestKit.WildEnd(Turn, theirs => _line.Open(theirs, _links));
        var due = _line.AskAsync().AsTask();
        byte[] payload = [1, 0, 0, 0, .. BitConverter.GetBytes((ushort)(isLong ? 44 : 42)), .. new byte[isLong ? 44 : 42]];
        wild.Send(TestKit.WildFrames.Frame(IssuanceStateFrame.Type, payload, (uint)payload.Length));
        wild.Read();
        Assert.True(wild.IsClosed);
        Assert.Null(Of(due));
    }

    // It has the keys and could say anything of them; acme goes on, and asks the next one.
    [Fact]
    public void TlsThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < (Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 1000 : 40); seed++)
        {
            var wild = new TestKit.WildFrames(seed);
            using (var end = new TestKit.WildEnd(Turn, theirs => _line.Open(theirs, _links)))
            {
                for (var left = 1 + wild.Below(20); left > 0 && !end.IsClosed; left--)
                {
                    Task asked = wild.Below(3) switch
                    {
                        0 => _line.AskAsync().AsTask(),
                        1 => _line.SignAsync(SignedPurpose.Read, "n", ScriptedWeb.Place("f"), ScriptedWeb.Place("a")).AsTask(),
                        _ => _line.HandInAsync([1]).AsTask(),
                    };
                    for (var answers = 0; !asked.IsCompleted && answers < 1000; answers++)
                    {
                        end.Send(wild.Next([IssuanceStateFrame.Type, SignatureFrame.Type]));
                        Turn();
                    }

                    Assert.True(asked.IsCompletedSuccessfully, $"seed {seed}: a question that nobody answers");
                }
            }

            Turn();
        }

        Connect();
        var due = _line.AskAsync().AsTask();
        Answer(9, "due?");
        Assert.Equal(ScriptedSigner.Due(9), Of(due));
        Assert.Equal(-1, _ended);
        Assert.All(_log.ToString(), letter => Assert.True(letter is '\n' or (>= ' ' and <= '~')));
    }

    [Fact]
    public void LineThatIsLost_AnswersNothing()
    {
        var due = _line.AskAsync().AsTask();
        Turn();
        _tls!.Dispose();
        Turn();
        Assert.Null(Of(due));
        Assert.Null(Of(_line.AskAsync().AsTask()));
        Assert.Null(Of(_line.SignAsync(SignedPurpose.Read, "n", ScriptedWeb.Place("f"), ScriptedWeb.Place("a")).AsTask()));
        Assert.Null(Of(_line.HandInAsync([1]).AsTask()));
        Assert.DoesNotContain("peer-refused", _log.ToString(), StringComparison.Ordinal);

        // A fresh one works.
        Connect();
        var again = _line.AskAsync().AsTask();
        Answer(9, "due?");
        Assert.Equal(ScriptedSigner.Due(9), Of(again));
        _clock.Advance(TimeSpan.FromHours(1));
        Turn();
        Assert.Equal(-1, _ended);
    }

    [Fact]
    public void FreshLineWhileAQuestionIsOpen_AnswersTheOldOneWithNothing()
    {
        var due = _line.AskAsync().AsTask();
        Turn();
        Connect();
        Assert.Null(Of(due));
        var again = _line.AskAsync().AsTask();
        Answer(9, "due?");
        Assert.Equal(ScriptedSigner.Due(9), Of(again));
    }

    [Fact]
    public void LineThatNobodyBringsBack_IsTheEndOfTheProgram()
    {
        _tls!.Dispose();
        Turn();
        _clock.Advance(StandingLinks.Patience);
        Turn();
        Assert.Equal(ExitCode.Unavailable, _ended);
    }

    private static IssuanceStateFrame State(uint seconds) => new() { DueSeconds = seconds, Thumbprint = Encoding.ASCII.GetBytes(ScriptedSigner.Thumbprint) };

    /// <summary>What came, which has to be there by now.</summary>
    private static T Of<T>(Task<T> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully);
        return answer.GetAwaiter().GetResult();
    }

    private void Answer(uint seconds, string to)
    {
        Turn();
        Assert.Equal(to, _asked[^1]);
        _tls!.Send(State(seconds));
        Turn();
    }

    private void Connect()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        _line.Open(theirs!, _links);
        _tls?.Dispose();
        _tls = new Channel(_loop, ours!, this) { MaxUnsent = 256 * 1024 };
        Turn();
    }

    private void DemandEnd()
    {
        Assert.True(_tls!.IsClosed);
        Assert.Contains("warning acme peer-refused peer=tls", _log.ToString(), StringComparison.Ordinal);
        Assert.Null(Of(_line.AskAsync().AsTask()));
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
