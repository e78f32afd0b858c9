using System.Diagnostics.CodeAnalysis;
using Postern.Mail;
using Postern.Text;

namespace Postern.Directory.Tables;

/// <summary>Where an alias leads: an address, or a local part of the domain that was asked for.</summary>
internal sealed class AliasTarget
{
    private readonly Mailbox? _mailbox;
    private readonly byte[] _local;

    private AliasTarget(Mailbox? mailbox, byte[] local)
    {
        _mailbox = mailbox;
        _local = local;
    }

    /// <summary>Reads a target as it stands in the configuration.</summary>
    /// <param name="text">An address, or a bare local part without quotes.</param>
    /// <param name="domain">The domain that a bare local part is of; null when that is the one asked for.</param>
    /// <param name="target">The target.</param>
    internal static bool TryRead(ReadOnlySpan<byte> text, MailDomain? domain, [NotNullWhen(true)] out AliasTarget? target)
    {
        target = null;
        if (Mailbox.TryParse(text, allowUtf8: true, out var mailbox))
        {
            target = new AliasTarget(mailbox, []);
        }
        else if (text.Contains((byte)'@'))
        {
            return false;
        }
        else if (domain is null)
        {
            target = BareName.IsValid(text) ? new AliasTarget(null, text.ToArray()) : null;
        }
        else if (Mailbox.TryCreate(text, domain, out mailbox))
        {
            target = new AliasTarget(mailbox, []);
        }

        return target is not null;
    }

    /// <summary>The address that it leads to.</summary>
    /// <param name="domain">The domain that was asked for.</param>
    /// <param name="mailbox">The address.</param>
    /// <returns>False when local part and domain are too long together.</returns>
    internal bool TryResolve(MailDomain domain, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = _mailbox;
        return mailbox is not null || Mailbox.TryCreate(_local, domain, out mailbox);
    }
}

/// <summary>A local part that stands alone in the tables, meant for every own domain.</summary>
internal static class BareName
{
    /// <summary>True for what can be a local part: printable, without an "@", and not too long.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > Mailbox.MaxLocalPart)
        {
            return false;
        }

        foreach (var value in name)
        {
            if (value == '@' || !(Ascii.IsPrintable(value) || value >= 0x80))
            {
                return false;
            }
        }

        return true;
    }
}
