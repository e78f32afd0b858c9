using CsCheck;

namespace Postern.Mail.Tests;

/// <summary>Generators that the tests share.</summary>
internal static class Some
{
    /// <summary>One of the values, each as likely as the next.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
