using Postern.TestKit.Attacks;

namespace Postern.EndToEnd.Attacks;

/// <summary>Groups A, B, E and H against the real programs: the same table that smtpd's own tests play.</summary>
public sealed class LiveAttackTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    public static TheoryData<string> Content => Ids(ContentAttacks.All);

    public static TheoryData<string> Commands => Ids(CommandAttacks.All);

    public static TheoryData<string> Addresses => Ids(AddressAttacks.All);

    public static TheoryData<string> Chunks => Ids(ChunkAttacks.All);

    [Theory]
    [MemberData(nameof(Content))]
    public void WhateverStandsInContent_IsDeliveredAsOneMessageOrNone(string id) => server.Play(SessionAttacks.Of(id));

    [Theory]
    [MemberData(nameof(Commands))]
    public void CommandThatIsNoneOrOutOfPlace_DeliversNothing(string id) => server.Play(SessionAttacks.Of(id));

    [Theory]
    [MemberData(nameof(Addresses))]
    public void AddressThatIsNotOurs_ReachesNobody(string id) => server.Play(SessionAttacks.Of(id));

    [Theory]
    [MemberData(nameof(Chunks))]
    public void Chunk_EndsWhereItSays(string id) => server.Play(SessionAttacks.Of(id));

    private static TheoryData<string> Ids(IEnumerable<SessionAttack> attacks) => [.. attacks.Select(attack => attack.Id)];
}
