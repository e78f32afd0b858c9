using Postern.Posix.Processes;

namespace Postern.Config.Files;

/// <summary>The files of this host, as the user that the program runs as may read them.</summary>
internal sealed class SystemFiles : IFileSource
{
    /// <inheritdoc/>
    public string? Read(string path, int maximum, out byte[] content)
    {
        content = [];
        var result = ReadOnlyFile.Open(path, out var opened);
        if (result.Failed)
        {
            return result.ToString();
        }

        using var file = opened!;
        result = MemoryFile.ReadAll(file.Number, maximum, out content);
        return !result.Failed ? null : result.Error == Posix.Errno.InvalidArgument ? $"larger than {maximum} bytes" : result.ToString();
    }
}
