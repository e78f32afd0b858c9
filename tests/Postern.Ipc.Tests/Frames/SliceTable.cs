using Postern.Ipc.Slices;

namespace Postern.Ipc.Tests.Frames;

/// <summary>Every part of a program's slice but posternd's own, which has tests to itself; numbers and limits stand here once more.</summary>
internal static class SliceTable
{
    internal static IEnumerable<FrameRow> Rows =>
    [
        FrameRow.Of<SmtpdSlice>(110, "t255 q u u u u u f u b3", f =>
            [f.HostName, f.MessageSize, f.Recipients, f.Connections, f.ConnectionsPerClient, f.CommandSeconds, f.SessionSeconds, f.OffersTls, f.MaxHoldSeconds, (byte)f.Logins]),
        FrameRow.Of<ListenerSlice>(111, "s16 h b3", f => [f.Address.ToArray(), f.Port, (byte)f.Service]),
        FrameRow.Of<TrustedSlice>(112, "s16 h", f => [f.Address.ToArray(), f.Prefix]),
        FrameRow.Of<SendingSlice>(113, "u u u u f", f => [f.MessagesPerHour, f.MessagesPerDay, f.RecipientsPerHour, f.RecipientsPerDay, f.HidesClient]),
        FrameRow.Of<DirectorySlice>(120, "t255 f", f => [f.HostName, f.SystemUsers]),
        FrameRow.Of<DomainSlice>(121, "t255", f => [f.Domain]),
        FrameRow.Of<MailboxSlice>(122, "s320", f => [f.Address.ToArray()]),
        FrameRow.Of<AliasSlice>(123, "s320 s320", f => [f.Key.ToArray(), f.Target.ToArray()]),
        FrameRow.Of<RelayedDomainSlice>(124, "t255", f => [f.Domain]),
        FrameRow.Of<QueueSlice>(130, "t255 t90 q u u u u u u u u", f =>
            [
                f.HostName, f.Folder, f.MessageSize, f.RetryFirstSeconds, f.RetryMaxSeconds, f.ExpireSeconds, f.WarnAfterSeconds,
                f.MaxPerDestination, f.MaxRemote, f.MaxLocal, f.SegmentBytes,
            ]),
        FrameRow.Of<RouteSlice>(131, "t255 b5 t340 h", f => [f.Pattern, (byte)f.Hop, f.Destination, f.Port]),
        FrameRow.Of<RemoteSlice>(140, "t255 f u u t90 t1024 u f f", f =>
            [f.HostName, f.AllowPrivate, f.MaxConnections, f.IdleSeconds, f.Folder, f.Authorities, f.TlsHoldSeconds, f.FollowsTlsOptional, f.HasLocalSockets]),
        FrameRow.Of<ResolverSlice>(141, "s16 h f", f => [f.Address.ToArray(), f.Port, f.IsTrusted]),
        FrameRow.Of<OwnAddressSlice>(142, "s16", f => [f.Address.ToArray()]),
        FrameRow.Of<TlsRuleSlice>(143, "t255 b3", f => [f.Pattern, (byte)f.Need]),
        FrameRow.Of<TlsReportSlice>(144, "t254 s200 t254", f => [f.From, f.Organization.ToArray(), f.Contact]),
        FrameRow.Of<LoginSlice>(145, "t255 t254 t1024 t1024 t1024", f => [f.Host, f.User, f.PasswordFile, f.Certificate, f.Key]),
        FrameRow.Of<LocalSlice>(150, "t255", f => [f.HostName]),
        FrameRow.Of<DeliverSlice>(160, "t255 t90 t90", f => [f.HostName, f.Root, f.Postmaster]),
        FrameRow.Of<BounceSlice>(170, "t255 s320", f => [f.HostName, f.Postmaster.ToArray()]),
        FrameRow.Of<TlsSlice>(180, "t255 f", f => [f.HostName, f.AsksForCertificate]),
        FrameRow.Of<CertificateSlice>(181, "t1024 t1024", f => [f.Chain, f.Key]),
        FrameRow.Of<AuthSlice>(190, "t90 t107 t255 t255 t255 t1024 u t255 t320", f =>
            [f.Folder, f.Dovecot, f.TokenIssuer, f.TokenAudience, f.TokenClaim, f.TokenKeys, f.TokenLeeway, f.HostName, f.NoticesFrom]),
        FrameRow.Of<AcmeSlice>(200, "t1024 t1024", f => [f.Directory, f.Authorities]),
    ];
}
