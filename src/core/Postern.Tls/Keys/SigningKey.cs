using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Postern.Tls.Certificates;
using Postern.Tls.Native;

namespace Postern.Tls.Keys;

/// <summary>An elliptic key (P-256) that signs what its program decides to: that of an account with an authority, or of a certificate to be.</summary>
public sealed unsafe class SigningKey : IDisposable
{
    /// <summary>Bytes of a signature: two numbers (RFC 7518 §3.4).</summary>
    public const int SignatureSize = 2 * NumberSize;

    private const int NumberSize = 32;
    private const int MaxDerSignature = 80;
    private const int MaxPem = 1024;
    private const int MaxCurve = 64;

    private SigningKey(nint key) => Key = key;

    /// <summary>The handle of the EVP_PKEY.</summary>
    internal nint Key { get; private set; }

    /// <summary>Makes a fresh one.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL refused: our own fault.</exception>
    public static SigningKey Make()
    {
        var generator = CryptoCalls.NewGenerator(CryptoCalls.KeyElliptic, 0);
        nint key = 0;
        var isMade = generator != 0 && CryptoCalls.BeginGenerating(generator) == 1
            && CryptoCalls.ChooseCurve(generator, CryptoCalls.CurveP256) == 1 && CryptoCalls.Generate(generator, &key) == 1;
        CryptoCalls.FreeGenerator(generator);
        return new SigningKey(Must(isMade ? key : 0));
    }

    /// <summary>Reads one that was written down.</summary>
    /// <param name="path">A file of PEM that not every user can read.</param>
    /// <param name="key">What came of it.</param>
    /// <param name="problem">What is wrong, as a sentence for the administrator.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out SigningKey? key, out string problem)
    {
        key = null;
        var text = Span<byte>.Empty;
        try
        {
            if (!CertificateFile.TryReadWhole(path, isSecret: true, out text, out problem))
            {
                return false;
            }

            if (CertificateReader.ReadKey(text, out var handle) is { } fault)
            {
                CryptoCalls.FreeKey(handle);
                problem = $"{path} {fault}";
                return false;
            }

            var read = new SigningKey(handle);
            if (CryptoCalls.KindOfKey(handle) != CryptoCalls.KeyElliptic || !read.IsOfOurCurve || read.FindPoint() is null)
            {
                read.Dispose();
                problem = $"{path} has a key that is not one of P-256";
                return false;
            }

            key = read;
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>The SHA-256 of some bytes, by OpenSSL, as everything here.</summary>
    public static byte[] Sha256(ReadOnlySpan<byte> data)
    {
        var digest = new byte[NumberSize];
        uint length = 0;
        fixed (byte* input = data, output = digest)
        {
            Must(KeyCalls.Digest(input, (nuint)data.Length, output, &length, CryptoCalls.Sha256(), 0));
        }

        return digest;
    }

    /// <summary>The public key: x and y, 32 bytes each.</summary>
    public byte[] PublicPoint => FindPoint() ?? throw new InvalidOperationException("the key has no public point");

    /// <summary>Signs with SHA-256.</summary>
    /// <returns>r and s, 32 bytes each, as JWS has them.</returns>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var reader = new AsnReader(SignDer(data), AsnEncodingRules.DER).ReadSequence();
        var signature = new byte[SignatureSize];
        Put(reader.ReadInteger(), signature.AsSpan(0, NumberSize));
        Put(reader.ReadInteger(), signature.AsSpan(NumberSize));
        return signature;
    }

    /// <summary>The same, as certificates and requests for them have it (RFC 3279 §2.2.3).</summary>
    public byte[] SignDer(ReadOnlySpan<byte> data)
    {
        var signature = new byte[MaxDerSignature];
        var length = (nuint)signature.Length;
        var digest = KeyCalls.NewDigest();
        fixed (byte* input = data, output = signature)
        {
            var isSigned = digest != 0 && KeyCalls.BeginSigning(digest, null, CryptoCalls.Sha256(), 0, Key) == 1
                && KeyCalls.Sign(digest, output, &length, input, (nuint)data.Length) == 1;
            KeyCalls.FreeDigest(digest);
            Must(isSigned ? 1 : 0);
        }

        return signature[..(int)length];
    }

    /// <summary>Writes it as PEM into memory that its owner wipes.</summary>
    public byte[] ToPem()
    {
        // Pinned: a collection would leave copies of the key behind.
        var text = GC.AllocateArray<byte>(MaxPem, pinned: true);
        var stream = Must(StreamCalls.New(KeyCalls.WipedMemory()));
        int length;
        fixed (byte* output = text)
        {
            length = KeyCalls.Write(stream, Key, 0, null, 0, 0, null) == 1 ? KeyCalls.Read(stream, output, MaxPem) : 0;
        }

        _ = CryptoCalls.FreeStream(stream);
        Must(length);
        var exact = GC.AllocateArray<byte>(length, pinned: true);
        text.AsSpan(0, length).CopyTo(exact);
        CryptographicOperations.ZeroMemory(text);
        return exact;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptoCalls.FreeKey(Key);
        Key = 0;
    }

    /// <summary>Gives the key to somebody else, who frees it.</summary>
    internal nint Release()
    {
        var key = Key;
        Key = 0;
        return key;
    }

    /// <summary>Keys of other curves have as many bytes.</summary>
    private bool IsOfOurCurve
    {
        get
        {
            var name = stackalloc byte[MaxCurve];
            nuint length = 0;
            return KeyCalls.Curve(Key, name, MaxCurve, &length) == 1 && new ReadOnlySpan<byte>(name, (int)length).SequenceEqual("prime256v1"u8);
        }
    }

    private byte[]? FindPoint()
    {
        Span<byte> point = stackalloc byte[1 + SignatureSize];
        nuint length = 0;
        fixed (byte* name = "pub\0"u8, output = point)
        {
            // Uncompressed (SEC 1 §2.3.3); a key of another curve has more bytes.
            return KeyCalls.Parameter(Key, name, output, (nuint)point.Length, &length) == 1 && length == (nuint)point.Length && point[0] == 4
                ? point[1..].ToArray() : null;
        }
    }

    private static void Put(BigInteger number, Span<byte> room)
    {
        var size = number.GetByteCount(isUnsigned: true);
        _ = number.TryWriteBytes(room[(NumberSize - size)..], out _, isUnsigned: true, isBigEndian: true);
    }

    private static nint Must(nint result) =>
        result > 0 ? result : throw new InvalidOperationException($"a key could not be used: {OpenSsl.Reason}");
}
