using System.Reflection;
using Postern.Ipc.Wire;
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

    private static ushort NumberOf<T>()
        where T : IFrame<T>, allows ref struct => T.Type;
}
