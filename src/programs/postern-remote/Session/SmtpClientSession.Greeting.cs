using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Smtp;

namespace Postern.Remote.Session;

/// <content>The greeting (RFC 5321 §3.1, §3.2; RFC 2033 §4.1).</content>
internal sealed partial class SmtpClientSession
{
    private bool Pipelines => _offered.Offers(SmtpExtensions.Pipelining);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> GreetAsync()
    {
        if (!await ReadReplyAsync(SessionTimeouts.Banner))
        {
            return false;
        }

        if (_reader.Code / 100 != 2)
        {
            return _reader.Code < 400 ? Odd("unexpected reply to the connection") : Refuse();
        }

        if (await HelloAsync(Hop.IsLmtp ? CommandVerb.Lhlo : CommandVerb.Ehlo))
        {
            return true;
        }

        // RFC 5321 §3.2: who does not know EHLO may know HELO. LMTP has no such past.
        if (Failure is null && _reader.Code >= 500 && !Hop.IsLmtp && await HelloAsync(CommandVerb.Helo))
        {
            return true;
        }

        return Failure is null && (_reader.Code < 400 ? Odd("unexpected reply to the hello") : Refuse());
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> HelloAsync(CommandVerb verb)
    {
        _ = ClientCommand.TryWriteHello(verb, _setting.HostName, _outgoing.Reserve(ClientCommand.MaxCommand), out var length);
        _outgoing.Advance(length);
        var offered = new EhloCapabilities();
        if (!await SendAsync(SessionTimeouts.Command)
            || !await ReadReplyAsync(SessionTimeouts.Command, verb == CommandVerb.Helo ? null : offered)
            || _reader.Code / 100 != 2)
        {
            return false;
        }

        _offered = offered;
        return true;
    }
}
