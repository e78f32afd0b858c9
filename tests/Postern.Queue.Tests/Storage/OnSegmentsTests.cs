using System.Globalization;
using System.Reflection;

namespace Postern.Queue.Tests.Storage;

/// <summary>
/// Every test of the queue's logic once more, on the log that ships instead of the one in memory: what they say must not
/// depend on which of the two implementations of the interface is below.
/// </summary>
public sealed class OnSegmentsTests
{
    private static readonly Assembly _tests = typeof(OnSegmentsTests).Assembly;
    private static readonly Type[] _haveTheirOwn = [typeof(OnSegmentsTests), typeof(DamageTests), typeof(DamageSweepTests), typeof(Notices.DamagedDebtTests), typeof(StrangeRecordTests), typeof(Simulation.SimulationTests)];

    /// <summary>Class, method, and number of the row; −1 for a fact. Tests that bring their own log say the same twice and are left out.</summary>
    public static TheoryData<string, string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int>();
            var methods = _tests.GetTypes().Where(type => type.IsPublic && !_haveTheirOwn.Contains(type))
                .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FactAttribute>() is not null);
            foreach (var method in methods)
            {
                var rows = Rows(method).Count;
                for (var row = rows == 0 ? -1 : 0; row < rows; row++)
                {
                    cases.Add(method.DeclaringType!.FullName!, method.Name, row);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task WhatHoldsInMemory_HoldsOnSegments(string type, string method, int row)
    {
        RigStorage.OnSegments.Value = true;
        var owner = _tests.GetType(type, throwOnError: true)!;
        var test = owner.GetMethod(method)!;
        var instance = Activator.CreateInstance(owner)!;
        using var disposed = instance as IDisposable;
        var arguments = row < 0 ? [] : Fitted(test, Rows(test)[row]);
        if (test.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture) is Task running)
        {
            await running;
        }
    }

    [Fact]
    public void ThereAreCases() => Assert.InRange(Cases.Count, 150, 1000);

    private static List<object?[]> Rows(MethodInfo method) =>
        [.. method.GetCustomAttributes<InlineDataAttribute>().Select(row => row.Data)];

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
