using System.Diagnostics.CodeAnalysis;
using Postern.Text;

namespace Postern.Mail;

/// <summary>Reads the mailboxes of a From or Sender field (RFC 5322 §3.4, RFC 6532 §3.2).</summary>
/// <remarks>
/// Names and comments are passed over. What programs read in different ways is refused: groups, routes, empty places between
/// commas, white space or comments inside an address, an at sign outside quotes in a name.
/// </remarks>
public ref struct AuthorList
{
    /// <summary>Bytes of a field. Arbitrary: far more than any author's name takes.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Mailboxes in a field. Arbitrary: mail has one author as a rule.</summary>
    public const int MaxMailboxes = 16;

    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    private AuthorList(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Judges a field's value.</summary>
    /// <param name="value">What stands behind the colon, without the last line end; folded is fine.</param>
    /// <param name="allowUtf8">True to take addresses beyond ASCII. Names may be UTF-8 in any case, and nothing else.</param>
    /// <param name="mailboxes">The mailboxes, at least one; none when it is refused.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, bool allowUtf8, out Mailbox[] mailboxes)
    {
        mailboxes = [];
        if (value.Length > MaxLength || !Utf8Text.IsValid(value)) return false;
        var list = new AuthorList(value);
        List<Mailbox> found = new(1);
        do
        {
            if (found.Count == MaxMailboxes || !list.TryReadMailbox(allowUtf8, out var mailbox)) return false;
            found.Add(mailbox);
        }
        while (list.Take((byte)','));
        if (list._at < value.Length) return false;
        mailboxes = [.. found];
        return true;
    }

    /// <summary>Reads a mailbox with or without a name, and the space around it.</summary>
    private bool TryReadMailbox(bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        int words = 0;
        bool isName = true;
        ReadOnlySpan<byte> word = default;
        while (SkipSpace() && ReadRun(ref isName) is { IsEmpty: false } run)
        {
            word = run;
            words++;
        }
        if (!Take((byte)'<')) return words == 1 && Mailbox.TryParse(word, allowUtf8, out mailbox);
        if (!isName || !SkipSpace()) return false;
        word = ReadRun(ref isName);
        return SkipSpace() && Take((byte)'>') && SkipSpace() && Mailbox.TryParse(word, allowUtf8, out mailbox);
    }

    private bool Take(byte value)
    {
        if (_at == _text.Length || _text[_at] != value) return false;
        _at++;
        return true;
    }

    /// <summary>Reads atoms, dots, at signs, quoted strings and literals up to a space or anything else.</summary>
    /// <param name="isName">Becomes false when there is something that no name has.</param>
    /// <returns>As it stands there; empty at anything else, and at a quoted string or literal without an end.</returns>
    private ReadOnlySpan<byte> ReadRun(scoped ref bool isName)
    {
        int start = _at;
        while (_at < _text.Length)
        {
            byte value = _text[_at];
            if (value is (byte)'@' or (byte)'[') isName = false;
            if (value is (byte)'"' or (byte)'[')
            {
                int end = value == '"' ? EndOfQuoted(_at) : EndOfLiteral(_at);
                if (end < 0) break;
                _at = end;
            }
            else if (Ascii.IsAtext(value) || value is >= 0x80 or (byte)'.' or (byte)'@')
            {
                _at++;
            }
            else
            {
                break;
            }
        }
        return _text[start.._at];
    }

    /// <summary>Skips white space, folds and comments; false at one that is malformed.</summary>
    private bool SkipSpace()
    {
        while (_at < _text.Length)
        {
            int end = _text[_at] switch
            {
                (byte)' ' or (byte)'\t' => _at + 1,
                (byte)'\r' => EndOfFold(_at),
                (byte)'(' => EndOfComment(_at),
                _ => 0,
            };
            if (end == 0) return true;
            if (end < 0) return false;
            _at = end;
        }
        return true;
    }

    /// <summary>Where the comment ends, with those inside it; -1 when it does not.</summary>
    private readonly int EndOfComment(int at)
    {
        int depth = 0;
        while (at >= 0 && at < _text.Length)
        {
            byte value = _text[at];
            if (value == '(') depth++;
            if (value == ')' && --depth == 0) return at + 1;
            at = EndOfCharacter(at);
        }
        return -1;
    }

    private readonly int EndOfQuoted(int at)
    {
        at++;
        while (at >= 0 && at < _text.Length)
        {
            if (_text[at] == '"') return at + 1;
            at = EndOfCharacter(at);
        }
        return -1;
    }

    private readonly int EndOfLiteral(int at)
    {
        int length = _text[at..].IndexOf((byte)']');
        return length < 0 ? -1 : at + length + 1;
    }

    /// <summary>Where a character of a comment or quoted string ends; -1 when none may stand there.</summary>
    private readonly int EndOfCharacter(int at)
    {
        if (_text[at] == '\r') return EndOfFold(at);
        if (_text[at] == '\\') at++;
        return at < _text.Length && (Ascii.IsPrintable(_text[at]) || _text[at] is >= 0x80 or (byte)'\t') ? at + 1 : -1;
    }

    private readonly int EndOfFold(int at) =>
        _text[at..] is [(byte)'\r', (byte)'\n', (byte)' ' or (byte)'\t', ..] ? at + 3 : -1;
}
