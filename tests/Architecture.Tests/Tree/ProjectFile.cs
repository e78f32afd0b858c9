using System.Xml.Linq;

namespace Postern.Architecture.Tree;

/// <summary>What the architecture asks of a project file: who it is, what it uses, whether it may be unsafe.</summary>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References, IReadOnlyList<string> Packages, bool AllowsUnsafe)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsProgram => Path.StartsWith("src/programs/", StringComparison.Ordinal);

    public bool IsShipped => Path.StartsWith("src/", StringComparison.Ordinal);

    public static ProjectFile Parse(string path, string xml)
    {
        XElement root = XElement.Parse(xml);
        List<string> Included(string element) => [.. root.Descendants(element).Select(found => found.Attribute("Include")!.Value)];
        return new ProjectFile(
            path,
            [.. Included("ProjectReference").Select(System.IO.Path.GetFileNameWithoutExtension).Cast<string>()],
            Included("PackageReference"),
            root.Descendants("AllowUnsafeBlocks").Any(found => bool.Parse(found.Value)));
    }
}
