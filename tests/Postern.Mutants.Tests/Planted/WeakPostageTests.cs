using Postern.Planted;

namespace Postern.Mutants.Tests.Planted;

/// <summary>Tests that pass, and would pass with many a mistake: the mutants that they leave alive are asked for.</summary>
public sealed class WeakPostageTests
{
    [Fact]
    public void ALetter_CostsSomething() => Assert.True(Postage.Of(30) > 0);

    [Fact]
    public void ALetter_CostsWhatItCosts() => Assert.True(Postage.AreAlike(30, 30));
}
