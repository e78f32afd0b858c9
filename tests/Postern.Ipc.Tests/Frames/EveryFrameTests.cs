using Postern.Ipc.Issuance;
using Postern.Ipc.Logins;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Tests.Frames;

/// <summary>What holds of every frame between programs and every part of a slice.</summary>
public sealed class EveryFrameTests
{
    private static readonly Dictionary<string, FrameRow> _rows = FrameTable.Rows.Concat(SliceTable.Rows).ToDictionary(row => row.Name);

    public static TheoryData<string> Names => [.. _rows.Keys];

    [Fact]
    public void EveryFrameThatThereIs_StandsInTheTable()
    {
        var types = typeof(Channel).Assembly.GetTypes()
            .Where(type => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IFrame<>)))
            .Select(type => type.Name);
        string[] apart = [nameof(SupervisorSliceFrame), nameof(LoginResultFrame), nameof(SignatureAskFrame), nameof(IssuanceQuestionFrame), nameof(IssuanceSlice)];
        Assert.Equal(types.Order(), _rows.Keys.Concat(apart).Order());
    }

    // Programs of two versions may talk while one is replaced: a number never gets another meaning.
    [Fact]
    public void Numbers_AreThoseOfThePageAndEachOnce()
    {
        Assert.All(_rows.Values, row => Assert.Equal(row.Type, row.Own()));
        Assert.Equal(_rows.Count, _rows.Values.Select(row => row.Type).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EachField_IsReadFromItsPlaceAndWrittenThere(string name)
    {
        var row = _rows[name];
        foreach (var values in new[] { row.Layout.Samples, row.Layout.Largest, row.Layout.Smallest })
        {
            var payload = row.Layout.Payload(values);
            Assert.Equal(values, row.Read(payload));
            Assert.Equal(payload, row.Rewrite(payload));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AFieldBeyondItsLimit_IsRefused(string name)
    {
        var row = _rows[name];
        Assert.All(row.Layout.Illegal, illegal => Assert.True(row.Read(illegal.Payload) is null, illegal.Fault));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AByteTooFewOrTooMany_IsRefused(string name)
    {
        var row = _rows[name];
        var payload = row.Layout.Payload(row.Layout.Samples);
        var needed = row.Layout.IsOpen ? row.Layout.Payload(row.Layout.Smallest).Length : payload.Length;
        Assert.All(Enumerable.Range(0, needed), length => Assert.True(row.Read(payload[..length]) is null, $"cut at {length}"));
        Assert.Equal(row.Layout.IsOpen, row.Read([.. payload, 0]) is not null);
    }
}
