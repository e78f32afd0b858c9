using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Attacks;

/// <summary>Groups A, B, E and H: each attack in one segment, byte by byte, and cut at every place.</summary>
public class SessionAttackTests
{
    public static TheoryData<string> Content => Ids(ContentAttacks.All);

    public static TheoryData<string> Commands => Ids(CommandAttacks.All);

    public static TheoryData<string> Addresses => Ids(AddressAttacks.All);

    public static TheoryData<string> Chunks => Ids(ChunkAttacks.All);

    [Theory]
    [MemberData(nameof(Content))]
    public void WhateverStandsInContent_IsContentOrRefusesTheMessage(string id) => AttackRun.Play(SessionAttacks.Of(id));

    [Theory]
    [MemberData(nameof(Commands))]
    public void CommandThatIsNoneOrOutOfPlace_ChangesNothing(string id) => AttackRun.Play(SessionAttacks.Of(id));

    [Theory]
    [MemberData(nameof(Addresses))]
    public void AddressThatIsNotOurs_GetsNothing(string id) => AttackRun.Play(SessionAttacks.Of(id));

    [Theory]
    [MemberData(nameof(Chunks))]
    public void Chunk_IsAsLongAsItSays(string id) => AttackRun.Play(SessionAttacks.Of(id));

    [Theory]
    // What the public scanners send: smtpsmug, and SMTP-Smuggling-Tools inbound and outbound.
    [InlineData("\n.\n")]
    [InlineData("\n.\r")]
    [InlineData("\r.\n")]
    [InlineData("\r.\r")]
    [InlineData("\n.\r\n")]
    [InlineData("\r.\r\n")]
    [InlineData("\r\n.\n")]
    [InlineData("\r\n.\r")]
    [InlineData("\r\n\0.\r\n")]
    [InlineData("\r\n.\0\r\n")]
    [InlineData("\r\n.\r\r\n")]
    [InlineData("\r\r\n.\r\r\n")]
    public void SequenceOfPublicScanners_IsOneOfOurs(string sequence) =>
        Assert.Contains(EndSequences.Refused, known => known.Bytes == sequence);

    private static TheoryData<string> Ids(IEnumerable<SessionAttack> attacks) => [.. attacks.Select(attack => attack.Id)];
}
