namespace Postern.Smtpd.Tests.Sessions;

/// <summary>A session said once more, as shortly as possible, from the RFCs and docs/attacks.tsv: what each command is answered, what is stored.</summary>
internal sealed class ReferenceSession(ReferenceWorld world, bool isTrusted, bool isLmtp)
{
    private bool _hello, _extended, _mail, _refused;
    private string _recipients = "";
    private string? _chunks;
    private int _count, _errors, _harmless, _unknown, _begun, _putOff, _copies;

    public bool IsClosed { get; private set; }

    /// <summary>The replies to a command; 354 means that content comes next. isLast: nothing was sent behind it (RFC 2920 §3.1).</summary>
    public string[] Reply(ModelCommand command, bool isLast)
    {
        _copies = 1;
        if (!isLast && command.EndsGroup) return [Close("554 5.5.0")];
        if (command.LeadsNowhere && ++_harmless >= 100) return [Close("421 4.7.0")];
        var isForNobody = command.Kind is CommandKind.Data or CommandKind.Chunk && _mail && _chunks is null && _count == 0 && _refused;
        return Counted(isForNobody, Judge(command, command.Answer(isTrusted, isLmtp, _extended)));
    }

    /// <summary>The replies to the end of content that came by DATA.</summary>
    public string[] End(string content) => Counted(false, Finish(content, isWhole: true));

    private string[] Counted(bool isForNobody, string reply)
    {
        var isTooMany = !IsClosed && (isForNobody ? ++_harmless >= 100
            : reply[..3] == "550" ? !isTrusted && ++_unknown >= 10
            : reply[0] == '4' ? !isTrusted && ++_putOff >= 1000
            : IsMistake(reply) && ++_errors >= 10);
        return [.. Enumerable.Repeat(reply, _copies - 1), isTooMany ? Close("421 4.7.0") : reply];
    }

    private string Judge(ModelCommand command, string answer) => command.Kind switch
    {
        CommandKind.Hello => answer == "250" ? Greet(command.Name != "HELO") : answer,
        CommandKind.Reset => Reset(answer),
        CommandKind.Sender => !_hello || _mail ? "503 5.5.1" : Mail(answer),
        CommandKind.Recipient => !_mail || _chunks is not null ? "503 5.5.1" : Recipient(answer, command.Argument),
        CommandKind.Data => OutOfPlace() ?? answer,
        CommandKind.Chunk => (_chunks is null ? OutOfPlace() : null) ?? Chunk(_chunks += command.Argument, command.Name.StartsWith("LAST", StringComparison.Ordinal)),
        CommandKind.Closing => Close(answer),
        _ => answer,
    };

    private static bool IsMistake(string reply) => reply[..2] == "50" || reply[..3] is "553" or "555";

    private string Greet(bool isExtended)
    {
        (_hello, _extended) = (true, isExtended);
        return Reset("250");
    }

    private string Mail(string answer)
    {
        if (IsMistake(answer)) return answer;
        if (!isTrusted && ++_begun > 1000) return Close("421 4.7.0");
        var reply = answer[..3] == "552" ? answer : world.AtMail ?? answer;
        _mail = reply[..3] == "250";
        return reply;
    }

    private string Recipient(string answer, string address)
    {
        if (IsMistake(answer)) return answer;
        if (_count >= ReferenceWorld.MaxRecipients) return "452 4.5.3";
        if (answer[..3] == "250") (_recipients, _count) = (_count == 0 ? address : $"{_recipients},{address}", _count + 1);
        else _refused = true;
        return answer;
    }

    // Why no content can come now, if so: RFC 5321 §3.3, RFC 2033 §4.2.
    private string? OutOfPlace() =>
        _mail && _chunks is null && _count > 0 ? null : _mail && _chunks is null && _refused && !isLmtp ? "554 5.5.1" : "503 5.5.1";

    private string Chunk(string content, bool isLast) =>
        isLast || content.Length > ReferenceWorld.MaxSize || ReferenceWorld.HasStray(content, false) ? Finish(content, isLast) : "250 2.0.0";

    private string Finish(string content, bool isWhole)
    {
        _copies = isLmtp && isWhole ? _count : 1;
        if (ReferenceWorld.HasStray(content, isWhole)) return Close("554 5.6.0");
        if (content.Length > ReferenceWorld.MaxSize) return Reset("552 5.3.4");
        if (world.TryStore($"{_recipients}: {content}")) _harmless = _putOff = 0;
        return Reset(world.AtEnd);
    }

    private string Reset(string reply)
    {
        (_mail, _refused, _chunks, _recipients, _count) = (false, false, null, "", 0);
        return reply;
    }

    private string Close(string reply)
    {
        IsClosed = true;
        return reply;
    }
}
