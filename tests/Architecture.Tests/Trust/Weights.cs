using Postern.Architecture.Sizes;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>What of one program is linked: its code that can run, in lines of ours and in bytes of instructions of packages.</summary>
internal sealed record Weight(string Program, Counted Lines, int OwnBytes, int PackageBytes)
{
    /// <summary>The named parts of the programs that have a limit of their own.</summary>
    public const string BeforeRecipient = SmtpdPart.Name;

    private const string LogAndQueue = "Postern.Spool and postern-queue";

    public static IEnumerable<string> Programs { get; } =
        ["posternd", "postern-config", "postern-smtpd", "postern-directory", "postern-queue", "postern-remote", "postern-local", "postern-deliver", "postern-bounce", "postern-tls", "postern-auth", "postern-acme", "postern-cell", "postern"];

    public static IReadOnlyDictionary<string, Weight> OfAll(IReadOnlyList<SourceFile> shipped)
    {
        Declarations declarations = new(shipped);
        Dictionary<string, Weight> weights = Programs.ToDictionary(program => program, program => Of(program, declarations, Reached(program)));
        IReadOnlySet<CodeMethod> before = SmtpdPart.Of(ProgramImages.Of("postern-smtpd"));
        weights.Add(BeforeRecipient, Of(BeforeRecipient, declarations, before));
        return weights;
    }

    /// <summary>What of a program can run. A package may call by reflection what no instruction names: there the linker's word counts, too.</summary>
    public static IReadOnlySet<CodeMethod> Reached(string program)
    {
        IReadOnlyList<CodeImage> images = ProgramImages.Of(program);
        string[] stale = [.. ProgramImages.Stale(images)];
        if (stale.Length > 0)
        {
            throw new InvalidOperationException($"{program} was built before {stale[0]} changed: run ./build.");
        }

        return CallGraph.From(images, ProgramImages.Linked(program, images).Where(method => !method.Image.IsOurs));
    }

    /// <summary>What has a limit in eng/budgets.tsv.</summary>
    public static IEnumerable<Measurement> Limited(IReadOnlyDictionary<string, Weight> weights) =>
    [
        new("trusted-lines", "posternd", weights["posternd"].Lines.All.Count),
        new("trusted-lines", LogAndQueue, LogAndQueueOf(weights).All.Count),
        new("trusted-lines", BeforeRecipient, weights[BeforeRecipient].Lines.All.Count),
        new("trusted-lines", SmtpdPart.OwnName, OwnOf(weights).All.Count),
        new("trusted-statements", BeforeRecipient, weights[BeforeRecipient].Lines.Statements.Count),
    ];

    /// <summary>Of what runs in postern-queue the log and the queue's own logic, without the libraries that every program has.</summary>
    public static Counted LogAndQueueOf(IReadOnlyDictionary<string, Weight> weights) =>
        weights["postern-queue"].Lines.In("src/core/Postern.Spool/", "src/programs/postern-queue/");

    /// <summary>Of what runs in postern-smtpd before a recipient is accepted what is not in every program.</summary>
    public static Counted OwnOf(IReadOnlyDictionary<string, Weight> weights) => weights[BeforeRecipient].Lines.In(SmtpdPart.OwnFolders);

    private static Weight Of(string name, Declarations declarations, IReadOnlySet<CodeMethod> reached) =>
        new(name, declarations.LinesOf(reached), Bytes(reached, ours: true), Bytes(reached, ours: false));

    private static int Bytes(IEnumerable<CodeMethod> methods, bool ours) =>
        methods.Where(method => method.Image.IsOurs == ours).Sum(method => method.Image.BodyOf(method.Handle)?.GetILBytes()!.Length ?? 0);
}
