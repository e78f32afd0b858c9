namespace Postern.TestKit.Servers;

/// <summary>A folder that a test has for itself and that is gone afterwards.</summary>
public sealed class Scratch : IDisposable
{
    /// <summary>Makes one; as root it belongs to nobody, as whom the programs then run.</summary>
    /// <param name="belongsToNobody">False for a folder that stays root's.</param>
    public Scratch(bool belongsToNobody = true)
    {
        // Short: a path below it has to fit into a Unix socket's address.
        Folder = Directory.CreateTempSubdirectory("pt-").FullName;
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(Folder, open);
        if (belongsToNobody && Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", Folder]).MustSucceed();
        }
    }

    /// <summary>Its absolute path.</summary>
    public string Folder { get; }

    /// <summary>A path below it.</summary>
    public string this[string name] => Path.Join(Folder, name);

    /// <summary>Writes a file that everybody can read and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A peer that is still ending writes once more: the folder is the system's to clean then.
        }
    }
}
