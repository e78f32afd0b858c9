using System.Runtime.InteropServices;
using Postern.Tls.Harness;

namespace Postern.Tls.Sessions;

/// <summary>A socket that somebody else has, too, and makes a waiting one: its flags are those of all who have it, and no session may wait.</summary>
public sealed class BlockingSocketTests
{
    private const int SetFlags = 4;

    // Far longer than it takes: whoever waits here waits for ever.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Handshake_DoesNotWait()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service);
        MakeWaiting(pair);
        Assert.Equal(TlsStatus.WantsRead, await Unhindered(pair.Server.Handshake));
    }

    [Fact]
    public async Task Reading_DoesNotWait()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed();
        MakeWaiting(pair);
        Assert.Equal(new TlsOutcome(TlsStatus.WantsRead), await Unhindered(() => pair.Server.Read(new byte[100])));
        pair.Exchanged();
    }

    [Fact]
    public async Task Writing_DoesNotWait()
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service).Agreed();
        MakeWaiting(pair);
        var status = TlsStatus.Done;
        await Unhindered(() =>
        {
            for (var i = 0; i < 1000 && status == TlsStatus.Done; i++)
            {
                status = pair.Server.Write(new byte[16_000]).Status;
            }

            return status;
        });
        Assert.Equal(TlsStatus.WantsWrite, status);
    }

    private static Task<T> Unhindered<T>(Func<T> call) => Task.Run(call).WaitAsync(_patience, TestContext.Current.CancellationToken);

    private static void MakeWaiting(TlsPair pair) => Assert.Equal(0, Control(pair.Socket, SetFlags, 0));

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Control(int descriptor, int command, int flags);
}
