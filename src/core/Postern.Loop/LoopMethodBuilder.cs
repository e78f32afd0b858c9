using System.Runtime.CompilerServices;

namespace Postern.Loop;

/// <summary>Builds async methods whose state, while they wait, lies in an object that is used again by the next call.</summary>
/// <remarks>
/// The runtime's own pooling builder keeps one such object per method and thread, and a server has many sessions that wait in
/// the same method at once: nearly every wait allocated. Results are awaited once, as those of every ValueTask; awaiting one
/// a second time throws. Nothing of an execution context flows along: on a loop nobody has one.
/// </remarks>
/// <typeparam name="TResult">What the method returns.</typeparam>
public struct LoopMethodBuilder<TResult>
{
    private TResult _result;
    private WaitingResult<TResult>? _waiting;

    /// <summary>The result to await.</summary>
    public readonly ValueTask<TResult> Task =>
        _waiting is null ? new ValueTask<TResult>(_result) : new ValueTask<TResult>(_waiting, _waiting.Version);

    internal readonly ValueTask TaskWithoutResult => _waiting is null ? default : new ValueTask(_waiting, _waiting.Version);

    /// <summary>Makes one for a call.</summary>
    public static LoopMethodBuilder<TResult> Create() => default;

    /// <summary>Runs the method up to its first wait.</summary>
    /// <typeparam name="TMethod">The method's state.</typeparam>
    public readonly void Start<TMethod>(ref TMethod method)
        where TMethod : IAsyncStateMachine => method.MoveNext();

    /// <summary>Never needed: the state is copied once, together with this.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method has returned.</summary>
    public void SetResult(TResult result)
    {
        if (_waiting is null)
        {
            _result = result;
        }
        else
        {
            _waiting.SetResult(result);
        }
    }

    /// <summary>The method has thrown.</summary>
    public void SetException(Exception exception) => (_waiting ??= new WaitingResult<TResult>()).SetException(exception);

    /// <summary>The method waits.</summary>
    /// <typeparam name="TAwaiter">What for.</typeparam>
    /// <typeparam name="TMethod">The method's state.</typeparam>
    public void AwaitOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : INotifyCompletion
        where TMethod : IAsyncStateMachine => awaiter.OnCompleted(Keep(ref method));

    /// <inheritdoc cref="AwaitOnCompleted"/>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : ICriticalNotifyCompletion
        where TMethod : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Keep(ref method));

    /// <summary>Moves the state off the stack at the first wait; how to go on.</summary>
    private Action Keep<TMethod>(ref TMethod method)
        where TMethod : IAsyncStateMachine
    {
        if (_waiting is { } known)
        {
            return known.Continue;
        }

        var waiting = WaitingMethod<TMethod, TResult>.Rent();
        _waiting = waiting;
        // This builder is part of the state: the copy has to know where it lies, so it is made last.
        waiting.Method = method;
        return waiting.Continue;
    }
}

/// <summary>The same for methods that return nothing.</summary>
public struct LoopMethodBuilder
{
    private LoopMethodBuilder<bool> _builder;

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.Task"/>
    public readonly ValueTask Task => _builder.TaskWithoutResult;

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.Create"/>
    public static LoopMethodBuilder Create() => default;

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.Start"/>
    public readonly void Start<TMethod>(ref TMethod method)
        where TMethod : IAsyncStateMachine => _builder.Start(ref method);

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.SetStateMachine"/>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => _builder.SetStateMachine(stateMachine);

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.SetResult"/>
    public void SetResult() => _builder.SetResult(true);

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.SetException"/>
    public void SetException(Exception exception) => _builder.SetException(exception);

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.AwaitOnCompleted"/>
    public void AwaitOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : INotifyCompletion
        where TMethod : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref method);

    /// <inheritdoc cref="LoopMethodBuilder{TResult}.AwaitOnCompleted"/>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMethod>(ref TAwaiter awaiter, ref TMethod method)
        where TAwaiter : ICriticalNotifyCompletion
        where TMethod : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref method);
}
