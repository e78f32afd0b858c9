using Postern.Directory.Answers;
using Postern.Directory.Tables;
using Postern.Ipc;
using Postern.Loop;
using Postern.Role.Logging;
using Postern.TestKit;

namespace Postern.Directory.Tests;

/// <summary>smtpd or local taken over: it may ask, and the others get their answers as before.</summary>
public sealed class WildAskersTests : IDisposable
{
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly CurrentBook _current = new(new PasswordWatch("/dev/null", TimeProvider.System, own: 990));

    public WildAskersTests() => Assert.True(_current.Replace(Books.Write(slice => slice.Domain("a.test").Mailbox("u@a.test").Alias("all@a.test", "u", "x@f.test"))));

    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 5_000 : 150;

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(62)]
    public void AskerThatWasTakenOver_StopsNothing(ushort question)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed);
            using (var end = Connect(question))
            {
                for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
                {
                    end.Send(wild.Next([question, question, question, 60, 62]));
                }
            }

            using var honest = Connect(question);
            byte[] address = [8, 0, .. "u@a.test"u8];
            byte[] payload = question == 60 ? [9, 0, 0, 0, .. address] : [9, 0, 0, 0, .. address, 0];
            honest.Send(WildFrames.Frame(question, payload, (uint)payload.Length));
            honest.Read();
            Assert.False(honest.IsClosed);
            Assert.Equal(question == 60 ? (ushort)61 : (ushort)63, BitConverter.ToUInt16([.. honest.Received[4..6]]));
        }
    }

    private WildEnd Connect(ushort question)
    {
        IChannelEvents answers = question == 60 ? new VerdictAnswers(_current, new EventLog("directory", _loop)) : new MeaningAnswers(_current, new EventLog("directory", _loop));
        return new WildEnd(Turn, theirs => AnswerLimits.Serve(_loop, theirs, answers));
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
