using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.Auth.Notices;

/// <summary>Whose notices they are.</summary>
/// <param name="Host">The name of this server.</param>
/// <param name="From">Whom a user may write to.</param>
internal sealed record NoticeOrigin(DomainName Host, Mailbox From)
{
    /// <summary>Reads it from the configuration.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="origin">It, or null where no notices are wanted.</param>
    /// <returns>False for what is no configuration of notices.</returns>
    internal static bool TryRead(in AuthSlice settings, out NoticeOrigin? origin)
    {
        origin = null;
        if (settings.NoticesFrom.Length > 0 && DomainName.TryParse(settings.HostName, out var host) && Mailbox.TryParse(settings.NoticesFrom, out var from))
        {
            origin = new NoticeOrigin(host, from);
        }

        return origin is not null || settings.NoticesFrom.Length == 0;
    }
}
