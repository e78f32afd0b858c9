using System.Globalization;
using System.Reflection;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

/// <summary>
/// Every test of a session with a scripted server once more (groups A and I), with all that the server says byte by byte, and cut
/// between each CR and its LF: what a reply means must not depend on how it came.
/// </summary>
public sealed class InPiecesTests
{
    private static readonly Type[] _sessions =
    [
        typeof(BadServerTests), typeof(ContentTests), typeof(DowngradeTests), typeof(EnvelopeTests), typeof(HostFailureTests), typeof(LmtpTests),
        typeof(NonsenseTests), typeof(OfferTests), typeof(ReuseTests), typeof(SmuggledContentTests),
    ];

    // A reply too many is seen when it is there together with the one in front of it. Byte by byte it comes when that was believed already,
    // as it has to be: nobody can wait for what may never come.
    private static readonly (string Method, int Row)[] _aboutSegments =
    [
        (nameof(BadServerTests.NoSession_IsTheWorldsFault), 8),
        (nameof(BadServerTests.RepliesThatDoNotFit_DeferEverybody), 1),
        (nameof(BadServerTests.RepliesThatDoNotFit_DeferEverybody), 3),
        (nameof(BadServerTests.RepliesThatDoNotFit_DeferEverybody), 4),
    ];

    /// <summary>Class, method, number of the row (−1 for a fact), and how it is cut.</summary>
    public static TheoryData<string, string, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int, string>();
            var methods = _sessions.SelectMany(type => type.GetMethods())
                .Where(method => method.GetCustomAttribute<FactAttribute>() is not null);
            foreach (var method in methods)
            {
                var rows = Rows(method).Count;
                for (var row = rows == 0 ? -1 : 0; row < rows; row++)
                {
                    if (!_aboutSegments.Contains((method.Name, row))) cases.Add(method.DeclaringType!.FullName!, method.Name, row, nameof(ReplyPieces.EachByte));
                    cases.Add(method.DeclaringType!.FullName!, method.Name, row, nameof(ReplyPieces.BeforeLineFeed));
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task WhatHoldsForRepliesInOnePiece_HoldsInAnyPieces(string type, string method, int row, string pieces)
    {
        ScriptedServer.Pieces.Value = Enum.Parse<ReplyPieces>(pieces);
        var owner = typeof(InPiecesTests).Assembly.GetType(type, throwOnError: true)!;
        var test = owner.GetMethod(method)!;
        var instance = Activator.CreateInstance(owner)!;
        using var disposed = instance as IDisposable;
        if (test.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, row < 0 ? [] : Fitted(test, Rows(test)[row]), CultureInfo.InvariantCulture) is Task running)
        {
            await running;
        }
    }

    [Fact]
    public void ThereAreCases() => Assert.InRange(Cases.Count, 300, 2000);

    private static List<object?[]> Rows(MethodInfo method) =>
    [
        .. method.GetCustomAttributes<InlineDataAttribute>().Select(row => row.Data),
        .. method.GetCustomAttributes<MemberDataAttribute>()
            .SelectMany(data => (IEnumerable<ITheoryDataRow>)method.DeclaringType!.GetProperty(data.MemberName)!.GetValue(null)!).Select(row => row.GetData()),
    ];

    /// <summary>As the compiler would pass them: an int where a uint is asked for, an array for the rest, nothing for what has a default.</summary>
    private static object?[] Fitted(MethodInfo method, object?[] row) =>
    [
        .. method.GetParameters().Select((parameter, place) =>
            place >= row.Length ? parameter.DefaultValue
            : row[place] is IConvertible given && parameter.ParameterType.IsPrimitive
                ? Convert.ChangeType(given, parameter.ParameterType, CultureInfo.InvariantCulture)
            : row[place]),
    ];
}
