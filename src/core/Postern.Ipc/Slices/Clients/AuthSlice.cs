using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>auth’s only slice frame.</summary>
public readonly record struct AuthSlice : IFrame<AuthSlice>
{
    public static ushort Type => 190;

    /// <summary>The folder of the accounts and of what was tried, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Where passwords are asked for: the socket of Dovecot's authentication; empty for the accounts of the folder.</summary>
    public required string Dovecot { get; init; }

    /// <summary>Whose tokens hold; empty when none do.</summary>
    public required string TokenIssuer { get; init; }

    /// <summary>For whom they have to be.</summary>
    public required string TokenAudience { get; init; }

    /// <summary>Which member of theirs names the account.</summary>
    public required string TokenClaim { get; init; }

    /// <summary>The file with the keys that they are signed with, absolute.</summary>
    public required string TokenKeys { get; init; }

    /// <summary>By how many seconds clocks may differ.</summary>
    public required uint TokenLeeway { get; init; }

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>The address that users are told from of logins from new places; empty when they are not told.</summary>
    public required string NoticesFrom { get; init; }

    /// <summary>Reads a whole slice; null when it is not one of these.</summary>
    public static AuthSlice? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return frames.TryNext(out var type, out var reader) && type == Type && TryRead(ref reader, out var read) && frames.AtEnd ? read : null;
    }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Folder);
        writer.Text(Dovecot);
        writer.Text(TokenIssuer);
        writer.Text(TokenAudience);
        writer.Text(TokenClaim);
        writer.Text(TokenKeys);
        writer.UInt32(TokenLeeway);
        writer.Text(HostName);
        writer.Text(NoticesFrom);
    }

    public static bool TryRead(ref FrameReader reader, out AuthSlice frame)
    {
        frame = new AuthSlice
        {
            Folder = reader.Text(SupervisorSlice.MaxPath),
            Dovecot = reader.Text(SliceLimits.MaxSocket),
            TokenIssuer = reader.Text(SliceLimits.MaxTokenText),
            TokenAudience = reader.Text(SliceLimits.MaxTokenText),
            TokenClaim = reader.Text(SliceLimits.MaxTokenText),
            TokenKeys = reader.Text(SliceLimits.MaxFile),
            TokenLeeway = reader.UInt32(),
            HostName = reader.Text(SliceLimits.MaxDomain),
            NoticesFrom = reader.Text(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
