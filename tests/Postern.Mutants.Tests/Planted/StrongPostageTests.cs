using Postern.Planted;

namespace Postern.Mutants.Tests.Planted;

/// <summary>Tests of the same that leave no room for a mistake in what they ask about.</summary>
public sealed class StrongPostageTests
{
    [Theory]
    // The lightest, and what is none.
    [InlineData(0, 0)]
    [InlineData(1, 105)]
    // A step, and the first gram of the next.
    [InlineData(100, 105)]
    [InlineData(101, 125)]
    [InlineData(500, 185)]
    [InlineData(501, 0)]
    public void ALetter_CostsByItsWeight(int grams, int cents) => Assert.Equal(cents, Postage.Of(grams));

    [Theory]
    [InlineData(1, 100, true)]
    [InlineData(100, 101, false)]
    public void Letters_AreAlikeWithinAStep(int grams, int others, bool alike) => Assert.Equal(alike, Postage.AreAlike(grams, others));

    [Theory]
    [InlineData(500, 500)]
    [InlineData(501, 1)]
    public void WhatIsLeft_FitsALetter(int grams, int rest) => Assert.Equal(rest, Postage.Rest(grams));
}
