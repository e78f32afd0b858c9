namespace Postern.CommandLine.Zones.Checking;

/// <summary>What came of looking at one record set.</summary>
internal enum Verdict
{
    /// <summary>As it has to be.</summary>
    Right = 0,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>There, and wrong.</summary>
    Different,

    /// <summary>Nobody answered: it may be right.</summary>
    Unanswered,

    /// <summary>There, and not for this command to judge.</summary>
    Unjudged,
}

/// <summary>One record set, as it is in DNS.</summary>
/// <param name="Purpose">What it is for; see <see cref="WantedGroup.Purpose"/>.</param>
/// <param name="Name">Its owner, without a final dot.</param>
/// <param name="Type">Its type.</param>
internal sealed record Finding(string Purpose, string Name, string Type)
{
    /// <summary>Whether it is right.</summary>
    internal Verdict Verdict { get; init; }

    /// <summary>False: it may be missing; what is there has to be right all the same.</summary>
    internal bool IsRequired { get; init; }

    /// <summary>The resolver said that signatures were verified; its word counts only when it is trusted.</summary>
    internal bool IsAuthenticated { get; init; }

    /// <summary>The data that is there, printable.</summary>
    internal IReadOnlyList<string> There { get; init; } = [];

    /// <summary>The data that would be right; none where that is nobody's to say.</summary>
    internal IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>What is wrong, or worth knowing.</summary>
    internal string Remark { get; init; } = "";

    /// <summary>True when something has to be done about it.</summary>
    internal bool IsFault => Verdict == Verdict.Different || (Verdict == Verdict.Missing && IsRequired);

    /// <summary>The same, judged.</summary>
    internal Finding As(Verdict verdict, string remark = "") => this with { Verdict = verdict, Remark = remark };
}
