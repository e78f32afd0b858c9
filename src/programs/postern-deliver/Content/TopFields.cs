using Postern.Text;

namespace Postern.Deliver.Content;

/// <summary>The fields that final delivery puts on top of a message, with the line ends of a Maildir.</summary>
internal static class TopFields
{
    /// <summary>Writes Return-Path (RFC 5321 §4.4) and Delivered-To (RFC 9228).</summary>
    /// <param name="sender">The sender's address; empty for the null sender.</param>
    /// <param name="address">The recipient's address.</param>
    internal static byte[] Write(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> address) =>
        [.. "Return-Path: <"u8, .. sender, .. ">\nDelivered-To: "u8, .. address, (byte)'\n'];

    /// <summary>True for an address that stays within its line, whoever let it pass (attack E31).</summary>
    internal static bool IsHarmless(ReadOnlySpan<byte> address)
    {
        foreach (var value in address)
        {
            if (!Ascii.IsPrintable(value) && value < 0x80)
            {
                return false;
            }
        }

        return true;
    }
}
