using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;

namespace Postern.Queue.Tests;

public sealed class SettingsTests
{
    private static readonly QueueSlice _head = new()
    {
        HostName = "mx.a.test",
        Folder = "/state/queue",
        MessageSize = 1000,
        RetryFirstSeconds = 300,
        RetryMaxSeconds = 14400,
        ExpireSeconds = 432000,
        WarnAfterSeconds = 14400,
        MaxPerDestination = 20,
        MaxRemote = 200,
        MaxLocal = 64,
        SegmentBytes = 64 << 20,
    };

    [Fact]
    public void ASlice_IsReadIntoTheSettings()
    {
        var settings = QueueSettings.Read(Slice(_head));
        Assert.NotNull(settings);
        Assert.Equal(("mx.a.test", "/state/queue", 1000L, 1 << 26), (settings.HostName, settings.Folder, settings.MessageSize, settings.SegmentBytes));
        Assert.Equal((20, 200, 64), settings.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(432_000), settings.Backoff.Expire);
        Assert.Equal("local", settings.Routing.HopFor("mx.a.test"u8).ToString());
        Assert.Equal("192.0.2.7:25", settings.Routing.HopFor("routed.test"u8).ToString());
    }

    [Fact]
    public void NumbersBeyondWhatAMachineHas_AreThatMuch()
    {
        var settings = QueueSettings.Read(Slice(_head with
        {
            MessageSize = ulong.MaxValue,
            SegmentBytes = uint.MaxValue,
            MaxPerDestination = uint.MaxValue,
            MaxRemote = 1u << 31,
            MaxLocal = int.MaxValue,
        }));
        Assert.NotNull(settings);
        Assert.Equal((long.MaxValue, int.MaxValue), (settings.MessageSize, settings.SegmentBytes));
        Assert.Equal((int.MaxValue, int.MaxValue, int.MaxValue), settings.Attempts);
    }

    // Cut between two frames it is a shorter slice that is whole in itself.
    [Fact]
    public void SliceCutWithinAFrame_IsRefused()
    {
        var slice = Slice(_head);
        List<int> whole = [];
        for (var length = 0; length <= slice.Length; length++)
        {
            if (QueueSettings.Read(slice.AsSpan(0, length)) is not null)
            {
                whole.Add(length);
            }
        }

        const int Head = 6 + 2 + 9 + 2 + 12 + 8 + (8 * 4);
        const int Domain = 6 + 2 + 6;
        Assert.Equal([Head, Head + Domain, slice.Length], whole);
    }

    [Fact]
    public void AnotherProgramsSlice_IsRefused()
    {
        var writer = new SliceWriter();
        writer.Add(new DomainSlice { Domain = "a.test" });
        Assert.Null(QueueSettings.Read(writer.Bytes));
    }

    private static byte[] Slice(QueueSlice head)
    {
        var writer = new SliceWriter();
        writer.Add(head);
        writer.Add(new DomainSlice { Domain = "a.test" });
        writer.Add(new RouteSlice { Pattern = "routed.test", Hop = HopKind.Host, Destination = "192.0.2.7", Port = 25 });
        return writer.Bytes.ToArray();
    }
}
