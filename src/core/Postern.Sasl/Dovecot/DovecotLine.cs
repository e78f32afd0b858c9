using Postern.Text;

namespace Postern.Sasl;

/// <summary>A line that Dovecot's authentication says: fields parted by tabs (its auth protocol, version 1).</summary>
public readonly record struct DovecotLine
{
    /// <summary>The longest line that is taken, in bytes, as Dovecot has it itself (AUTH_SERVER_MAX_LINE_LENGTH).</summary>
    public const int MaxLength = 8192;

    /// <summary>What it says.</summary>
    public DovecotWord Word { get; private init; }

    /// <summary>The number of the request that it answers.</summary>
    public uint Request { get; private init; }

    /// <summary>With <see cref="DovecotWord.Ok"/> the account; empty when it names none that is a name.</summary>
    public string User { get; private init; }

    /// <summary>Judges a line; what is unknown is <see cref="DovecotWord.Other"/>, as the protocol grows by new words.</summary>
    /// <param name="line">Without its end.</param>
    public static DovecotLine Read(ReadOnlySpan<byte> line)
    {
        var word = Next(ref line);
        return word.SequenceEqual("VERSION"u8) ? new DovecotLine { Word = Next(ref line).SequenceEqual("1"u8) ? DovecotWord.Version : DovecotWord.Nonsense }
            : word.SequenceEqual("MECH"u8) ? new DovecotLine { Word = Ascii.EqualsIgnoreCase(Next(ref line), "PLAIN"u8) ? DovecotWord.Plain : DovecotWord.Other }
            : word.SequenceEqual("DONE"u8) ? new DovecotLine { Word = DovecotWord.Done }
            : word.SequenceEqual("OK"u8) ? Answer(DovecotWord.Ok, line)
            : word.SequenceEqual("FAIL"u8) ? Answer(DovecotWord.Failed, line)
            // PLAIN with a first response asks nothing: what would be answered is not known.
            : word.SequenceEqual("CONT"u8) ? Answer(DovecotWord.Unable, line)
            : new DovecotLine { Word = DovecotWord.Other };
    }

    private static DovecotLine Answer(DovecotWord word, ReadOnlySpan<byte> line)
    {
        if (!DecimalText.TryRead(Next(ref line), uint.MaxValue, out var request))
        {
            return new DovecotLine { Word = DovecotWord.Nonsense };
        }

        var (user, users) = (string.Empty, 0);
        while (!line.IsEmpty)
        {
            var field = Next(ref line);
            if (field.StartsWith("user="u8))
            {
                users++;
                _ = AccountName.TryParse(field[5..], out user);
            }
            else if (word == DovecotWord.Failed && (field.SequenceEqual("temp"u8) || field.SequenceEqual("code=temp_fail"u8)))
            {
                word = DovecotWord.Unable;
            }
        }

        // Two accounts are none.
        return new DovecotLine { Word = word, Request = request, User = users == 1 ? user : string.Empty };
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)'\t');
        var field = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return field;
    }
}

/// <summary>What a line of Dovecot's means here.</summary>
public enum DovecotWord
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>The protocol is the one that is spoken here.</summary>
    Version,

    /// <summary>It takes PLAIN.</summary>
    Plain,

    /// <summary>It takes requests now.</summary>
    Done,

    /// <summary>The password is right.</summary>
    Ok,

    /// <summary>It is not, or whoever it is may not log in.</summary>
    Failed,

    /// <summary>It can't say now.</summary>
    Unable,

    /// <summary>What no Dovecot says.</summary>
    Nonsense,
}
