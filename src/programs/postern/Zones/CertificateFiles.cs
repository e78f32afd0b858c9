using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postern.CommandLine.Zones;

/// <summary>Reads the certificates that the configuration names. Private keys are passed over, also in the same file.</summary>
internal static class CertificateFiles
{
    /// <summary>The certificates that a client which asks for the host gets one of: those with its name, else all.</summary>
    internal static IReadOnlyList<ServedCertificate> For(string host, IReadOnlyList<string> files)
    {
        List<ServedCertificate> all = [], named = [];
        foreach (var file in files)
        {
            var read = Read(file, host, out var isNamed);
            all.Add(read);
            if (isNamed)
            {
                named.Add(read);
            }
        }

        return named.Count > 0 ? named : all;
    }

    private static ServedCertificate Read(string file, string host, out bool isNamed)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            // Takes the blocks with certificates and no others.
            chain.ImportFromPem(Encoding.ASCII.GetString(File.ReadAllBytes(file)));
            isNamed = chain.Count > 0 && chain[0].MatchesHostname(host);
        }
        catch (CryptographicException)
        {
            throw new CommandFailure(ExitCode.BadData, $"{file}: a certificate in it can't be read");
        }
        catch (IOException failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.NoInput, $"{file}: not there");
        }

        try
        {
            return chain.Count > 0
                ? new ServedCertificate(file, [.. chain.Select(one => new CertificateBytes(one.RawData, one.PublicKey.ExportSubjectPublicKeyInfo()))])
                : throw new CommandFailure(ExitCode.BadData, $"{file}: no certificate in it");
        }
        finally
        {
            foreach (var one in chain)
            {
                one.Dispose();
            }
        }
    }
}
