using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>The one sync of a batch that was written; whoever waits first does it, and the others wait for him.</summary>
internal sealed class PendingSync(ISpoolFile file) : IPendingCommit
{
    private readonly Lock _lock = new();

    /// <summary>What came of it; null before.</summary>
    internal FileResult? Result { get; private set; }

    /// <inheritdoc/>
    public void Wait()
    {
        lock (_lock) Result ??= file.Sync();
    }
}
