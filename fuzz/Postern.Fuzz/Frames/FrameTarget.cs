using System.Reflection;
using Postern.Fuzz.Oracles;
using Postern.Ipc;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.TestKit;

namespace Postern.Fuzz.Frames;

/// <summary>Every frame that programs exchange and every part of a slice: what is accepted is written again as the same bytes, and
/// has the fields that the page about them says. The first byte chooses the frame.</summary>
internal static class FrameTarget
{
    private static readonly (ushort Type, RoundTrip Run)[] s_frames = FindFrames();

    private delegate bool RoundTrip(ReadOnlySpan<byte> payload, ByteQueue output);

    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var (type, run) = s_frames[input[0] % s_frames.Length];
        input = input[1..];
        var allocated = Allocated.Begin();
        var output = new ByteQueue();
        bool read = run(input, output);
        allocated.Demand(input.Length, 32);
        string? layout = WildFrames.Layouts.GetValueOrDefault(type);
        if (read) Demand.Same(input, output.Span, $"frame {type} written again");
        if (layout is not null && !HasLayout(input, layout)) Demand.That(!read, $"frame {type} with other fields");
    }

    private static bool HasLayout(ReadOnlySpan<byte> payload, string layout)
    {
        foreach (char field in layout)
        {
            int length = field switch
            {
                'b' or 'f' => 1,
                'h' => 2,
                'u' => 4,
                'q' => 8,
                'r' => payload.Length,
                _ => payload.Length < 2 ? int.MaxValue : 2 + payload[0] + (256 * payload[1]),
            };
            if (length > payload.Length || (field == 'f' && payload[0] > 1)) return false;
            payload = payload[length..];
        }
        return payload.IsEmpty;
    }

    private static (ushort Type, RoundTrip Run)[] FindFrames()
    {
        var trip = typeof(FrameTarget).GetMethod(nameof(Trip), BindingFlags.NonPublic | BindingFlags.Static)!;
        var number = typeof(FrameTarget).GetMethod(nameof(NumberOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return
        [
            .. typeof(Channel).Assembly.GetTypes()
                .Where(type => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IFrame<>)))
                .Select(type => ((ushort)number.MakeGenericMethod(type).Invoke(null, null)!, trip.MakeGenericMethod(type).CreateDelegate<RoundTrip>()))
                .OrderBy(frame => frame.Item1),
        ];
    }

    private static ushort NumberOf<T>()
        where T : IFrame<T>, allows ref struct => T.Type;

    private static bool Trip<T>(ReadOnlySpan<byte> payload, ByteQueue output)
        where T : IFrame<T>, allows ref struct
    {
        var reader = new FrameReader(payload);
        if (!T.TryRead(ref reader, out var frame)) return false;
        frame.Write(FrameWriter.Fields(output));
        return true;
    }
}
