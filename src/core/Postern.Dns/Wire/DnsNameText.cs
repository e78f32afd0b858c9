using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Dns.Wire;

/// <summary>The written form of domain names, in and out.</summary>
internal static class DnsNameText
{
    /// <summary>What a label may hold when it comes as text: host names (RFC 1123 §2.1) and the underscore of RFC 8552 §1.1.</summary>
    internal static readonly SearchValues<byte> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8);

    internal static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (text.SequenceEqual("."u8))
        {
            name = DnsName.Root;
            return true;
        }
        if (text.EndsWith("."u8))
            text = text[..^1];
        // The text has one length octet and the root octet less than the wire form, and a dot for each other length octet.
        if (text.IsEmpty || text.Length + 2 > DnsName.MaxWireLength)
            return false;
        byte[] wire = new byte[text.Length + 2];
        int at = 0;
        while (true)
        {
            int dot = text.IndexOf((byte)'.');
            ReadOnlySpan<byte> label = dot < 0 ? text : text[..dot];
            if (label.Length is 0 or > DnsName.MaxLabelLength || label.IndexOfAnyExcept(Allowed) >= 0)
                return false;
            wire[at] = (byte)label.Length;
            label.CopyTo(wire.AsSpan(at + 1));
            at += label.Length + 1;
            if (dot < 0)
                break;
            text = text[(dot + 1)..];
        }
        name = new DnsName(wire);
        return true;
    }

    internal static string Write(ReadOnlySpan<byte> wire)
    {
        if (wire.Length == 1)
            return ".";
        var text = new StringBuilder(wire.Length);
        for (int at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            if (at > 0)
                text.Append('.');
            foreach (byte octet in wire.Slice(at + 1, wire[at]))
            {
                if (octet is > 0x20 and < 0x7f && octet is not ((byte)'.' or (byte)'\\' or (byte)'"'))
                    text.Append((char)octet);
                else
                    text.Append('\\').Append(octet.ToString("D3"));
            }
        }
        return text.ToString();
    }
}
