using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Postern.Loop;

/// <summary>The result of a method that did not return at once: awaited once, and then nobody's.</summary>
/// <typeparam name="TResult">What the method returns.</typeparam>
internal class WaitingResult<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    /// <summary>Goes on with the method.</summary>
    internal Action Continue { get; private protected init; } = static () => { };

    internal short Version => _core.Version;

    internal void SetResult(TResult result) => _core.SetResult(result);

    internal void SetException(Exception exception) => _core.SetException(exception);

    /// <inheritdoc/>
    public TResult GetResult(short token)
    {
        // Throws for who has had the result already: this may be another call's by now.
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("A result that is not there yet is awaited, not taken.");
        }

        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Return();
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>The result was taken, and every older token is void.</summary>
    private protected virtual void Return()
    {
    }
}

/// <summary>A method that waits, and its result; kept for the next call once that is taken.</summary>
/// <typeparam name="TMethod">The method's state.</typeparam>
/// <typeparam name="TResult">What it returns.</typeparam>
internal sealed class WaitingMethod<TMethod, TResult> : WaitingResult<TResult>
    where TMethod : IAsyncStateMachine
{
    /// <summary>Kept per method: more than sessions are busy at once. Arbitrary; those beyond are left to the collector.</summary>
    private const int MaxKept = 256;

    // Of each thread: a loop has one, and tests have many loops.
    [ThreadStatic]
    private static Stack<WaitingMethod<TMethod, TResult>>? _kept;

    private TMethod _method = default!;

    private WaitingMethod() => Continue = () => _method.MoveNext();

    /// <summary>The method's state.</summary>
    internal TMethod Method
    {
        set => _method = value;
    }

    /// <summary>One that belongs to nobody else.</summary>
    internal static WaitingMethod<TMethod, TResult> Rent() => _kept?.TryPop(out var kept) == true ? kept : new WaitingMethod<TMethod, TResult>();

    private protected override void Return()
    {
        // What the method held must not live as long as this.
        _method = default!;
        if ((_kept ??= new()).Count < MaxKept)
        {
            _kept.Push(this);
        }
    }
}
