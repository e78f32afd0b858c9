namespace Postern.Queue.Tests.Simulation;

/// <summary>The addresses of the simulated world, and what the aliases among them stand for.</summary>
internal static class Addresses
{
    private static readonly string[] _recipients =
    [
        "u1@a.test", "u2@a.test", "u3@a.test", "alias@a.test", "list@a.test", "x@b.test", "y@b.test", "x@c.test", "x@relay.test",
    ];

    private static readonly string[] _senders = ["s1@a.test", "s2@a.test", "s@f.test", "t@f.test", ""];

    internal static string AnyRecipient(Random random) => _recipients[random.Next(_recipients.Length)];

    internal static string AnySender(Random random) => _senders[random.Next(_senders.Length)];

    /// <summary>What an alias stands for; null for what is none.</summary>
    internal static string[]? Meaning(string address) => address switch
    {
        "alias@a.test" => ["u1@a.test"],
        "list@a.test" => ["u2@a.test", "x@b.test", "x@d.test"],
        _ => null,
    };

    internal static bool IsList(string address) => address == "list@a.test";

    /// <summary>Where a message to this address has to arrive in the end.</summary>
    internal static string[] Finals(string address) => Meaning(address) ?? [address];
}
