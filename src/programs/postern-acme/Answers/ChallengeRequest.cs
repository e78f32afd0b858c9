using System.Text;

namespace Postern.Acme.Answers;

/// <summary>Reads the first line of a request by HTTP: is it an authority that looks whether a name is ours (RFC 8555 §8.3)?</summary>
internal static class ChallengeRequest
{
    private static ReadOnlySpan<byte> Prefix => "GET /.well-known/acme-challenge/"u8;

    /// <summary>The token that is asked for; null when something else is.</summary>
    /// <param name="line">The line, without its end.</param>
    internal static string? TokenOf(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Prefix))
        {
            return null;
        }

        var rest = line[Prefix.Length..];
        var space = rest.IndexOf((byte)' ');
        if (space < 0 || rest.Length - space != " HTTP/1.1".Length || !rest[space..].StartsWith(" HTTP/1."u8) || !char.IsAsciiDigit((char)rest[^1]))
        {
            return null;
        }

        var token = Encoding.Latin1.GetString(rest[..space]);
        return Protocol.AcmeAuthorization.IsToken(token) ? token : null;
    }
}
