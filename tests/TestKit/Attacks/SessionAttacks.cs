namespace Postern.TestKit.Attacks;

/// <summary>Every attack that comes as bytes to the SMTP server.</summary>
public static class SessionAttacks
{
    /// <summary>All of them, in the order of docs/attacks.tsv.</summary>
    public static IReadOnlyList<SessionAttack> All { get; } = [.. ContentAttacks.All, .. CommandAttacks.All, .. AddressAttacks.All, .. ChunkAttacks.All];

    /// <summary>The attack of an id.</summary>
    public static SessionAttack Of(string id) => All.Single(attack => attack.Id == id);
}
