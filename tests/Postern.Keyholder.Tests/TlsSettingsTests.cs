using Postern.Ipc.Slices;

namespace Postern.Keyholder.Tests;

/// <summary>The program's slice: taken whole, or not at all.</summary>
public sealed class TlsSettingsTests
{
    [Fact]
    public void WhatWasWritten_IsRead()
    {
        var settings = TlsSettings.Read(Slice(2))!;
        Assert.Equal(("mx.example", true), (settings.HostName, settings.AsksForCertificate));
        Assert.Equal(["/k/0.crt", "/k/1.crt"], settings.Files.Select(file => file.Chain));
        Assert.Equal(["/k/0.key", "/k/1.key"], settings.Files.Select(file => file.Key));
    }

    [Fact]
    public void SliceCutAnywhere_IsRefusedUnlessAFrameEndsThere()
    {
        var whole = Slice(2);
        // After the first frame and after the first certificate.
        Assert.Equal(2, Enumerable.Range(0, whole.Length).Count(length => TlsSettings.Read(whole.AsSpan(0, length)) is not null));
        Assert.NotNull(TlsSettings.Read(whole));
    }

    [Fact]
    public void ASurplusByte_IsRefused()
    {
        Assert.Null(TlsSettings.Read([.. Slice(1), 0]));
        // Within the last frame, whose length says so.
        var inside = Slice(0);
        inside[0]++;
        Assert.Null(TlsSettings.Read([.. inside, 0]));
    }

    [Fact]
    public void AFrameInAnotherPlaceOrOfAnotherKind_IsRefused()
    {
        var head = Slice(0);
        var certificate = Slice(1)[head.Length..];
        Assert.Null(TlsSettings.Read([.. certificate, .. head]));
        Assert.Null(TlsSettings.Read([.. head, .. head]));
        Assert.Null(TlsSettings.Read(certificate));
        var foreign = new SliceWriter();
        foreign.Add(new TrustedSlice { Address = new byte[16], Prefix = 1 });
        Assert.Null(TlsSettings.Read([.. head, .. foreign.Bytes]));
        Assert.Null(TlsSettings.Read(foreign.Bytes));
    }

    [Fact]
    public void MoreCertificatesThanMayBe_AreRefused()
    {
        Assert.Equal(SliceLimits.MaxCertificates, TlsSettings.Read(Slice(SliceLimits.MaxCertificates))!.Files.Count);
        Assert.Null(TlsSettings.Read(Slice(SliceLimits.MaxCertificates + 1)));
    }

    private static byte[] Slice(int certificates)
    {
        var slice = new SliceWriter();
        slice.Add(new TlsSlice { HostName = "mx.example", AsksForCertificate = true });
        for (var i = 0; i < certificates; i++)
        {
            slice.Add(new CertificateSlice { Chain = $"/k/{i}.crt", Key = $"/k/{i}.key" });
        }

        return slice.Bytes.ToArray();
    }
}
