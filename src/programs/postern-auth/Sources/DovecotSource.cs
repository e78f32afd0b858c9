using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Sources;

/// <summary>Asks Dovecot, over the socket on which it lets others log users in (its auth protocol, version 1).</summary>
/// <remarks>
/// One connection, which is made when it is needed. Whatever is not a clear yes is none: an answer that is late, doubled or broken
/// says that nothing can be said now (D11). Everybody's requests share it: one that is not answered takes no other along, unless
/// nothing at all was said since it was sent.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process.")]
internal sealed class DovecotSource : IPasswordSource
{
    /// <summary>How long an answer may take; less than smtpd waits for ours. Dovecot itself lets wrong ones wait for two seconds.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const string NoAnswer = "it does not answer";

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly SocketAddress _socket;
    private readonly Dictionary<uint, Request> _requests = [];
    private readonly ByteQueue _waiting = new();
    private DovecotConnection? _connection;
    private bool _hasFailed;

    // Never given twice, whichever connection: a late answer is for nobody.
    private uint _last;

    /// <param name="loop">The loop.</param>
    /// <param name="path">The socket.</param>
    /// <param name="log">The log.</param>
    internal DovecotSource(EventLoop loop, string path, EventLog log) => (_loop, _socket, _log) = (loop, SocketAddress.Unix(path), log);

    /// <summary>Requests that are not answered.</summary>
    internal int OpenCount => _requests.Count;

    /// <inheritdoc/>
    public void Check(PasswordClaim claim, IpAddress client, Action<PasswordVerdict, string> answer)
    {
        var number = ++_last;
        var timer = _loop.CreateTimer(() => Miss(number));
        timer.Set(Patience);
        _requests.Add(number, new Request(answer, timer, _connection?.Heard ?? 0));
        _waiting.Append(Written(number, claim, client));
        if (_connection is null)
        {
            _connection = new DovecotConnection(_loop, _socket, Take, Lose);
            _connection.Begin();
        }

        Send();
    }

    /// <summary>The request as it is said; the password stands in its last field (base64), behind which nothing may come.</summary>
    /// <remarks>
    /// Without "no-penalty" Dovecot would let all from an address wait, right ones as well, for up to fifteen seconds after a few
    /// wrong ones: longer than we do, so that whoever guesses there could keep its users out. Guessing was limited before it is asked.
    /// </remarks>
    private static byte[] Written(uint number, PasswordClaim claim, IpAddress client)
    {
        byte[] response = [0, .. Encoding.UTF8.GetBytes(claim.Name), 0, .. claim.Password];
        var text = new byte[Base64Text.LengthFor(response.Length)];
        var length = Base64Text.Encode(response, text);
        var head = string.Create(CultureInfo.InvariantCulture, $"AUTH\t{number}\tPLAIN\tservice=smtp\tsecured\tnologin\trip={client}\tno-penalty\tresp=");
        return [.. Encoding.ASCII.GetBytes(head), .. text.AsSpan(0, length), (byte)'\n'];
    }

    private void Send()
    {
        if (_connection is { IsReady: true } ready && _waiting.Length > 0)
        {
            ready.Send(_waiting.Span);
            _waiting.Consume(_waiting.Length);
        }
    }

    private void Take(DovecotLine line)
    {
        if (line.Word == DovecotWord.Done)
        {
            _hasFailed = false;
            Send();
        }
        else if (_requests.Remove(line.Request, out var request))
        {
            _hasFailed = false;
            // One that names no account, as we read it, is a yes for nobody.
            var isRight = line.Word == DovecotWord.Ok && line.User.Length > 0;
            request.End(isRight ? PasswordVerdict.Right : line.Word == DovecotWord.Failed ? PasswordVerdict.Wrong : PasswordVerdict.Unavailable, isRight ? line.User : string.Empty);
        }
    }

    private void Miss(uint number)
    {
        if (_connection?.Heard is { } heard && heard != _requests[number].Heard && _requests.Remove(number, out var missed))
        {
            Complain(NoAnswer);
            missed.End(PasswordVerdict.Unavailable, string.Empty);
            return;
        }

        Lose(NoAnswer);
    }

    private void Lose(string reason)
    {
        _connection?.Dispose();
        _connection = null;
        _waiting.Consume(_waiting.Length);
        var lost = _requests.Values.ToArray();
        _requests.Clear();
        if (lost.Length > 0)
        {
            Complain(reason);
        }

        foreach (var request in lost)
        {
            request.End(PasswordVerdict.Unavailable, string.Empty);
        }
    }

    private void Complain(string reason)
    {
        if (!_hasFailed)
        {
            _hasFailed = true;
            _log.Error("passwords-unavailable").Quoted("reason", reason).Write();
        }
    }

    /// <summary>One that waits for its answer, and how much had been heard when it was made.</summary>
    private sealed record Request(Action<PasswordVerdict, string> Answer, LoopTimer Timer, long Heard)
    {
        internal void End(PasswordVerdict verdict, string name)
        {
            Timer.Unset();
            Answer(verdict, name);
        }
    }
}
