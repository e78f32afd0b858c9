using Postern.Fuzz.Oracles;
using Postern.Ipc.Securing;
using Postern.Text;

namespace Postern.Fuzz.Frames;

/// <summary>The packets on which clients go from smtpd to the program that does TLS: one that is accepted has exactly one form.</summary>
internal static class HandOverTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (!HandOver.TryRead(input, out var asked)) return;
        byte[] written = new byte[1 + IpAddress.Size];
        written[0] = (byte)asked.Service;
        asked.Client.CopyTo(written.AsSpan(1));
        Demand.Same(input, written, "the packet written");
        Demand.That(Enum.IsDefined(asked.Service), "a service that does not exist");
    }
}
