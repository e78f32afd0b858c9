using System.Reflection;
using Postern.Ipc.Administration;
using Postern.Ipc.Directory;
using Postern.Ipc.Securing;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.TestKit;

namespace Postern.Ipc.Tests.Frames;

/// <summary>The frames that a taken-over program is made to send are those that there are.</summary>
public sealed class WildFramesTests
{
    [Fact]
    public void EveryFrame_HasALayout()
    {
        var number = typeof(WildFramesTests).GetMethod(nameof(NumberOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        var numbers = typeof(Channel).Assembly.GetTypes()
            .Where(type => type.Namespace != "Postern.Ipc.Slices" && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IFrame<>)))
            .Select(type => (ushort)number.MakeGenericMethod(type).Invoke(null, null)!);
        Assert.Equal(numbers.Order(), WildFrames.Layouts.Keys.Order());
    }

    // Else what the tests play would be refused at the first byte, and show nothing.
    [Fact]
    public void EachLayout_IsThatOfItsFrame()
    {
        var length = typeof(WildFramesTests).GetMethod(nameof(LengthOfEmpty), BindingFlags.NonPublic | BindingFlags.Static)!;
        List<ushort> seen = [];
        foreach (var type in typeof(Channel).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IFrame<>))))
        {
            var (number, bytes) = ((ushort, int))length.MakeGenericMethod(type).Invoke(null, null)!;
            if (bytes < 0 || !WildFrames.Layouts.TryGetValue(number, out var layout)) continue;
            Assert.True(bytes == LengthOf(layout), $"{type.Name} has {bytes} bytes, its layout {layout} {LengthOf(layout)}");
            seen.Add(number);
        }

        // Those with text or a selection, which can't be nothing.
        Assert.Equal<ushort>([63, 70, 82, 86], WildFrames.Layouts.Keys.Except(seen).Order());
        Assert.Equal(LengthOf(WildFrames.Layouts[63]), Length(new MeaningMailboxFrame { Question = 1, Kind = default, User = "", Folder = [] }));
        Assert.Equal(LengthOf(WildFrames.Layouts[70]), Length(new SecuredFrame { Version = "", Suite = "" }));
        Assert.Equal(LengthOf(WildFrames.Layouts[82]), Length(new ListRequestFrame { Request = 1, Filter = "", Of = Selection.All, Limit = 1 }));
        Assert.Equal(LengthOf(WildFrames.Layouts[86]), Length(new ActFrame { Request = 1, Act = QueueAct.Hold, Message = 1, Of = Selection.All }));
    }

    private static (ushort Number, int Length) LengthOfEmpty<T>()
        where T : struct, IFrame<T>, allows ref struct
    {
        try
        {
            return (T.Type, Length<T>(default));
        }
        catch (Exception missing) when (missing is NullReferenceException or ArgumentNullException)
        {
            return (T.Type, -1);
        }
    }

    private static int Length<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        var output = new ByteQueue();
        frame.Write(FrameWriter.Fields(output));
        return output.Length;
    }

    private static int LengthOf(string layout) => layout.Sum(field => field switch { 'b' or 'f' => 1, 'h' or 's' => 2, 'u' => 4, 'q' => 8, _ => 0 });

    private static ushort NumberOf<T>()
        where T : IFrame<T>, allows ref struct => T.Type;
}
