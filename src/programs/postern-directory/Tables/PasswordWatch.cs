using Postern.Posix.Processes;

namespace Postern.Directory.Tables;

/// <summary>Reads the system users again when their file has changed, at most every few seconds.</summary>
internal sealed class PasswordWatch(string path, TimeProvider time, uint own)
{
    /// <summary>A password file of 100,000 users is a tenth of this; a larger one is not what it should be.</summary>
    private const long MaxFile = 64 * 1024 * 1024;

    /// <summary>A new account gets mail after this long at the latest.</summary>
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(3);

    private (DateTime Modified, long Length)? _read;
    private long _looked;
    private bool _hasLooked;

    /// <summary>Looks at the file if it is time to.</summary>
    /// <returns>The users when they were read anew; null when there is nothing new or the file can't be read.</returns>
    internal SystemUserSet? Look()
    {
        var now = time.GetTimestamp();
        if (_hasLooked && time.GetElapsedTime(_looked, now) < _interval)
        {
            return null;
        }

        _hasLooked = true;
        _looked = now;
        try
        {
            // The stamp is taken first: a change while the file is read is seen the next time.
            var file = new FileInfo(path);
            var stamp = (file.LastWriteTimeUtc, file.Length);
            if (stamp == _read || stamp.Length > MaxFile)
            {
                return null;
            }

            var users = SystemUserSet.Read(File.ReadAllBytes(path), own);
            _read = stamp;
            return users;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The watch over the machine's own file.</summary>
    internal static PasswordWatch OfThisHost(TimeProvider time) => new(PasswordFile.Path, time, OwnProcess.User);
}
