using System.Reflection;
using Postern.Cell.Tests.Running;
using Xunit.Sdk;
using Xunit.v3;

namespace Postern.Cell.Tests.Prison;

/// <summary>Each text with each mode of a cell.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryModeAttribute(params string[] texts) : DataAttribute
{
    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. from mode in Enum.GetValues<CellMode>() from text in texts select new TheoryDataRow<CellMode, string>(mode, text)]);
}
