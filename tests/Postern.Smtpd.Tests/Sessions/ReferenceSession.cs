namespace Postern.Smtpd.Tests.Sessions;

/// <summary>What a session does, said once more and as shortly as possible: the reply code to each command.</summary>
internal sealed class ReferenceSession
{
    private bool _hello;
    private bool _mail;
    private bool _chunks;
    private bool _refused;
    private int _recipients;
    private int _errors;
    private int _harmless;
    private int _unknown;

    public bool IsClosed { get; private set; }

    public int Messages { get; private set; }

    /// <summary>The code that answers the command; 354 stands for content that the caller sends and that is taken.</summary>
    public int Reply(string command)
    {
        var harmless = command is "EHLO" or "HELO" or "RSET" or "NOOP" or "VRFY";
        if (harmless && ++_harmless >= 100) return Close(421);
        var code = Judge(command);
        if (code == 550 && ++_unknown >= 10) return Close(421);
        if (code is >= 500 and <= 504 && ++_errors >= 10) return Close(421);
        return code == 221 ? Close(221) : code;
    }

    private int Judge(string command) => command switch
    {
        "EHLO" or "HELO" => Reset(hello: true),
        "RSET" => Reset(_hello),
        "NOOP" => 250,
        "VRFY" => 252,
        "QUIT" => 221,
        "STARTTLS" => 502,
        "MAIL" => !_hello || _mail ? 503 : Begin(),
        "BADMAIL" => !_hello || _mail ? 503 : 501,
        "RCPT" => !_mail || _chunks ? 503 : Add(),
        "UNKNOWN" => !_mail || _chunks ? 503 : Refuse(),
        "DATA" => !_mail || _chunks ? 503 : _recipients == 0 ? NoRecipients() : End(354),
        "BDAT" => !_mail ? 503 : _recipients == 0 ? NoRecipients() : More(),
        "LAST" => !_mail ? 503 : _recipients == 0 ? NoRecipients() : End(250),
        _ => 500,
    };

    private int NoRecipients() => _refused ? 554 : 503;

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

    private int More()
    {
        _chunks = true;
        return 250;
    }

    private int End(int code)
    {
        Messages++;
        _harmless = 0;
        Reset(hello: true);
        return code;
    }

    private int Reset(bool hello)
    {
        _hello = hello;
        _mail = _chunks = _refused = false;
        _recipients = 0;
        return 250;
    }

    private int Close(int code)
    {
        IsClosed = true;
        return code;
    }
}
