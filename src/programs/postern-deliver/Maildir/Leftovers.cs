using Postern.Posix.Files;

namespace Postern.Deliver.Maildir;

/// <summary>Removes what interrupted deliveries of ours left in tmp.</summary>
internal static class Leftovers
{
    /// <summary>The age that Maildir's specification names: no delivery takes that long.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromHours(36);

    /// <summary>Names looked at in one go; a folder that is fuller is not our doing.</summary>
    private const int MaxNames = 10_000;

    /// <summary>Removes old files whose names are ours; whatever else lies there is none of our business.</summary>
    /// <returns>How many were removed.</returns>
    internal static int Remove(MaildirFolder folder, DateTimeOffset now)
    {
        var names = new List<byte[]>();
        _ = folder.Tmp.List((name, kind) =>
        {
            if (kind is FileKind.Regular or FileKind.Other && names.Count < MaxNames && MessageNames.IsOurs(name))
            {
                names.Add(name.ToArray());
            }
        });
        var removed = 0;
        var oldest = (now - MaxAge).ToUnixTimeSeconds();
        foreach (var name in names)
        {
            if (folder.Tmp.GetStatus(name, out var status).Ok && status.Kind == FileKind.Regular && status.ModifiedSeconds < oldest
                && folder.Tmp.Unlink(name).Ok)
            {
                removed++;
            }
        }

        return removed;
    }
}
