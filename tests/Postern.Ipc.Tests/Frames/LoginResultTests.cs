using Postern.Ipc.Logins;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Ipc.Tests.Frames;

/// <summary>The answer to a login: a name stands in it just when somebody is logged in.</summary>
public sealed class LoginResultTests
{
    [Theory]
    [InlineData(0, "alice")]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "")]
    [InlineData(4, "")]
    [InlineData(5, "")]
    public void ANameStandsThere_WhenSomebodyIsLoggedIn(byte verdict, string name)
    {
        var payload = Payload(verdict, name);
        Assert.Equal((0x81020304u, verdict, name), Read(payload));
        Assert.All(Enumerable.Range(0, payload.Length), length => Assert.Null(Read(payload[..length])));
        Assert.Null(Read([.. payload, 0]));
        Assert.Equal(75, LoginResultFrame.Type);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "alice")]
    [InlineData(4, "a")]
    [InlineData(5, "a")]
    [InlineData(6, "")]
    [InlineData(255, "")]
    public void AnotherPair_IsRefused(byte verdict, string name) => Assert.Null(Read(Payload(verdict, name)));

    [Fact]
    public void ANameIsAtMostAsLongAsAnAddress()
    {
        Assert.NotNull(Read(Payload(0, new string('a', 254))));
        Assert.Null(Read(Payload(0, new string('a', 255))));
    }

    [Fact]
    public void WhatIsWritten_IsThat()
    {
        var queue = new ByteQueue();
        new LoginResultFrame { Exchange = 0x81020304, Verdict = LoginVerdict.LoggedIn, Name = "alice"u8 }.Write(FrameWriter.Fields(queue));
        Assert.Equal(Payload(0, "alice"), queue.Span.ToArray());
    }

    // auth's slice is one frame of its own and nothing else.
    [Fact]
    public void TheSliceOfAuth_IsItsOwnFrameAlone()
    {
        byte[] rest = [2, 0, (byte)'/', (byte)'a', .. new byte[18]];
        byte[] good = [22, 0, 0, 0, 190, 0, .. rest];
        Assert.Equal("/a", AuthSlice.Read(good)?.Folder);
        Assert.Null(AuthSlice.Read([]));
        Assert.Null(AuthSlice.Read([.. good, 0]));
        Assert.Null(AuthSlice.Read([22, 0, 0, 0, 191, 0, .. rest]));
        Assert.Null(AuthSlice.Read([22, 0, 0, 0, 190, 0, 3, .. rest[1..]]));
    }

    private static byte[] Payload(byte verdict, string name) =>
        [4, 3, 2, 0x81, verdict, (byte)name.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(name)];

    private static (uint Exchange, byte Verdict, string Name)? Read(byte[] payload)
    {
        var reader = new FrameReader(payload);
        return LoginResultFrame.TryRead(ref reader, out var frame)
            ? (frame.Exchange, (byte)frame.Verdict, System.Text.Encoding.ASCII.GetString(frame.Name))
            : null;
    }
}
