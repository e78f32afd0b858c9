using Postern.Config.Toml;
using Postern.Config.Values;
using Postern.Ipc.Wire;

namespace Postern.Config.Sections;

/// <summary>[limits]: how much of everything at most.</summary>
internal static class LimitsSection
{
    private const ulong Kibi = 1024;

    /// <summary>What large providers take, attachments encoded.</summary>
    private const ulong MessageSize = 50 * Kibi * Kibi;

    /// <summary>RFC 5321 §4.5.3.1.7: a message may always have 64 KiB; a smaller limit is for tests and odd devices.</summary>
    private const ulong LeastMessageSize = Kibi;

    /// <summary>Sizes of content are kept in 31 bits by many a peer.</summary>
    private const ulong LargestMessageSize = 2 * Kibi * Kibi * Kibi;

    /// <summary>Ten times what RFC 5321 §4.5.3.1.8 asks for.</summary>
    private const uint Recipients = 1000;
    private const uint MostRecipients = AddressLimits.MaxRecipients;

    /// <summary>At some 5 KB for each idle session, 50 MB.</summary>
    private const uint Connections = 10_000;
    private const uint MostConnections = 250_000;

    /// <summary>What Postfix allows.</summary>
    private const uint ConnectionsPerClient = 50;

    /// <summary>RFC 5321 §4.5.3.2.7: at least five minutes for a command.</summary>
    private const uint CommandTimeout = 5 * 60;
    private const uint LongestCommand = 3600;

    /// <summary>Fifty megabytes over a slow line.</summary>
    private const uint SessionTimeout = 3600;

    /// <summary>What Postfix opens to one destination.</summary>
    private const uint Concurrency = 20;
    private const uint MostConcurrency = 1000;

    /// <summary>Reads the section.</summary>
    internal static Limits Read(SectionReader section)
    {
        var connections = section.Number("connections", 1, MostConnections, Connections);
        var perClient = section.Number("connections_per_client", 1, MostConnections, Math.Min(ConnectionsPerClient, connections));
        if (perClient > connections)
        {
            section.Errors.Add(section.PlaceOf("connections_per_client"), $"connections_per_client must not be more than connections, {connections}");
        }

        var command = section.Duration("command_timeout", 1, LongestCommand);
        var session = section.Duration("session_timeout", 1, DurationText.Day);
        var wholeSession = session ?? Math.Max(SessionTimeout, command ?? 0);
        var oneCommand = command ?? Math.Min(CommandTimeout, wholeSession);
        if (oneCommand > wholeSession)
        {
            section.Errors.Add(section.PlaceOf("command_timeout"), $"command_timeout must not be longer than session_timeout, {DurationText.Write(wholeSession)}");
        }

        return new Limits
        {
            MessageSize = Size(section),
            Recipients = section.Number("recipients", 1, MostRecipients, Recipients),
            Connections = connections,
            ConnectionsPerClient = perClient,
            CommandSeconds = oneCommand,
            SessionSeconds = wholeSession,
            Concurrency = section.Number("concurrency", 1, MostConcurrency, Concurrency),
        };
    }

    private static ulong Size(SectionReader section)
    {
        const string Key = "message_size";
        if (section.Entry(Key) is not { } entry)
        {
            return MessageSize;
        }

        ulong bytes;
        switch (entry.Value)
        {
            case TomlNumber number:
                bytes = (ulong)Math.Max(number.Number, 0);
                break;
            case TomlText text when SizeText.TryRead(text.Text, out bytes):
                break;
            default:
                section.Errors.Add(entry.Value.Place, "message_size must be a number of bytes, or one with K, M or G in quotes, as in \"50M\"");
                return LargestMessageSize; // Whoever goes by a wrong file leaves it to the running server to refuse.
        }

        if (bytes is < LeastMessageSize or > LargestMessageSize)
        {
            section.Errors.Add(entry.Value.Place, "message_size must be from 1K to 2G");
            return LargestMessageSize;
        }

        return bytes;
    }
}
