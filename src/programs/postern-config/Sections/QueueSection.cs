using Postern.Config.Values;

namespace Postern.Config.Sections;

/// <summary>[queue]: how often and how long delivery is tried.</summary>
internal static class QueueSection
{
    // RFC 5321 §4.5.4.1: retry after half an hour at least, give up after four to five days. The first wait is shorter
    // here because greylisting made a quick second attempt useful.
    private const uint RetryFirst = 5 * 60;
    private const uint RetryMax = 4 * 3600;
    private const uint Expire = 5 * DurationText.Day;
    private const uint WarnAfter = 4 * 3600;

    /// <summary>Nobody waits a month for mail; arbitrary.</summary>
    private const uint Longest = 30 * DurationText.Day;

    /// <summary>Reads the section.</summary>
    internal static QueueTimes Read(SectionReader section)
    {
        var retryFirst = section.Duration("retry_first", 1, DurationText.Day);
        var retryMax = section.Duration("retry_max", 1, Longest);
        var expire = section.Duration("expire", 1, Longest);
        var warnAfter = Warning(section);

        // A default gives way to what was written; what was written must fit together.
        var life = expire ?? Math.Max(Expire, retryMax ?? 0);
        var longest = retryMax ?? Math.Max(retryFirst ?? 0, Math.Min(RetryMax, life));
        var first = retryFirst ?? Math.Min(RetryFirst, longest);
        var warn = warnAfter ?? Math.Min(WarnAfter, life);
        if (first > longest)
        {
            section.Errors.Add(section.PlaceOf("retry_first"), $"retry_first must not be longer than retry_max, {DurationText.Write(longest)}");
        }

        if (longest > life)
        {
            var key = section.Has("retry_max") ? "retry_max" : "retry_first";
            section.Errors.Add(section.PlaceOf(key), $"{key} must not be longer than expire, {DurationText.Write(life)}");
        }

        if (warn > life)
        {
            section.Errors.Add(section.PlaceOf("warn_after"), $"warn_after must not be longer than expire, {DurationText.Write(life)}; \"never\" sends no notice");
        }

        return new QueueTimes(first, longest, life, warn);
    }

    private static uint? Warning(SectionReader section) =>
        section.Entry("warn_after")?.Value is Toml.TomlText { Text: "never" } ? 0 : section.Duration("warn_after", 1, Longest);
}
