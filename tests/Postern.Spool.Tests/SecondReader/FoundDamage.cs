namespace Postern.Spool.Tests.SecondReader;

/// <summary>Something that is not as it was written: where it begins, how long it is, and what section 6 calls it.</summary>
internal readonly record struct FoundDamage(Place Place, DamageReason Reason, uint Length = 0)
{
    /// <summary>What of it lies behind a place; null when nothing does.</summary>
    internal FoundDamage? From(Place begin)
    {
        if (Place >= begin) return this;
        if (Place.Segment != begin.Segment || Place.Offset + Length <= begin.Offset) return null;
        return this with { Place = begin, Length = Place.Offset + Length - begin.Offset };
    }
}
