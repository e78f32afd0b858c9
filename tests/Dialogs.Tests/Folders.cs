namespace Dialogs.Tests;

/// <summary>Where scripts are.</summary>
internal static class Folders
{
    /// <summary>The root of the source tree.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Join(folder.FullName, "Postern.slnx"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("The source tree is not above the tests.");
        }
    }

    /// <summary>Our own scripts.</summary>
    public static string Own => Path.Join(Root, "tests", "Dialogs.Tests", "Scripts");

    /// <summary>The scripts of chasquid, beside the source tree; not there everywhere.</summary>
    public static string Chasquid => Path.Join(Root, "..", "shared", "suites", "smtp-dialogs", "chasquid", "t-12-minor_dialogs");
}
