using Postern.Tls.Harness;

namespace Postern.Tls.Sessions;

public sealed class StreamTests
{
    [Fact]
    public void LongContent_ArrivesWholeInBothDirections_PastAFullSocket()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed();
        byte[] sent = Noise(3_000_000);

        var (offered, got) = (0, new List<byte>());
        while (got.Count < sent.Length)
        {
            offered += offered < sent.Length ? pair.Client.Write(sent[offered..]) : 0;
            got.AddRange(pair.Read(out _));
        }

        Assert.Equal(sent, got);

        (offered, var wanted) = (0, false);
        got.Clear();
        while (got.Count < sent.Length)
        {
            if (offered < sent.Length)
            {
                var (status, count) = pair.Server.Write(sent.AsSpan(offered));
                offered += count;
                wanted |= status == TlsStatus.WantsWrite;
            }

            // Reads only when nothing is taken any more: a slow peer.
            if (wanted || offered == sent.Length)
            {
                got.AddRange(pair.Client.Read());
            }
        }

        Assert.True(wanted);
        Assert.Equal(sent, got);
    }

    [Fact]
    public void ASmallBuffer_GetsARecordInPieces()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed();
        byte[] sent = Noise(16_384);
        Assert.Equal(sent.Length, pair.Client.Write(sent));
        var got = new List<byte>();
        while (got.Count < sent.Length)
        {
            var piece = pair.Read(out var status, most: 1000);
            Assert.Equal(TlsStatus.Done, status);
            got.AddRange(piece);
        }

        Assert.Equal(sent, got);
        Assert.Empty(pair.Read(out var last));
        Assert.Equal(TlsStatus.WantsRead, last);
    }

    [Fact]
    public void NothingThere_IsNoEnd()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed();
        Assert.Empty(pair.Read(out var status));
        Assert.Equal(TlsStatus.WantsRead, status);
        Assert.Null(pair.Server.Failure);
    }

    [Fact]
    public void AnEndThatIsSaid_IsAnEnd_AndWeMayStillAnswer()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed().Exchanged();
        pair.Client.Write([1, 2]);
        pair.Client.End();
        Assert.Equal([1, 2], pair.Read(out _));
        Assert.Empty(pair.Read(out var status));
        Assert.Equal(TlsStatus.Ended, status);
        Assert.Equal(new TlsOutcome(TlsStatus.Done, 1), pair.Server.Write([9]));
        Assert.Equal([9], pair.Client.Read());
        Assert.Equal(TlsStatus.Done, pair.Server.End());
        Assert.Empty(pair.Client.Read());
        Assert.True(pair.Client.HasEnded);
    }

    // Whoever sits on the line can close it: what came last may be half of a message.
    [Fact]
    public void AnEndThatIsNotSaid_IsATruncatedStream()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed().Exchanged();
        pair.Client.Write([1, 2]);
        pair.Client.Socket.Dispose();
        Assert.Equal([1, 2], pair.Read(out _));
        Assert.Empty(pair.Read(out var status));
        Assert.Equal(TlsStatus.Truncated, status);
    }

    [Fact]
    public void AnEndWithinARecord_IsATruncatedStream()
    {
        using var service = Services.Plain();
        using var relay = new Relay(service);
        relay.Agree();
        // What stayed unread would make the end a broken connection.
        relay.ToClient();
        relay.Client.Write(Noise(5000));
        relay.ToServer(1000);
        relay.CutClient();
        Assert.Equal(TlsStatus.Truncated, relay.Server.Read(new byte[100]).Status);
    }

    [Fact]
    public void AChangedByte_EndsTheSession()
    {
        using var service = Services.Plain();
        using var relay = new Relay(service);
        relay.Agree();
        relay.Client.Write(Noise(5000));
        relay.ToServer(int.MaxValue, bytes => bytes[3000] ^= 1);
        Assert.Equal(new TlsOutcome(TlsStatus.Failed), relay.Server.Read(new byte[100]));
        Assert.Equal(new TlsFailure(null, "decryption failed or bad record mac"), relay.Server.Failure);
        Assert.Equal(TlsStatus.Failed, relay.Server.Read(new byte[100]).Status);
        Assert.Equal(TlsStatus.Failed, relay.Server.End());
        relay.ToClient();
        Assert.Empty(relay.Client.Read());
        Assert.Equal(1020, relay.Client.Failure);
    }

    [Fact]
    public void WritingToAPeerThatIsGone_FailsAndDoesNotEndTheProgram()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed();
        pair.Client.Socket.Dispose();
        Assert.Equal(TlsStatus.Failed, pair.Server.Write([1]).Status);
        Assert.NotNull(pair.Server.Failure);
    }

    // C8: in TLS 1.2 whoever asks for another handshake within the session gets none.
    [Fact]
    public void Renegotiation_IsRefused()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service, new ClientManner { MaxVersion = 0x303 }).Agreed().Exchanged();
        pair.Client.Renegotiate();
        Assert.Empty(pair.Read(out var status));
        Assert.Equal(TlsStatus.WantsRead, status);
        Assert.Empty(pair.Client.Read());
        Assert.Equal(339, pair.Client.Failure); // SSL_R_NO_RENEGOTIATION
    }

    [Fact]
    public void ARecord_AllocatesNothing()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed().Exchanged().Exchanged();
        var buffer = new byte[100];
        pair.Client.Write([1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = pair.Server.Read(buffer);
        var nothing = pair.Server.Read(buffer);
        var written = pair.Server.Write(buffer);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(new TlsOutcome(TlsStatus.Done, 3), read);
        Assert.Equal(TlsStatus.WantsRead, nothing.Status);
        Assert.Equal(TlsStatus.Done, written.Status);
        Assert.Equal(0, allocated);
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
