namespace Postern.CommandLine.Zones;

/// <summary>A record as it has to be.</summary>
/// <param name="Name">Its owner, without a final dot.</param>
/// <param name="Type">Its type.</param>
/// <param name="Data">Its data as a zone file has it; null where only the administrator knows it.</param>
internal sealed record WantedRecord(string Name, string Type, string? Data)
{
    // A name has 255 octets on the wire, which are two more than its characters (RFC 1035 §2.3.4).
    private const int MaxName = 253;

    /// <summary>False for the record of a name that is too long to exist.</summary>
    internal bool CanExist => Name.Length <= MaxName;

    /// <summary>The line of a zone file.</summary>
    internal string Line(string placeholder) => $"{Name}.  IN  {Type}  {Data ?? placeholder}";
}

/// <summary>Records that serve one purpose.</summary>
/// <param name="Purpose">Its name, for programs.</param>
/// <param name="IsRequired">False: mail comes and goes without them.</param>
/// <param name="Remarks">Why, and what to look out for, line by line.</param>
/// <param name="Records">The records; none where the configuration gives no reason for any.</param>
internal sealed record WantedGroup(string Purpose, bool IsRequired, IReadOnlyList<string> Remarks, IReadOnlyList<WantedRecord> Records)
{
    /// <summary>True where somebody else sets them: they are shown and not to be copied.</summary>
    internal bool IsElsewhere { get; init; }
}
