using Postern.Architecture.Tree;

namespace Postern.Architecture.Dependencies;

/// <summary>The reference graph is the trust graph: these rules hold it to the published table.</summary>
internal static class DependencyRules
{
    /// <summary>The projects with unsafe code, one for each library that is called: libc, and OpenSSL (docs/adr/0040-own-binding-to-openssl.md).</summary>
    public static IReadOnlyList<string> UnsafeProjects { get; } = ["Postern.Posix", "Postern.Tls"];

    /// <summary>The programs that may reach OpenSSL: whoever reads SMTP or mail must not have it in his memory.</summary>
    public static IReadOnlyList<string> TlsPrograms { get; } = ["postern-tls", "postern-remote", "postern-acme"];

    /// <summary>What posternd, queue, smtpd, local, deliver and bounce are: programs whose fall would break the guarantees.</summary>
    public static IReadOnlyList<string> TrustedPrograms { get; } =
        ["posternd", "postern-queue", "postern-smtpd", "postern-local", "postern-deliver", "postern-bounce"];

    /// <summary>Every way in which the shipped projects and the table differ.</summary>
    public static IEnumerable<string> Differences(IEnumerable<ProjectFile> projects, IReadOnlyList<DependencyRow> table)
    {
        Dictionary<string, DependencyRow> rows = table.ToDictionary(row => row.Project);
        foreach (ProjectFile project in projects.Where(project => project.IsShipped))
        {
            if (!rows.Remove(project.Name, out DependencyRow? row))
            {
                yield return $"{project.Name} is not in the table.";
                continue;
            }

            foreach (string difference in Between(project.References, row.References).Concat(Between(project.Packages, row.Packages)))
            {
                yield return $"{project.Name}: {difference}";
            }
        }

        foreach (string name in rows.Keys)
        {
            yield return $"{name} is in the table and not in the tree.";
        }
    }

    /// <summary>A program is a trust boundary: nothing but its tests refers to it, and nothing shipped refers to a test.</summary>
    public static IEnumerable<string> ForbiddenReferences(IReadOnlyList<ProjectFile> projects)
    {
        HashSet<string> programs = [.. projects.Where(project => project.IsProgram).Select(project => project.Name)];
        HashSet<string> shipped = [.. projects.Where(project => project.IsShipped).Select(project => project.Name)];
        return
            from project in projects
            where project.IsShipped
            from reference in project.References
            where programs.Contains(reference) || !shipped.Contains(reference)
            select $"{project.Name} refers to {reference}.";
    }

    /// <summary>Programs of the trusted base, and the libraries they reach, use no package.</summary>
    public static IEnumerable<string> PackagesInTheTrustedBase(IReadOnlyList<ProjectFile> projects)
    {
        Dictionary<string, ProjectFile> byName = projects.ToDictionary(project => project.Name);
        return
            from program in TrustedPrograms
            from name in Closure(program, byName)
            from package in byName[name].Packages
            select $"{program} reaches the package {package} by {name}.";
    }

    public static IEnumerable<string> StrayUnsafeCode(IEnumerable<ProjectFile> projects) =>
        projects.Where(project => project.AllowsUnsafe && !UnsafeProjects.Contains(project.Name)).Select(project => $"{project.Name} allows unsafe code.");

    /// <summary>Programs that reach OpenSSL and may not.</summary>
    public static IEnumerable<string> StrayTls(IReadOnlyList<ProjectFile> projects)
    {
        Dictionary<string, ProjectFile> byName = projects.ToDictionary(project => project.Name);
        return
            from program in projects
            where program.IsProgram && !TlsPrograms.Contains(program.Name) && Closure(program.Name, byName).Contains("Postern.Tls")
            select $"{program.Name} reaches OpenSSL.";
    }

    /// <summary>A project and every project it refers to, by any number of steps.</summary>
    public static IReadOnlySet<string> Closure(string project, IReadOnlyDictionary<string, ProjectFile> byName)
    {
        HashSet<string> reached = [];
        Stack<string> open = new([project]);
        while (open.TryPop(out string? name))
        {
            if (reached.Add(name))
            {
                foreach (string reference in byName[name].References)
                {
                    open.Push(reference);
                }
            }
        }

        return reached;
    }

    private static IEnumerable<string> Between(IReadOnlyList<string> actual, IReadOnlyList<string> written)
    {
        foreach (string name in actual.Except(written))
        {
            yield return $"uses {name}, which the table does not have.";
        }

        foreach (string name in written.Except(actual))
        {
            yield return $"does not use {name}, which the table has.";
        }
    }
}
