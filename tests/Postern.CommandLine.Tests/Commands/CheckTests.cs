using Postern.CommandLine.Commands;
using Postern.CommandLine.Output;

namespace Postern.CommandLine.Tests.Commands;

public sealed class CheckTests
{
    [Theory]
    [InlineData(0, "", "f is good.\n", "")]
    [InlineData(0, "f:1: warning: a\nf:2: warning: \x1b\n", "f can be used; what stands in the warnings is hardly meant.\n", "f:1: warning: a\nf:2: warning: ?\n")]
    [InlineData(78, "f:1: a\n", "", "f:1: a\n")]
    public void WhatPosternConfigSays_IsPassedOn(int code, string said, string output, string error)
    {
        using var words = new StringWriter();
        using var complaints = new StringWriter();
        CheckCommand.Tell(new Screen(words, complaints, Stream.Null, false), "f", code, said);
        Assert.Equal((output, error), (words.ToString(), complaints.ToString()));
    }
}
