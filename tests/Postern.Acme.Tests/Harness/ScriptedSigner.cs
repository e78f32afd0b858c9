using System.Text;
using Postern.Acme.Keys;
using Postern.Acme.Web;
using Postern.Ipc.Issuance;

namespace Postern.Acme.Tests.Harness;

/// <summary>The program with the keys, as a test wants it; what it "signs" can be read.</summary>
internal sealed class ScriptedSigner : ISigner
{
    internal const string Thumbprint = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";

    /// <summary>What it answers when it is asked, and afterwards once more and more; null for nothing.</summary>
    internal Queue<KeyState?> States { get; } = new();

    /// <summary>False when it signs nothing.</summary>
    internal bool Signs { get; set; } = true;

    /// <summary>What it says to a certificate.</summary>
    internal KeyState? AfterChain { get; set; } = new(TimeSpan.FromDays(60), Thumbprint);

    /// <summary>The certificates that it was handed.</summary>
    internal List<string> Chains { get; } = [];

    internal static KeyState Due(double seconds) => new(TimeSpan.FromSeconds(seconds), Thumbprint);

    public ValueTask<KeyState?> AskAsync() => ValueTask.FromResult(States.Count > 1 ? States.Dequeue() : States.Peek());

    public ValueTask<byte[]?> SignAsync(SignedPurpose purpose, string nonce, WebPlace place, WebPlace? account) =>
        ValueTask.FromResult(Signs ? Encoding.ASCII.GetBytes($"{purpose} {nonce} {account?.Text[ScriptedWeb.Root.Length..] ?? "-"}") : null);

    public ValueTask<KeyState?> HandInAsync(byte[] chain)
    {
        Chains.Add(Encoding.UTF8.GetString(chain));
        return ValueTask.FromResult(AfterChain);
    }
}
