namespace Postern.Spool.Tests.SecondReader;

/// <summary>Something that is not as it was written: where it begins, and what section 6 calls it.</summary>
internal readonly record struct FoundDamage(Place Place, DamageReason Reason, uint End = 0)
{
    internal bool IsFrom(Place begin) => Place >= begin || (Place.Segment == begin.Segment && End > begin.Offset);
}
