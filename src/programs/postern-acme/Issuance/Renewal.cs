using Postern.Acme.Keys;
using Postern.Role.Logging;

namespace Postern.Acme.Issuance;

/// <summary>Gets certificates when they are due, and tries again when that fails.</summary>
/// <param name="signer">Says when.</param>
/// <param name="getAsync">Gets one: null, or what went wrong and how long the authority wants to be left alone.</param>
/// <param name="pause">Waits.</param>
/// <param name="log">The log.</param>
internal sealed class Renewal(ISigner signer, Func<string, ValueTask<RenewalFailure?>> getAsync, IPause pause, EventLog log)
{
    /// <summary>How often it is asked whether there is anything to do: a reload may have changed the names.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromMinutes(15);

    /// <summary>The wait after the first failure; it doubles with each. Authorities count failures: five in an hour are the most that the
    /// largest allows for one name.</summary>
    internal static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(15);

    /// <summary>The longest: a certificate that is due has a third of its time left.</summary>
    internal static readonly TimeSpan LastRetry = TimeSpan.FromHours(12);

    private static readonly TimeSpan _noAnswer = TimeSpan.FromSeconds(5);

    private int _failures;
    private bool _rests;

    /// <summary>Goes on as long as the program does.</summary>
    internal async Task RunAsync()
    {
        while (true)
        {
            await pause.WaitAsync(await StepAsync());
        }
    }

    /// <summary>Looks once, and gets a certificate if one is due; the result is how long to wait until the next look.</summary>
    internal async ValueTask<TimeSpan> StepAsync()
    {
        if (await signer.AskAsync() is not { } state)
        {
            return _noAnswer;
        }

        if (state.DueIn > TimeSpan.Zero)
        {
            _failures = 0;
            if (!_rests)
            {
                _rests = true;
                log.Info("acme-rests").Number("due_seconds", (long)state.DueIn.TotalSeconds).Write();
            }

            return state.DueIn < Look ? state.DueIn : Look;
        }

        _rests = false;
        if (await getAsync(state.Thumbprint) is not { } failure)
        {
            _failures = 0;
            log.Info("acme-issued").Write();
            return Look;
        }

        var wait = After(_failures++);
        wait = failure.RetryAfter > wait ? failure.RetryAfter.Value : wait;
        log.Warning("acme-failed").Quoted("reason", failure.Problem).Number("retry_seconds", (long)wait.TotalSeconds).Write();
        return wait;
    }

    private static TimeSpan After(int failures)
    {
        var wait = FirstRetry * Math.Pow(2, Math.Min(failures, 10));
        return wait < LastRetry ? wait : LastRetry;
    }
}

/// <summary>What went wrong.</summary>
/// <param name="Problem">In words for the administrator.</param>
/// <param name="RetryAfter">How long the authority wants to be left alone; null when it did not say.</param>
internal sealed record RenewalFailure(string Problem, TimeSpan? RetryAfter);
