using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Store;

/// <summary>Which tokens hold, by the keys as they stand in their file.</summary>
internal sealed class TokenStore : ITokens
{
    private readonly WatchedFile<TokenVerifier> _file;
    private readonly TokenRules _rules;
    private readonly TimeProvider _time;
    private readonly EventLog _log;

    private TokenStore(DirectoryHandle folder, string name, TokenRules rules, TimeProvider time, EventLog log)
    {
        (_rules, _time, _log) = (rules, time, log);
        _file = new WatchedFile<TokenVerifier>(folder, Encoding.UTF8.GetBytes(name), TokenKey.MaxSet)
        {
            WhenMissing = () => Refuse("it is not there", stay: false),
            Read = Read,
            Taken = taken => log.Info("token-keys-read").Number("keys", taken.KeyCount).Write(),
            Refused = (reason, stay) => Refuse(reason, stay),
        };
        _ = _file.Current;
    }

    /// <summary>True unless the keys can't be read, and never could.</summary>
    internal bool CanBeRead => _file.Current is not null;

    /// <summary>Opens the folder of a file of keys.</summary>
    /// <returns>Null when it can't be opened, for which <paramref name="problem"/> is the reason.</returns>
    internal static TokenStore? Open(string path, TokenRules rules, TimeProvider time, EventLog log, out string? problem)
    {
        var folder = FolderOf(path);
        var opened = DirectoryHandle.Open(folder, out var directory);
        problem = opened.Ok ? null : $"{folder} can't be opened: {opened}";
        return opened.Ok ? new TokenStore(directory!, Path.GetFileName(path), rules, time, log) : null;
    }

    /// <summary>The folder that a file of keys is in, which another file may be put into.</summary>
    internal static string FolderOf(string path) => Path.GetDirectoryName(path) ?? "/";

    /// <inheritdoc/>
    public bool TryVerify(ReadOnlySpan<byte> token, [NotNullWhen(true)] out string? name)
    {
        name = null;
        return _file.Current is { } verifier && verifier.TryVerify(token, out name);
    }

    private TokenVerifier? Read(ReadOnlySpan<byte> text, out string? reason)
    {
        var keys = TokenKey.ReadSet(text);
        reason = keys is null ? "it is no set of keys (RFC 7517)" : keys.Count == 0 ? "it has no key for RS256 or ES256" : null;
        return reason is null ? new TokenVerifier(_rules, keys!, _time) : null;
    }

    private TokenVerifier? Refuse(string reason, bool stay)
    {
        _log.Error("token-keys-unreadable").Quoted("reason", reason).Word("stay", stay ? "the-old" : "none").Write();
        return null;
    }
}
