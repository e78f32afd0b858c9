namespace Postern.Spool;

/// <summary>The last two complete checkpoints, and what they allow to be freed.</summary>
/// <remarks>
/// Two, because one can become unreadable: recovery then begins at the older one, and everything from there on must still
/// be there.
/// </remarks>
/// <param name="Newer">Where the last complete checkpoint ends; the default when there is none.</param>
/// <param name="NewerStart">Where reading on begins with it.</param>
/// <param name="Older">Where the one before ends; the default when there is none.</param>
/// <param name="OlderStart">Where reading on begins with it.</param>
internal readonly record struct CheckpointPair(
    RecordPosition Newer, RecordPosition NewerStart, RecordPosition Older, RecordPosition OlderStart)
{
    /// <summary>The pair after one more checkpoint was completed.</summary>
    internal CheckpointPair With(RecordPosition end, RecordPosition start) => new(end, start, Newer, NewerStart);

    /// <summary>The pair after a segment was freed: a checkpoint that needs it is none any more.</summary>
    internal CheckpointPair Without(uint segment) =>
        segment >= NewerStart.Segment ? default : segment >= OlderStart.Segment ? new(Newer, NewerStart, default, default) : this;

    /// <summary>True when a segment may be freed as far as recovery is concerned; see the remarks of <see cref="IRecordLog"/>.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="oldest">The number of the oldest segment.</param>
    /// <param name="hole">The highest number that was freed although there were older ones; 0 when that never happened.</param>
    internal bool Allows(uint segment, uint oldest, uint hole) =>
        (Older != default && segment < OlderStart.Segment) || (segment == oldest && hole < oldest);
}
