namespace Postern.Ipc.Delivery;

/// <summary>A next hop: kind, host, domain or path, and port.</summary>
public sealed record NextHop(HopKind Kind, string Name, ushort Port)
{
    /// <summary>This host.</summary>
    public static NextHop Local { get; } = new(HopKind.Local, string.Empty, 0);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        HopKind.Local => "local",
        HopKind.Exchangers => Name,
        HopKind.LmtpHost => $"lmtp:{Name}:{Port}",
        HopKind.LmtpSocket => $"lmtp:{Name}",
        HopKind.TlsHost => $"smtps:{Name}:{Port}",
        _ => $"{Name}:{Port}",
    };
}
