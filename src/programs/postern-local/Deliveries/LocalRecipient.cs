using Postern.Ipc.Directory;

namespace Postern.Local.Deliveries;

/// <summary>One recipient of an attempt, and what is known of it so far.</summary>
internal sealed class LocalRecipient(uint number, byte[] address, bool final)
{
    /// <summary>Its number within the attempt.</summary>
    internal uint Number { get; } = number;

    /// <summary>Its address.</summary>
    internal byte[] Address { get; } = address;

    /// <summary>True for the target of an alias.</summary>
    internal bool Final { get; } = final;

    /// <summary>The mailbox that it leads to, if it leads to one.</summary>
    internal (MailboxKind Kind, string User, byte[] Folder)? Mailbox { get; set; }

    /// <summary>The addresses that it stands for.</summary>
    internal List<byte[]> Targets { get; } = [];

    /// <summary>True when the targets are a list.</summary>
    internal bool IsList { get; set; }

    /// <summary>True once its result was told.</summary>
    internal bool IsTold { get; set; }
}
