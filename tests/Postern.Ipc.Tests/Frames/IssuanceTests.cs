using System.Text;
using Postern.Ipc.Issuance;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Ipc.Tests.Frames;

/// <summary>What acme asks tls, and the part of tls's slice that says for what: frames whose fields depend on each other.</summary>
public sealed class IssuanceTests
{
    private const string Account = "https://ca.test/7";

    [Fact]
    public void Question_HasNoFields()
    {
        Assert.Equal(90, IssuanceQuestionFrame.Type);
        var reader = new FrameReader([]);
        Assert.True(IssuanceQuestionFrame.TryRead(ref reader, out _));
        reader = new FrameReader([0]);
        Assert.False(IssuanceQuestionFrame.TryRead(ref reader, out _));
        Assert.Equal([], Written(default(IssuanceQuestionFrame)));
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, Account)]
    [InlineData(3, Account)]
    [InlineData(4, Account)]
    [InlineData(5, Account)]
    public void RequestToBeSigned_ComesBackAsItWas(byte purpose, string account)
    {
        Assert.Equal(92, SignatureAskFrame.Type);
        var payload = Ask(purpose, "n", "https://ca.test/", account);
        Assert.True(TryRead(payload, out var seen));
        Assert.Equal(((SignedPurpose)purpose, "n", "https://ca.test/", account), seen);
        Assert.Equal(payload, Written(new SignatureAskFrame
        {
            Purpose = (SignedPurpose)purpose,
            Nonce = "n"u8,
            Url = "https://ca.test/"u8,
            Account = Encoding.ASCII.GetBytes(account),
        }));
        Assert.All(Enumerable.Range(0, payload.Length), length => Assert.False(TryRead(payload[..length], out _), $"cut at {length}"));
        Assert.False(TryRead([.. payload, 0], out _));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0, Account)]
    [InlineData(1, Account)]
    [InlineData(2, "")]
    [InlineData(5, "")]
    [InlineData(6, Account)]
    [InlineData(255, Account)]
    public void PurposeWithoutItsAccount_IsRefused(byte purpose, string account) => Assert.False(TryRead(Ask(purpose, "n", "u", account), out _));

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void Texts_HaveALimit(int length, bool isRead)
    {
        var text = new string('x', length);
        Assert.Equal(isRead, TryRead(Ask(3, text, "u", "a"), out _));
        Assert.Equal(isRead, TryRead(Ask(3, "n", text, "a"), out _));
        Assert.Equal(isRead, TryRead(Ask(3, "n", "u", text), out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void SliceOfNames_ComesBackAsItWas(int count)
    {
        Assert.Equal(182, IssuanceSlice.Type);
        var slice = new IssuanceSlice { Folder = "/state/tls", Contact = "a@b.test", Names = [.. Enumerable.Range(0, count).Select(number => $"n{number}.test")] };
        var payload = Written(slice);
        Assert.True(TryReadSlice(payload, out var seen));
        Assert.Equal((slice.Folder, slice.Contact), (seen.Folder, seen.Contact));
        Assert.Equal(slice.Names, seen.Names);
        Assert.All(Enumerable.Range(0, payload.Length), length => Assert.False(TryReadSlice(payload[..length], out _), $"cut at {length}"));
        Assert.False(TryReadSlice([.. payload, 0], out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void SliceWithNoNames_OrTooMany_IsRefused(int count) =>
        Assert.False(TryReadSlice(Written(new IssuanceSlice { Folder = "/f", Contact = "", Names = [.. Enumerable.Repeat("a.test", count)] }), out _));

    [Theory]
    [InlineData(91, 0, 0)]
    [InlineData(0, 321, 0)]
    [InlineData(0, 0, 256)]
    public void SliceWithALongText_IsRefused(int folder, int contact, int name) => Assert.False(TryReadSlice(
        Written(new IssuanceSlice { Folder = new string('f', folder), Contact = new string('c', contact), Names = ["a.test", new string('n', name)] }), out _));

    private static byte[] Ask(byte purpose, params string[] texts) =>
        [purpose, .. texts.SelectMany(text => (byte[])[.. BitConverter.GetBytes((ushort)text.Length), .. Encoding.ASCII.GetBytes(text)])];

    private static bool TryRead(byte[] payload, out (SignedPurpose Purpose, string Nonce, string Url, string Account) seen)
    {
        var reader = new FrameReader(payload);
        var read = SignatureAskFrame.TryRead(ref reader, out var frame);
        seen = (frame.Purpose, Encoding.ASCII.GetString(frame.Nonce), Encoding.ASCII.GetString(frame.Url), Encoding.ASCII.GetString(frame.Account));
        return read;
    }

    private static bool TryReadSlice(byte[] payload, out IssuanceSlice slice)
    {
        var reader = new FrameReader(payload);
        return IssuanceSlice.TryRead(ref reader, out slice);
    }

    private static byte[] Written<T>(T frame)
        where T : IFrame<T>, allows ref struct
    {
        var queue = new ByteQueue();
        frame.Write(FrameWriter.Fields(queue));
        return queue.Span.ToArray();
    }
}
