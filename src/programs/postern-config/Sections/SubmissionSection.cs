using Postern.Config.Values;
using Postern.Ipc.Slices;

namespace Postern.Config.Sections;

/// <summary>[submission]: how much a user who has logged in may send, and what her messages tell of her.</summary>
internal static class SubmissionSection
{
    /// <summary>Arbitrary: far more than a person writes, and far fewer than whoever has stolen a password wants to send.</summary>
    private const uint MessagesPerHour = 500;
    private const uint MessagesPerDay = 2000;
    private const uint RecipientsPerHour = 2000;
    private const uint RecipientsPerDay = 10_000;

    /// <summary>So that nobody has to count the digits of what is meant to be no limit.</summary>
    private const uint Most = 1_000_000_000;

    /// <summary>A month: longer than most who write ahead do, and short enough for what a disk has to keep. Arbitrary.</summary>
    private const uint MaxHold = 30 * DurationText.Day;

    /// <summary>The queue keeps nothing back for longer, whoever asks.</summary>
    private const uint LongestHold = 366 * DurationText.Day;

    /// <summary>For how many seconds a user may have a message held back (RFC 4865); 0 is not at all.</summary>
    internal static uint ReadMaxHold(SectionReader section) =>
        section.Entry("max_hold")?.Value is Toml.TomlText { Text: "never" } ? 0 : section.Duration("max_hold", 1, LongestHold) ?? MaxHold;

    /// <summary>Reads the section.</summary>
    internal static SendingSlice Read(SectionReader section) => new()
    {
        MessagesPerHour = section.Number("messages_per_hour", 0, Most, MessagesPerHour),
        MessagesPerDay = section.Number("messages_per_day", 0, Most, MessagesPerDay),
        RecipientsPerHour = section.Number("recipients_per_hour", 0, Most, RecipientsPerHour),
        RecipientsPerDay = section.Number("recipients_per_day", 0, Most, RecipientsPerDay),
        HidesClient = section.Flag("hide_client", fallback: false),
    };
}
