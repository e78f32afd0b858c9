using System.Globalization;
using System.Text;

namespace Postern.Smtp;

/// <summary>What our server offers in its reply to EHLO or LHLO (RFC 5321 §4.1.1.1).</summary>
public sealed record EhloOffer
{
    /// <summary>The extensions on offer.</summary>
    public required SmtpExtensions Extensions { get; init; }

    /// <summary>The largest message in bytes, for SIZE; 0 for no fixed limit (RFC 1870 §4).</summary>
    public long MaxSize { get; init; }

    /// <summary>The mechanisms for AUTH, separated by spaces.</summary>
    public string AuthMechanisms { get; init; } = "";

    /// <summary>The most recipients in a transaction, for LIMITS (RFC 9422).</summary>
    public int MaxRecipients { get; init; }

    /// <summary>For how many seconds a message may be held back, for FUTURERELEASE (RFC 4865).</summary>
    public uint MaxHold { get; init; }

    /// <summary>Until when that is.</summary>
    public DateTimeOffset LastRelease { get; init; }

    /// <summary>Makes the reply.</summary>
    /// <param name="hostname">The server's name, which comes first.</param>
    public SmtpReply ToReply(string hostname)
    {
        var lines = new List<byte[]> { Encoding.ASCII.GetBytes(hostname) };
        foreach (var (name, extension) in ExtensionNames.All)
        {
            if (!Extensions.HasFlag(extension)) continue;
            string value = extension switch
            {
                SmtpExtensions.Size => $" {MaxSize}",
                SmtpExtensions.Auth => $" {AuthMechanisms}",
                SmtpExtensions.FutureRelease => string.Create(CultureInfo.InvariantCulture, $" {MaxHold} {LastRelease.UtcDateTime:s}Z"),
                SmtpExtensions.Limits => $" RCPTMAX={MaxRecipients}",
                _ => "",
            };
            lines.Add([.. name, .. Encoding.ASCII.GetBytes(value)]);
        }
        return SmtpReply.Lines(250, null, lines);
    }
}
