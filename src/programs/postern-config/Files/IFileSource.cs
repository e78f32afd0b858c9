namespace Postern.Config.Files;

/// <summary>Reads the other files that a configuration leads to; a seam for tests.</summary>
internal interface IFileSource
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="maximum">How many bytes it may have.</param>
    /// <param name="content">What it holds; empty after a failure.</param>
    /// <returns>Null, or a few words that say why it can't be read.</returns>
    string? Read(string path, int maximum, out byte[] content);
}
