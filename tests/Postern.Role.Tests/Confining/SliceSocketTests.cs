using Postern.Posix.Confining;
using Postern.Role.Confining;

namespace Postern.Role.Tests.Confining;

/// <summary>What a program may do only where its configuration asks for it: sockets that it makes, files that it changes.</summary>
public sealed class SliceSocketTests
{
    private static readonly Declaration _may = new()
    {
        Sockets = SocketUse.Accept,
        SocketsOf = slice => slice.SequenceEqual("dovecot"u8) ? SocketUse.Unix : SocketUse.None,
    };

    [Theory]
    [InlineData("dovecot", SocketUse.Accept | SocketUse.Unix)]
    // What asks for nothing, and what can't be read.
    [InlineData("own", SocketUse.Accept)]
    [InlineData("", SocketUse.Accept)]
    public void SocketsThatTheSliceAsksFor_AreAddedToItsOwn(string slice, SocketUse sockets) =>
        Assert.Equal(sockets, Threshold.Complete(_may, System.Text.Encoding.ASCII.GetBytes(slice)).Sockets);

    [Fact]
    public void ProgramWhoseSliceSaysNothingOfSockets_HasItsOwn() =>
        Assert.Equal(Declaration.Nothing, Threshold.Complete(Declaration.Nothing, "dovecot"u8));

    [Theory]
    [InlineData("acme", FileUse.Read | FileUse.List | FileUse.Change)]
    [InlineData("keys", FileUse.Read)]
    // Its own stays.
    [InlineData("", FileUse.Read)]
    public void WhatIsDoneToFilesThatTheSliceNames_IsAddedToItsOwn(string slice, FileUse files)
    {
        var declaration = new Declaration
        {
            Files = FileUse.Read,
            Places = slice => slice.Length == 0 ? []
                : [new Place("/a", slice.SequenceEqual("acme"u8) ? FileUse.List | FileUse.Change : FileUse.Read), new Place("/b", FileUse.Read)],
        };
        var complete = Threshold.Complete(declaration, System.Text.Encoding.ASCII.GetBytes(slice));
        Assert.Equal(files, complete.Files);
        Assert.Equal(SocketUse.None, complete.Sockets);
        var filter = FilterAssembler.Assemble(Machine.Intel, CallPolicy.Of(complete, Machine.Intel, Expected.Pid));
        var rename = CallTable.Changing.Single(call => call.Name == "renameat2").Intel;
        Assert.Equal(
            files.HasFlag(FileUse.Change) ? Verdict.Allow : Verdict.Refuse, ClassicFilter.Run(filter, Machine.Intel.Architecture, rename, new ulong[6]));
    }

    [Theory]
    [InlineData("dovecot", Verdict.Allow)]
    [InlineData("own", Verdict.Refuse)]
    public void Filter_FollowsTheSlice(string slice, uint verdict)
    {
        var declaration = Threshold.Complete(_may, System.Text.Encoding.ASCII.GetBytes(slice));
        foreach (var machine in new[] { Machine.Intel, Machine.Arm })
        {
            var filter = FilterAssembler.Assemble(machine, CallPolicy.Of(declaration, machine, Expected.Pid));
            uint Judge(string call, params ulong[] arguments) => ClassicFilter.Run(
                filter, machine.Architecture, machine.NumberOf(CallTable.Sockets.Single(one => one.Name == call)), [.. arguments, .. new ulong[6 - arguments.Length]]);
            // AF_UNIX, SOCK_STREAM; and to whatever it is then connected.
            Assert.Equal(verdict, Judge("socket", 1, 1));
            Assert.Equal(verdict, Judge("connect"));
            // AF_INET, in either case; and its own stay.
            Assert.Equal(Verdict.Refuse, Judge("socket", 2, 1));
            Assert.Equal(Verdict.Refuse, Judge("socket", 2, 2));
            Assert.Equal(Verdict.Allow, Judge("accept4"));
        }
    }
}
