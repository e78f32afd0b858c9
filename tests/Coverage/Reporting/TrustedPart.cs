using Postern.Architecture.Trust;

namespace Postern.Coverage.Reporting;

/// <summary>A part of the trusted base: the methods that it consists of, by assembly and row.</summary>
internal sealed record TrustedPart(string Name, IReadOnlySet<(string Assembly, int Method)> Methods)
{
    /// <summary>The parts that docs/trust.md counts, and what else runs in postern-queue.</summary>
    public static IReadOnlyList<TrustedPart> All(string binaries)
    {
        TrustedPart root = new("what can run as root: posternd", Keys(CallGraph.From(Images(binaries, "posternd"))));
        IReadOnlySet<CodeMethod> queue = CallGraph.From(Images(binaries, "postern-queue"));
        TrustedPart log = new("the log and the queue: Postern.Spool and postern-queue", Keys(queue.Where(IsLogOrQueue)));
        TrustedPart below = new("the libraries below postern-queue", Keys(queue.Where(method => !IsLogOrQueue(method))));
        TrustedPart stranger = new(SmtpdPart.Name, Keys(SmtpdPart.Of(Images(binaries, "postern-smtpd"))));
        TrustedPart[] parts = [root, log, below, stranger];
        return [.. parts, new TrustedPart("together", parts.SelectMany(part => part.Methods).ToHashSet())];
    }

    private static bool IsLogOrQueue(CodeMethod method) => method.Image.Name is "Postern.Spool" or "postern-queue";

    // The folder of a program has what it refers to; of these programs nothing else is ours.
    private static IReadOnlyList<CodeImage> Images(string binaries, string program) =>
    [
        .. Directory.EnumerateFiles(Path.Join(binaries, program, "debug"), "*.dll")
            .Where(path => Path.GetFileName(path).StartsWith("postern", StringComparison.OrdinalIgnoreCase))
            .Select(CodeImage.Open),
    ];

    private static HashSet<(string Assembly, int Method)> Keys(IEnumerable<CodeMethod> methods) =>
        [.. methods.Select(method => (method.Image.Name, System.Reflection.Metadata.Ecma335.MetadataTokens.GetRowNumber(method.Handle)))];
}
