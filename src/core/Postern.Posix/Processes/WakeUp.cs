namespace Postern.Posix.Processes;

/// <summary>An event descriptor: another thread wakes whoever polls it.</summary>
public sealed unsafe class WakeUp : IDisposable
{
    private readonly Descriptor _event;

    private WakeUp(Descriptor descriptor) => _event = descriptor;

    /// <summary>The descriptor itself, for whoever watches it; closing it closes this.</summary>
    public Descriptor Descriptor => _event;

    /// <summary>The number to poll for readability.</summary>
    public int Number => _event.Number;

    /// <summary>Opens one.</summary>
    /// <exception cref="InvalidOperationException">The kernel refused.</exception>
    public static WakeUp Open()
    {
        var result = CallResult.From(ProcessCalls.CreateEvent(0, 0x80000 | 0x800));
        return result.Failed
            ? throw new InvalidOperationException($"eventfd: {Errno.Describe(result.Error)}")
            : new WakeUp(new Descriptor(result.Value));
    }

    /// <summary>Makes the descriptor readable; any thread may call it.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = ProcessCalls.Write(_event.Number, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Makes it unreadable again.</summary>
    public void Clear()
    {
        ulong count;
        _ = ProcessCalls.Read(_event.Number, (byte*)&count, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose() => _event.Dispose();
}
