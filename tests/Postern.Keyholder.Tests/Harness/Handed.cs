using System.Buffers.Binary;
using Postern.Ipc.Securing;
using Postern.Ipc.Wire;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Keyholder.Tests.Harness;

/// <summary>What smtpd has of a client that it handed over: its end of the pair.</summary>
internal sealed class Handed(Descriptor near) : IDisposable
{
    private readonly List<byte> _received = [];

    /// <summary>What was agreed; null as long as nothing was said of it.</summary>
    internal Told? Facts { get; private set; }

    /// <summary>True once nothing more will come.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>What the client said.</summary>
    internal byte[] Said => [.. _received];

    /// <summary>How much that is.</summary>
    internal int SaidCount => _received.Count;

    /// <summary>Takes what is there.</summary>
    internal void Read(int most = int.MaxValue)
    {
        var buffer = new byte[64 * 1024];
        for (var left = most; left > 0 && !HasEnded;)
        {
            var got = Socket.Receive(near.Number, buffer.AsSpan(0, Math.Min(left, buffer.Length)));
            if (got.WouldBlock)
            {
                break;
            }

            HasEnded = got.Failed || got.Value == 0;
            _received.AddRange(buffer.AsSpan(0, got.Failed ? 0 : got.Value));
            left -= got.Failed ? 0 : got.Value;
        }

        TakeFacts();
    }

    /// <summary>Says something to the client; returns how much of it was taken.</summary>
    internal int Write(ReadOnlySpan<byte> bytes) => Socket.Send(near.Number, bytes) is { Failed: false } sent ? sent.Value : 0;

    /// <summary>Says that this was all.</summary>
    internal void EndSending() => Assert.False(Socket.EndSending(near.Number).Failed);

    public void Dispose() => near.Dispose();

    private void TakeFacts()
    {
        if (Facts is not null || _received.Count < FrameLimits.HeaderSize)
        {
            return;
        }

        var bytes = _received.ToArray();
        var whole = FrameLimits.HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(bytes);
        Assert.Equal(SecuredFrame.Type, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(4)));
        if (bytes.Length >= whole)
        {
            var reader = new FrameReader(bytes.AsSpan(FrameLimits.HeaderSize, whole - FrameLimits.HeaderSize));
            Assert.True(SecuredFrame.TryRead(ref reader, out var frame));
            Facts = new Told(frame);
            _received.RemoveRange(0, whole);
        }
    }
}

/// <summary>What smtpd is told of a handshake.</summary>
internal sealed record Told(string Version, string Suite, string ServerName, bool IsResumed, string Client)
{
    internal Told(in SecuredFrame frame)
        : this(
            frame.Version, frame.Suite, System.Text.Encoding.Latin1.GetString(frame.ServerName), frame.IsResumed, Convert.ToHexString(CertificateVoucher.TryRead(frame.Voucher, out var voucher) ? voucher.Fingerprint : default)) =>
        (Exporter, EndPoint) = (Convert.ToHexString(frame.Exporter), Convert.ToHexString(frame.EndPoint));

    internal string Exporter { get; } = "";

    internal string EndPoint { get; } = "";
}
