using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Toml;

namespace Postern.Config.Sections;

/// <summary>[aliases]: what addresses of ours stand for, here and in a file in the usual format.</summary>
internal static class AliasesSection
{
    private const string FileKey = "file";

    /// <summary>Reads the section and the file that it names.</summary>
    /// <param name="section">The section.</param>
    /// <param name="domains">What is ours.</param>
    /// <param name="files">Opens the file.</param>
    internal static IReadOnlyList<Alias> Read(SectionReader section, OwnDomains domains, IFileSource files)
    {
        var table = new AliasTable(domains, section.Errors);
        foreach (var (key, entry) in section.Entries)
        {
            if (key == FileKey)
            {
                continue;
            }

            if (Targets(key, entry, section.Errors) is { } targets)
            {
                table.Add(key, entry.KeyPlace, targets);
            }
        }

        if (section.Text(FileKey) is { } file)
        {
            ReadFile(file, table, section.Errors, files);
        }

        return table.Aliases;
    }

    private static List<(string, Place)>? Targets(string key, TomlEntry entry, ErrorList errors)
    {
        switch (entry.Value)
        {
            case TomlText text:
                return [(text.Text, text.Place)];
            case TomlList list when list.Items.All(item => item is TomlText):
                return [.. list.Items.Cast<TomlText>().Select(text => (text.Text, text.Place))];
            case TomlSection { Origin: SectionOrigin.Dotted }:
                errors.Add(entry.KeyPlace, $"a key with a dot or \"@\" must stand in quotes: \"{key}...\" = [...]");
                return null;
            default:
                errors.Add(entry.Value.Place, $"{Printable.Quote(key)} must have an address in quotes or a list of them, and this is {entry.Value.Kind}");
                return null;
        }
    }

    private static void ReadFile(TomlText file, AliasTable table, ErrorList errors, IFileSource files)
    {
        if (!file.Text.StartsWith('/'))
        {
            errors.Add(file.Place, "file must be an absolute path; for an alias of the name file, write \"file@\" and the domain");
            return;
        }

        if (files.Read(file.Text, TomlSource.MaxBytes, out var content) is { } problem)
        {
            errors.Add(file.Place, $"{Printable.Quote(file.Text)} can't be read: {problem}");
            return;
        }

        AliasesFile.Read(file.Text, content, table, errors);
    }
}
