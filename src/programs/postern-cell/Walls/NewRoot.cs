namespace Postern.Cell.Walls;

/// <summary>A root folder that has in it what the program gets, read-only, and no other name at all.</summary>
/// <remarks>
/// Landlock refuses to open the rest, this hides it: whether a file is there, how large it is, when it was last changed. The mounts are
/// taken by descriptor before, so that no link within them leads elsewhere than it does outside.
/// </remarks>
internal static class NewRoot
{
    private const nint Recursive = 0x4000;
    private const nint Private = 1 << 18;
    private const nint NoSetuidOrDevices = 2 | 4;
    private const nint CloneTree = 1 | 0x80000 | 0x8000; // OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, AT_RECURSIVE
    private const nint AllBeneath = 0x8000;
    private const nint SourceIsDescriptor = 4;
    private const nint Detach = 2;
    private const nint RegularFile = 0x8000 | 0x124; // S_IFREG, 0444
    private const nint FolderMode = 0x16d; // 0555
    private const ulong ReadOnlyWithoutSetuid = 1 | 2;
    private const int AttributesSize = 32; // struct mount_attr

    /// <summary>Where it is built: any folder that every system has. What is there stays visible outside.</summary>
    private static readonly string[] _sites = ["/tmp", "/run", "/var", "/usr"];

    /// <summary>Writes the steps; the descriptors that they leave open lead back out, and must be closed.</summary>
    /// <param name="steps">Gets them.</param>
    /// <param name="paths">What is to be in it, none within another.</param>
    internal static void Write(StepWriter steps, IReadOnlyList<string> paths)
    {
        steps.Purpose = "make a root of its own";
        var script = steps.Script;
        steps.Must(StepCalls.Umask, 0);
        var none = script.Pin(string.Empty);
        var here = script.Pin(".");
        var kind = script.Pin("tmpfs");
        steps.Must(StepCalls.Mount, none, script.Pin("/"), 0, Recursive | Private);
        var trees = paths.Select(path => steps.Must(StepCalls.OpenTree, StepWriter.Here, script.Pin(path), CloneTree)).ToArray();
        var site = script.Pin(Array.Find(_sites, Directory.Exists) ?? "/");
        steps.Must(StepCalls.Mount, kind, site, kind, NoSetuidOrDevices, script.Pin("mode=755,size=1m"));
        steps.Must(StepCalls.Chdir, site);
        for (var i = 0; i < paths.Count; i++)
        {
            var inside = paths[i].TrimStart('/');
            for (var slash = inside.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = inside.IndexOf('/', slash + 1))
            {
                steps.Try(StepCalls.MakeFolder, StepWriter.Here, script.Pin(inside[..slash]), FolderMode);
            }

            var target = script.Pin(inside);
            steps.Must(
                Directory.Exists(paths[i]) ? StepCalls.MakeFolder : StepCalls.MakeFile,
                StepWriter.Here, target, Directory.Exists(paths[i]) ? FolderMode : RegularFile);
            script.PassOn(trees[i], steps.Must(StepCalls.MoveMount, 0, none, StepWriter.Here, target, SourceIsDescriptor));
        }

        steps.Must(StepCalls.MountAttributes, StepWriter.Here, here, AllBeneath, script.Pin([ReadOnlyWithoutSetuid, 0, 0, 0]), AttributesSize);
        steps.Must(StepCalls.PivotRoot, here, here);
        steps.Must(StepCalls.Unmount, here, Detach);
        steps.Must(StepCalls.Chdir, script.Pin("/"));
    }
}
