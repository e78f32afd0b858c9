using System.Text;

namespace Postern.Sasl;

/// <summary>The registered names of the mechanisms.</summary>
public static class SaslMechanismNames
{
    private static readonly string[] _names = ["", "PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "EXTERNAL", "OAUTHBEARER", "XOAUTH2"];

    /// <summary>The name of a mechanism.</summary>
    public static string Of(SaslMechanism mechanism) => _names[(int)mechanism];

    /// <summary>Finds a mechanism; capitals do not count (RFC 4422 §3.1 has them only, clients do not).</summary>
    /// <param name="name">Any bytes.</param>
    /// <param name="mechanism">The mechanism.</param>
    public static bool TryFind(ReadOnlySpan<byte> name, out SaslMechanism mechanism)
    {
        for (mechanism = SaslMechanism.Plain; mechanism <= SaslMechanism.XOAuth2; mechanism++)
        {
            if (Ascii.EqualsIgnoreCase(name, Encoding.ASCII.GetBytes(_names[(int)mechanism]))) return true;
        }
        mechanism = default;
        return false;
    }
}
