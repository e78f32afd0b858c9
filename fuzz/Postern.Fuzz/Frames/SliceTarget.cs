using System.Buffers.Binary;
using Postern.Bounce;
using Postern.Config.Slicing;
using Postern.Deliver;
using Postern.Directory.Tables;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Keyholder;
using Postern.Mail;
using Postern.Queue;
using Postern.Remote;
using Postern.Smtpd.Settings;
using Postern.TestKit;

namespace Postern.Fuzz.Frames;

/// <summary>The slices of the configuration, as each program reads its own. The first byte says whether the bytes are the slice or
/// tell which parts it has.</summary>
internal static class SliceTarget
{
    private static readonly ushort[] s_types =
    [
        100, SmtpdSlice.Type, ListenerSlice.Type, TrustedSlice.Type, SendingSlice.Type, DirectorySlice.Type, DomainSlice.Type, MailboxSlice.Type, AliasSlice.Type,
        RelayedDomainSlice.Type, QueueSlice.Type, RouteSlice.Type, RemoteSlice.Type, ResolverSlice.Type, OwnAddressSlice.Type, TlsRuleSlice.Type,
        TlsReportSlice.Type, LoginSlice.Type, LocalSlice.Type, DeliverSlice.Type, BounceSlice.Type, TlsSlice.Type, CertificateSlice.Type,
        AuthSlice.Type, IssuanceSlice.Type, AcmeSlice.Type,
    ];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        Judge(input[0] == 0 ? input[1..].ToArray() : Build(input[1..]));
    }

    /// <summary>Has every program read it.</summary>
    /// <returns>How many took it.</returns>
    internal static int Judge(byte[] slice)
    {
        bool whole = IsWhole(slice);
        var allocated = Allocated.Begin();
        bool[] taken =
        [
            SmtpdSettings.TryRead(slice, out var smtpd),
            AddressBookBuilder.TryRead(slice, out var book),
            QueueSettings.Read(slice) is { } queue && HasHops(queue),
            RemoteSettings.Read(slice) is not null,
            DeliverProgram.Read(slice) is not null,
            AuthSlice.Read(slice) is not null,
            TlsSettings.Read(slice) is { } tls && tls.Files.Count <= SliceLimits.MaxCertificates,
            IsSupervisors(slice),
            Acme.AcmeSettings.Read(slice) is not null,
        ];
        allocated.Demand(slice.Length, 400);
        Demand.That(whole || !taken.Any(took => took), "a slice that is taken and not whole");
        Demand.That(taken.Count(took => took) <= 1, "a slice that two programs take");
        if (smtpd is not null && taken[0]) Demand.That(smtpd.MessageSize >= 0 && smtpd.Recipients >= 0 && smtpd.Connections >= 0, "a limit below zero");
        if (book is not null) Ask(book);
        return taken.Count(took => took);
    }

    private static bool HasHops(QueueSettings settings)
    {
        Demand.That(settings.MessageSize >= 0 && settings.SegmentBytes >= 0, "a limit below zero");
        foreach (string domain in new[] { "a.test", "x.relay.test", settings.HostName })
            if (DomainName.IsValid(System.Text.Encoding.ASCII.GetBytes(domain))) Demand.That(settings.Routing.HopFor(System.Text.Encoding.ASCII.GetBytes(domain)) is not null, "no hop");
        return true;
    }

    private static void Ask(AddressBook book)
    {
        foreach (string address in new[] { "postmaster", "u@a.test", "u+x@a.test", "postmaster@a.test", "nobody@b.test" })
        {
            byte[] bytes = System.Text.Encoding.ASCII.GetBytes(address);
            _ = book.Judge(bytes);
            Demand.That(SenderRights.Judge(book, bytes, bytes) == Ipc.Directory.AddressVerdict.Local, "a user who may not send as himself");
            Demand.That(Expansion.Of(book, bytes, final: false).Targets.Count <= Expansion.MaxTargets, "more targets than there may be");
        }
    }

    // As posternd does it: one frame of its own type and nothing else.
    private static bool IsSupervisors(byte[] slice)
    {
        if (!IsWhole(slice) || slice.Length < FrameLimits.HeaderSize) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(slice) + FrameLimits.HeaderSize != slice.Length) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(slice.AsSpan(4)) != SupervisorSlice.Type) return false;
        var reader = new FrameReader(slice.AsSpan(FrameLimits.HeaderSize));
        if (!SupervisorSlice.TryRead(ref reader, out var own)) return false;
        Demand.That(own.State.StartsWith('/') && own.MailboxRoot.StartsWith('/'), "a folder without a place");
        Demand.That(own.Listeners.All(listener => listener.Address.Length is 16 or 28), "a listener that is no address");
        return true;
    }

    private static bool IsWhole(ReadOnlySpan<byte> slice)
    {
        while (slice.Length >= FrameLimits.HeaderSize)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(slice);
            if (length > slice.Length - FrameLimits.HeaderSize) return false;
            slice = slice[(FrameLimits.HeaderSize + (int)length)..];
        }
        return slice.IsEmpty;
    }

    private static byte[] Build(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        List<byte> slice = [];
        while (!reader.AtEnd)
        {
            ushort type = s_types[reader.Below(s_types.Length)];
            byte[] payload = reader.Text().ToArray();
            slice.AddRange(WildFrames.Frame(type, payload, (uint)payload.Length));
        }
        return [.. slice];
    }
}
