using System.Text;
using Postern.Acme.Issuance;
using Postern.Acme.Tests.Harness;
using Postern.Loop;
using Postern.Role.Logging;
using Postern.Sasl.Tests;

namespace Postern.Acme.Tests.Issuance;

/// <summary>When a certificate is got, and how long it takes until that is tried again.</summary>
public sealed class RenewalTests : IDisposable
{
    private readonly EventLoop _loop = new(new ManualClock());
    private readonly StringBuilder _log = new();
    private readonly ScriptedSigner _signer = new();
    private readonly Queue<RenewalFailure?> _outcomes = new();
    private readonly Renewal _renewal;
    private int _got;

    public RenewalTests()
    {
        _renewal = new Renewal(_signer, Get, new CountedPause(), new EventLog("acme", _loop, line => _log.Append(Encoding.ASCII.GetString(line)) is not null));
        _signer.States.Enqueue(ScriptedSigner.Due(0));
    }

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(899, 899)]
    [InlineData(900, 900)]
    [InlineData(5_000_000, 900)]
    public async Task CertificateThatIsNotDue_IsLeftAlone_AndLookedAtEveryQuarterOfAnHour(double due, int wait)
    {
        _signer.States.Clear();
        _signer.States.Enqueue(ScriptedSigner.Due(due));
        Assert.Equal(TimeSpan.FromSeconds(wait), await _renewal.StepAsync());
        Assert.Equal(0, _got);
    }

    [Fact]
    public async Task CertificateThatIsDue_IsGot()
    {
        _outcomes.Enqueue(null);
        Assert.Equal(TimeSpan.FromMinutes(15), await _renewal.StepAsync());
        Assert.Equal(1, _got);
        Turn();
        Assert.Contains("info acme acme-issued", _log.ToString(), StringComparison.Ordinal);
    }

    // Whoever waits for a certificate that is not asked for has to see it.
    [Fact]
    public async Task ThatNothingIsDue_IsSaidOnce_AndAgainAfterACertificate()
    {
        _signer.States.Clear();
        foreach (var due in new[] { 2000, 1100, 0, 5000, 4100 }) _signer.States.Enqueue(ScriptedSigner.Due(due));
        _outcomes.Enqueue(null);
        for (var step = 0; step < 5; step++)
        {
            await _renewal.StepAsync();
            Turn();
        }

        var lines = _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("info acme acme-rests due_seconds=2000", lines[0], StringComparison.Ordinal);
        Assert.Contains("info acme acme-issued", lines[1], StringComparison.Ordinal);
        Assert.Contains("info acme acme-rests due_seconds=5000", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_AreTriedAgainAfterTimesThatDouble_UpToHalfADay()
    {
        int[] minutes = [15, 30, 60, 120, 240, 480, 720, 720, 720, 720, 720, 720, 720];
        foreach (var wait in minutes)
        {
            _outcomes.Enqueue(new RenewalFailure("it says \"no\"\r\n", null));
            Assert.Equal(TimeSpan.FromMinutes(wait), await _renewal.StepAsync());
            Turn();
        }

        Assert.Equal(minutes.Length, _got);
        var lines = _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(minutes.Length, lines.Length);
        Assert.All(lines, line => Assert.Contains("warning acme acme-failed reason=", line, StringComparison.Ordinal));
        Assert.Contains("retry_seconds=900", lines[0], StringComparison.Ordinal);
        Assert.Contains("retry_seconds=43200", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyThousandFailures_AreNoReasonToStop()
    {
        for (var failure = 0; failure < 5000; failure++)
        {
            _outcomes.Enqueue(new RenewalFailure("no", null));
            await _renewal.StepAsync();
        }

        _outcomes.Enqueue(new RenewalFailure("no", null));
        Assert.Equal(TimeSpan.FromHours(12), await _renewal.StepAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Success_BeginsTheTimesAnew(bool byItself)
    {
        _outcomes.Enqueue(new RenewalFailure("no", null));
        _outcomes.Enqueue(new RenewalFailure("no", null));
        await _renewal.StepAsync();
        await _renewal.StepAsync();
        if (byItself)
        {
            _outcomes.Enqueue(null);
        }
        else
        {
            // Somebody else put a certificate there.
            _signer.States.Clear();
            _signer.States.Enqueue(ScriptedSigner.Due(1));
            _signer.States.Enqueue(ScriptedSigner.Due(0));
        }

        await _renewal.StepAsync();
        _outcomes.Enqueue(new RenewalFailure("no", null));
        Assert.Equal(TimeSpan.FromMinutes(15), await _renewal.StepAsync());
    }

    [Theory]
    [InlineData(60, 900)]
    [InlineData(901, 901)]
    [InlineData(86_400, 86_400)]
    public async Task LongerTimeThatTheAuthorityAsksFor_IsKept(int asked, int wait)
    {
        _outcomes.Enqueue(new RenewalFailure("no", TimeSpan.FromSeconds(asked)));
        Assert.Equal(TimeSpan.FromSeconds(wait), await _renewal.StepAsync());
    }

    [Fact]
    public async Task SignerThatDoesNotAnswer_IsAskedAgainSoon()
    {
        _signer.States.Clear();
        _signer.States.Enqueue(null);
        Assert.Equal(TimeSpan.FromSeconds(5), await _renewal.StepAsync());
        Assert.Equal(0, _got);
        Turn();
        Assert.Empty(_log.ToString());
    }

    /// <summary>What was logged goes out.</summary>
    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    private ValueTask<RenewalFailure?> Get(string thumbprint)
    {
        Assert.Equal(ScriptedSigner.Thumbprint, thumbprint);
        _got++;
        return ValueTask.FromResult(_outcomes.Dequeue());
    }
}
