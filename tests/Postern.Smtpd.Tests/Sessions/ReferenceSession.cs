namespace Postern.Smtpd.Tests.Sessions;

/// <summary>What a session does, said once more and as shortly as possible: the reply code to each command.</summary>
/// <param name="stored">Receives the messages, as "recipients|content".</param>
internal sealed class ReferenceSession(List<string> stored)
{
    /// <summary>The size limit that the reference is about.</summary>
    public const int MaxSize = 40;

    private bool _hello;
    private bool _isExtended;
    private bool _mail;
    private bool _refused;
    private int _recipients;
    private string? _chunks;
    private int _errors;
    private int _harmless;
    private int _unknown;

    public bool IsClosed { get; private set; }

    /// <summary>The code that answers a command; 354 means that content comes next.</summary>
    /// <param name="command">A name of <see cref="ModelCommands"/>.</param>
    /// <param name="isLast">True when nothing was sent behind it.</param>
    public int Reply(string command, bool isLast)
    {
        if (!isLast && ModelCommands.EndsGroup(command)) return Close(554);
        if (command is "EHLO" or "HELO" or "BADHELO" or "RSET" or "NOOP" or "VRFY" && ++_harmless >= 100) return Close(421);
        var code = Judge(command);
        if (IsClosed) return code;
        if (code == 550 && ++_unknown >= 10) return Close(421);
        if (code is (>= 500 and <= 504) or 553 or 555 && ++_errors >= 10) return Close(421);
        if (code == 554 && ++_harmless >= 100) return Close(421);
        return code;
    }

    /// <summary>The code that answers content, which came by DATA.</summary>
    public int End(string content)
    {
        if (content.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal)) return Close(554);
        return Finish(content);
    }

    private int Judge(string command) => command switch
    {
        "EHLO" or "HELO" => Greet(command == "EHLO"),
        "BADHELO" => 501,
        "RSET" => Reset(_hello),
        "NOOP" => 250,
        "VRFY" => 252,
        "QUIT" => Close(221),
        "STARTTLS" => 502,
        "BARE" => Close(500),
        "BADSIZE" => Close(501),
        "HTTP" => Close(554),
        "MAIL" => !_hello || _mail ? 503 : Begin(),
        "BADMAIL" => !_hello || _mail ? 503 : 501,
        "BIGMAIL" => !_hello || _mail ? 503 : _isExtended ? 552 : 555,
        "RCPT" => OutOfPlace(false) ?? Add(),
        "UNKNOWN" => OutOfPlace(false) ?? Refuse(),
        "FOREIGN" => OutOfPlace(false) ?? Refuse(),
        "ROUTE" => OutOfPlace(false) ?? 553,
        "DATA" => OutOfPlace(true) ?? 354,
        "BDAT" => Chunk(ModelCommands.Chunk, isLast: false),
        "LAST" => Chunk(ModelCommands.LastChunk, isLast: true),
        "STRAY" => Chunk(ModelCommands.StrayChunk, isLast: false),
        _ => 500,
    };

    private int? OutOfPlace(bool isContent) =>
        !_mail || _chunks is not null ? 503 : !isContent || _recipients > 0 ? null : _refused ? 554 : 503;

    private int Chunk(string bytes, bool isLast)
    {
        if (_chunks is null && OutOfPlace(true) is { } code) return code;
        _chunks += bytes;
        var fits = _chunks[..Math.Min(_chunks.Length, MaxSize)];
        if (fits.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal)) return Close(554);
        if (_chunks.Length > MaxSize || isLast) return Finish(_chunks);
        return 250;
    }

    private int Finish(string content)
    {
        var fits = content.Length <= MaxSize;
        if (fits) stored.Add($"{_recipients}|{content}");
        if (fits) _harmless = 0;
        Reset(hello: true);
        return fits ? 250 : 552;
    }

    private int Greet(bool isExtended)
    {
        _isExtended = isExtended;
        return Reset(hello: true);
    }

    private int Begin()
    {
        _mail = true;
        return 250;
    }

    private int Add()
    {
        _recipients++;
        return 250;
    }

    private int Refuse()
    {
        _refused = true;
        return 550;
    }

    private int Reset(bool hello)
    {
        _hello = hello;
        _mail = _refused = false;
        _chunks = null;
        _recipients = 0;
        return 250;
    }

    private int Close(int code)
    {
        IsClosed = true;
        return code;
    }
}
