using System.Globalization;

namespace Postern.TestKit;

/// <summary>How much of a sweep is run: a sample of it, all of it (<c>POSTERN_LONG=1</c>), or one part of all (<c>POSTERN_PART=3/8</c> besides).</summary>
public static class LongForm
{
    private static readonly (int Part, int Parts) _part = ReadPart();

    /// <summary>True when nothing is to be left out.</summary>
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 };

    /// <summary>The cases whose turn it is: all, or every so many-th.</summary>
    public static IEnumerable<T> Part<T>(IEnumerable<T> cases) => cases.Where((_, index) => index % _part.Parts == _part.Part - 1);

    private static (int Part, int Parts) ReadPart()
    {
        if (Environment.GetEnvironmentVariable("POSTERN_PART") is not { Length: > 0 } asked)
        {
            return (1, 1);
        }

        var numbers = asked.Split('/').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        // A part that is none would pass without a single case.
        return numbers is [> 0, _] && numbers[0] <= numbers[1] ? (numbers[0], numbers[1]) : throw new FormatException($"POSTERN_PART={asked} is not a part such as 3/8.");
    }
}
