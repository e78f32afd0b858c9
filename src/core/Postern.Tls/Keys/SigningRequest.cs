using System.Formats.Asn1;

namespace Postern.Tls.Keys;

/// <summary>Writes the request for a certificate that an authority is sent (PKCS #10, RFC 2986).</summary>
public static class SigningRequest
{
    private const string ExtensionRequest = "1.2.840.113549.1.9.14";
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string EllipticKey = "1.2.840.10045.2.1";
    private const string CurveP256 = "1.2.840.10045.3.1.7";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

    private static readonly Asn1Tag _attributes = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag _dnsName = new(TagClass.ContextSpecific, 2);

    /// <summary>Makes one.</summary>
    /// <param name="key">The key of the certificate to be.</param>
    /// <param name="names">The domain names that it is to be for, in ASCII. The subject stays empty: authorities no longer look there.</param>
    /// <returns>The request in DER.</returns>
    public static byte[] Make(SigningKey key, IReadOnlyList<string> names)
    {
        var body = Body(key, names);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(EcdsaWithSha256);
            }

            writer.WriteBitString(key.SignDer(body));
        }

        return writer.Encode();
    }

    private static byte[] Body(SigningKey key, IReadOnlyList<string> names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.PushSequence().Dispose();
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(EllipticKey);
                    writer.WriteObjectIdentifier(CurveP256);
                }

                writer.WriteBitString([4, .. key.PublicPoint]);
            }

            using (writer.PushSetOf(_attributes))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(ExtensionRequest);
                using (writer.PushSetOf())
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(SubjectAlternativeName);
                    writer.WriteOctetString(Names(names));
                }
            }
        }

        return writer.Encode();
    }

    private static byte[] Names(IReadOnlyList<string> names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var name in names)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, _dnsName);
            }
        }

        return writer.Encode();
    }
}
