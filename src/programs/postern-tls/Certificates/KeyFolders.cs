using Postern.Role.Confining;

namespace Postern.Keyholder.Certificates;

/// <summary>The folders that certificates and keys are read from.</summary>
internal static class KeyFolders
{
    /// <summary>Those of a slice; none when it is not one of ours.</summary>
    internal static IReadOnlyList<Place> Of(ReadOnlySpan<byte> slice)
    {
        var settings = TlsSettings.Read(slice);
        var read = FileFolders.Of(settings?.Files.SelectMany(file => new[] { file.Chain, file.Key }) ?? []);
        return settings?.Issuance is { } issuance ? [.. read, new Place(issuance.Folder, TlsDeclaration.Issuance)] : read;
    }
}
