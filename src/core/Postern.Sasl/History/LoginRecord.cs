using System.Globalization;
using System.Text;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>One attempt to log in, as it is kept: a line of seven or eight fields parted by tabs, all of them printable.</summary>
/// <remarks>
/// Time in UTC, outcome, service, mechanism, address, name, detail, and "new" where the account was not logged in from there before. What a client sent as a name never stands in it, but for that of an
/// account: nobody writes a line of his own into the file, and a password that was typed in the wrong place stays unknown.
/// </remarks>
public sealed record LoginRecord
{
    /// <summary>The longest line without its end: a long name beyond ASCII, and all else.</summary>
    public const int MaxLength = 1024;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";
    private const int Fields = 7;

    private static readonly string[] _outcomes = ["", "logged-in", "refused", "malformed", "not-authorized", "wrong-binding", "limited", "abandoned", "unconfirmed", "unavailable"];

    /// <summary>When it ended, to the second.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How it ended.</summary>
    public required LoginOutcome Outcome { get; init; }

    /// <summary>Where it was tried, in small letters: "submission" and its like.</summary>
    public required string Service { get; init; }

    /// <summary>By which mechanism.</summary>
    public required SaslMechanism Mechanism { get; init; }

    /// <summary>From where.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>The account; empty when no name was sent, or none that an account has.</summary>
    public string Name { get; init; } = "";

    /// <summary>With the right password the label of an app password; otherwise what stands for a name that nobody has. Printable; may be empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>True for the first login of an account from a place, but for the very first.</summary>
    public bool IsNewPlace { get; init; }

    /// <summary>The word for an outcome.</summary>
    public static string NameOf(LoginOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>The line, with its end.</summary>
    public byte[] Write()
    {
        string time = Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"{time}\t{_outcomes[(int)Outcome]}\t{Service}\t{SaslMechanismNames.Of(Mechanism)}\t{Address}\t{Name}\t{Detail}{(IsNewPlace ? "\tnew" : "")}\n");
    }

    /// <summary>Reads a line, without its end.</summary>
    /// <returns>The attempt; null for a line that is cut off or was changed by hand.</returns>
    public static LoginRecord? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxLength || !Utf8Text.IsValid(line)) return null;
        Span<Range> places = stackalloc Range[Fields + 1];
        int count = 0;
        foreach (var place in line.Split((byte)'\t'))
        {
            if (count == places.Length) return null;
            places[count++] = place;
        }
        bool isNew = count > Fields;
        if (count < Fields || (isNew && !line[places[Fields]].SequenceEqual("new"u8))) return null;
        string time = Encoding.UTF8.GetString(line[places[0]]);
        if (!DateTimeOffset.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return null;
        // Letters of a format fit small ones, too.
        if (time.AsSpan().ContainsAny('t', 'z')) return null;
        int outcome = IndexOf(_outcomes, line[places[1]]);
        if (outcome < 1 || !TryFindMechanism(line[places[3]], out var mechanism) || !IsService(line[places[2]]) || !IpAddress.TryParse(line[places[4]], out var address)) return null;
        string name = "";
        var nameText = line[places[5]];
        if (!nameText.IsEmpty && (!AccountName.TryParse(nameText, out name) || !nameText.SequenceEqual(Encoding.UTF8.GetBytes(name)))) return null;
        if (!Ascii.IsPrintable(line[places[6]])) return null;
        return new LoginRecord
        {
            Time = moment,
            Outcome = (LoginOutcome)outcome,
            Service = Encoding.ASCII.GetString(line[places[2]]),
            Mechanism = mechanism,
            Address = address,
            Name = name,
            Detail = Encoding.ASCII.GetString(line[places[6]]),
            IsNewPlace = isNew,
        };
    }

    // In the one spelling that is written.
    private static bool TryFindMechanism(ReadOnlySpan<byte> text, out SaslMechanism mechanism) =>
        SaslMechanismNames.TryFind(text, out mechanism) && text.SequenceEqual(Encoding.ASCII.GetBytes(SaslMechanismNames.Of(mechanism)));

    private static int IndexOf(string[] words, ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < words.Length; i++)
        {
            if (text.SequenceEqual(Encoding.ASCII.GetBytes(words[i]))) return i;
        }
        return -1;
    }

    private static bool IsService(ReadOnlySpan<byte> text) => text.Length is > 0 and <= 32 && !text.ContainsAnyExceptInRange((byte)'a', (byte)'z');
}
