using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Sasl;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Harness;

/// <summary>A server's part of SCRAM, as a script has it: well, with a false proof of its own, or without one.</summary>
internal sealed class ScramPart : IAccounts
{
    internal const string User = "us@example.org";
    internal const string Password = "a secret=of,ours";

    private readonly string _how;
    private readonly ScramExchange _exchange;

    /// <param name="facts">The TLS that it runs in.</param>
    /// <param name="command">The client's AUTH.</param>
    /// <param name="how">The step of the script.</param>
    internal ScramPart(TlsFacts facts, string command, string how)
    {
        _how = how;
        var isPlus = command.StartsWith("AUTH SCRAM-SHA-256-PLUS ", StringComparison.Ordinal);
        _exchange = new ScramExchange(this, isPlus ? new ChannelBinding(facts.EndPoint, facts.Exporter) : default, isPlus, "nonceOfTheServer"u8);
    }

    public bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account)
    {
        var salt = new ScramSalt("salt"u8.ToArray(), ScramSalt.MinIterations);
        account = new Account(User, salt, [new AccountPassword(string.Empty, ScramVerifier.Create(salt, Encoding.ASCII.GetBytes(Password)))]);
        return name.SequenceEqual(Encoding.ASCII.GetBytes(User));
    }

    internal string Answer(string line)
    {
        if (line == "*")
        {
            return "501 5.7.0 given up";
        }

        var step = _exchange.Next(Convert.FromBase64String(line.Split(' ')[^1]));
        var challenge = step.Challenge.ToArray();
        if (challenge is [(byte)'v', ..] && _how == "SCRAM skips")
        {
            return "235 2.7.0 welcome";
        }

        if (challenge is [(byte)'v', ..] && _how == "SCRAM lies")
        {
            challenge[2] = (byte)(challenge[2] == 'A' ? 'B' : 'A');
        }

        return step.GoesOn ? $"334 {Convert.ToBase64String(challenge)}" : step.Login is null ? "535 5.7.8 no" : "235 2.7.0 welcome";
    }
}
