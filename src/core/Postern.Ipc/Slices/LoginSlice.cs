using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>remote: how to log in at a host that routes lead to; its secrets stay in their files.</summary>
public readonly record struct LoginSlice : IFrame<LoginSlice>
{
    /// <summary>The longest name of an account, in bytes: as long as an address (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxUser = 254;

    public static ushort Type => 145;

    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>The account, in ASCII; empty when a certificate is all.</summary>
    public required string User { get; init; }

    /// <summary>The file with the account's password, absolute; empty without an account.</summary>
    public required string PasswordFile { get; init; }

    /// <summary>The file with the certificate that is shown to the host, absolute; empty for none.</summary>
    public required string Certificate { get; init; }

    /// <summary>The file with its private key, absolute; may be the same.</summary>
    public required string Key { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Host);
        writer.Text(User);
        writer.Text(PasswordFile);
        writer.Text(Certificate);
        writer.Text(Key);
    }

    public static bool TryRead(ref FrameReader reader, out LoginSlice frame)
    {
        frame = new LoginSlice
        {
            Host = reader.Text(SliceLimits.MaxDomain),
            User = reader.Text(MaxUser),
            PasswordFile = reader.Text(SliceLimits.MaxFile),
            Certificate = reader.Text(SliceLimits.MaxFile),
            Key = reader.Text(SliceLimits.MaxFile),
        };
        return reader.End();
    }
}
