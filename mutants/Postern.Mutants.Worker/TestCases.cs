using System.Reflection;
using Xunit;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace Postern.Mutants.Worker;

/// <summary>The test cases of an assembly, found once and run one by one, as often as wanted.</summary>
internal sealed class TestCases : IAsyncDisposable
{
    private readonly List<ITestCase> _cases;
    private readonly ITestFrameworkExecutor _executor;

    private TestCases(List<ITestCase> cases, ITestFrameworkExecutor executor) => (_cases, _executor) = (cases, executor);

    /// <summary>Names in an order that is the same in each process.</summary>
    public IEnumerable<string> Names => _cases.Select(found => found.TestCaseDisplayName.ReplaceLineEndings(" "));

    public static async Task<TestCases> FindAsync(string assembly, string? onlyClass)
    {
        var tests = Assembly.Load(new AssemblyName(assembly));
        Begin();
        var framework = new XunitTestFramework();
        List<ITestCase> cases = [];
        var discovery = TestFrameworkOptions.ForDiscovery(new TestAssemblyConfiguration { PreEnumerateTheories = true });
        await framework.GetDiscoverer(tests).Find(
            found =>
            {
                bool wanted = onlyClass is null || found.TestClassName == onlyClass;
                if (wanted && !found.Explicit && found.SkipReason is null) cases.Add(found);
                return new ValueTask<bool>(true);
            },
            discovery);
        var ordered = cases.OrderBy(found => found.TestCaseDisplayName, StringComparer.Ordinal).ThenBy(found => found.UniqueID, StringComparer.Ordinal);
        return new TestCases([.. ordered], framework.GetExecutor(tests));
    }

    public async Task<bool> PassesAsync(int number)
    {
        Begin();
        var seen = new Outcome();
        var execution = TestFrameworkOptions.ForExecution(new TestAssemblyConfiguration { ParallelMode = ParallelMode.None, SynchronousMessageReporting = true });
        await _executor.RunTestCases([_cases[number]], seen, execution);
        return seen.Passed;
    }

    // The framework's context belongs to the asynchronous method that sets it.
    private static void Begin() => TestContext.SetForInitialization(null, diagnosticMessages: false, internalDiagnosticMessages: false);

    public async ValueTask DisposeAsync()
    {
        if (_executor is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    /// <summary>Whether anything went wrong.</summary>
    private sealed class Outcome : IMessageSink
    {
        private int _bad;

        public bool Passed => Volatile.Read(ref _bad) == 0;

        public bool OnMessage(IMessageSinkMessage message)
        {
            // Failures of tests, and of all that is cleaned up around them.
            if (message is ITestFailed or IErrorMessage or ITestCleanupFailure or ITestClassCleanupFailure or ITestCaseCleanupFailure
                or ITestMethodCleanupFailure or ITestCollectionCleanupFailure or ITestAssemblyCleanupFailure) Volatile.Write(ref _bad, 1);
            return true;
        }
    }
}
