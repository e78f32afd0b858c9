using Postern.Loop;

namespace Postern.Remote.Protection;

/// <summary>Writes what has changed some time after it did: changes of that time are one.</summary>
/// <param name="loop">The loop.</param>
/// <param name="pause">How long after the first change.</param>
/// <param name="write">Writes.</param>
internal sealed class LateWriter(EventLoop loop, TimeSpan pause, Action write)
{
    private LoopTimer? _timer;
    private bool _isChanged;

    /// <summary>Something has changed.</summary>
    internal void Note()
    {
        if (!_isChanged)
        {
            _isChanged = true;
            (_timer ??= loop.CreateTimer(Flush)).Set(pause);
        }
    }

    /// <summary>Writes at once, if there is anything to write.</summary>
    internal void Flush()
    {
        if (_isChanged)
        {
            _isChanged = false;
            write();
        }
    }
}
