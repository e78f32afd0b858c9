using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Posix.Tests.Processes;

/// <summary>Reading and writing pipes and files, one call at a time.</summary>
public sealed class DescriptorBytesTests
{
    [Fact]
    public void WhatGoesIntoAPipe_ComesOut_AndThenItsEnd()
    {
        Assert.False(DescriptorBytes.OpenPipe(out var reader, out var writer).Failed);
        using (reader)
        {
            Assert.Equal(3, DescriptorBytes.Write(writer!.Number, "abc"u8).Value);
            writer.Dispose();
            var buffer = new byte[10];
            Assert.Equal(3, DescriptorBytes.Read(reader!.Number, buffer).Value);
            Assert.Equal("abc"u8.ToArray(), buffer[..3]);
            Assert.Equal(0, DescriptorBytes.Read(reader.Number, buffer).Value);
        }
    }

    [Fact]
    public void APipeThatDoesNotWait_SaysThatItWould()
    {
        _ = DescriptorBytes.OpenPipe(out var reader, out var writer);
        using (reader)
        using (writer)
        {
            Assert.False(DescriptorBytes.DoNotWait(writer!.Number).Failed);
            CallResult written;
            do
            {
                written = DescriptorBytes.Write(writer.Number, new byte[65536]);
            }
            while (!written.Failed);
            Assert.True(written.WouldBlock);
        }
    }

    [Fact]
    public void FilesAreSeekable_PipesAreNot()
    {
        _ = DescriptorBytes.OpenPipe(out var reader, out var writer);
        _ = ReadOnlyFile.Open("/etc/passwd", out var file);
        using (reader)
        using (writer)
        using (file)
        {
            Assert.False(DescriptorBytes.IsSeekable(reader!.Number));
            Assert.True(DescriptorBytes.IsSeekable(file!.Number));
        }
    }

    [Fact]
    public void Waiting_TellsApartWhatIsReadyForWhat()
    {
        _ = DescriptorBytes.OpenPipe(out var reader, out var writer);
        using (reader)
        {
            int[] numbers = [reader!.Number, writer!.Number, -1];
            Readiness[] wanted = [Readiness.Readable, Readiness.Writable, Readiness.Readable];
            var found = new Readiness[3];
            Assert.Equal(1, DescriptorPoll.Wait(numbers, wanted, found, 0));
            Assert.Equal([Readiness.None, Readiness.Writable, Readiness.None], found);
            _ = DescriptorBytes.Write(writer.Number, "x"u8);
            Assert.Equal(2, DescriptorPoll.Wait(numbers, wanted, found, -1));
            Assert.Equal(Readiness.Readable, found[0]);
            writer.Dispose();
            Assert.Equal(1, DescriptorPoll.Wait([numbers[0]], wanted.AsSpan(0, 1), found.AsSpan(0, 1), -1));
            Assert.Equal(Readiness.Readable | Readiness.HangUp, found[0]);
        }
    }

    [Fact]
    public void ANote_GoesThereAndBack()
    {
        var note = new ChildNote { Kind = ChildNoteKind.Ended, Call = 7, Value = 0x8b, PeakKibibytes = 1L << 40 };
        Assert.Equal(ChildNote.Size, note.ToBytes().Length);
        Assert.Equal(note, ChildNote.Read(note.ToBytes()));
        Assert.NotEqual(note, note with { Value = 0 });
    }
}
