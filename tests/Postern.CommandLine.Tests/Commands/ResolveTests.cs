using System.Text;
using System.Text.Json;
using Postern.CommandLine.Server;
using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Slices;

namespace Postern.CommandLine.Tests.Commands;

public sealed class ResolveTests
{
    [Theory]
    // No route and not ours: the exchangers.
    [InlineData("a@far.example", "a@far.example goes to the mail exchangers of far.example\n")]
    // A route for a domain, below a suffix, over LMTP, for an own domain.
    [InlineData("a@relay.example", "a@relay.example goes to 127.0.0.1 port 2600 by SMTP, by the route \"relay.example\"\n")]
    [InlineData("a@x.y.internal.example", "a@x.y.internal.example goes to /run/lmtp by LMTP, by the route \"*.internal.example\"\n")]
    [InlineData("a@box.example", "a@box.example goes to box port 24 by LMTP, by the route \"box.example\"\n")]
    public void ForeignDomain_GoesWhereTheQueueSendsIt(string address, string expected)
    {
        using var caller = new Caller { Slices = Slices() };
        Assert.Equal(0, caller.Run("", "postern", "resolve", address));
        Assert.Equal(expected, caller.Output);
    }

    [Theory]
    [InlineData("bob@example.org", MailboxKind.Virtual, "", "example.org/bob", "bob@example.org goes to the mailbox example.org/bob\n")]
    [InlineData("bob", MailboxKind.System, "bob", "", "bob@example.org goes to the Maildir of the system user bob\n")]
    [InlineData("postmaster@example.org", MailboxKind.Postmaster, "", "", "postmaster@example.org goes to the postmaster's folder\n")]
    // An address literal is taken only when it is ours.
    [InlineData("bob@[127.0.0.1]", MailboxKind.Virtual, "", "x", "bob@[127.0.0.1] goes to the mailbox x\n")]
    public void OwnAddress_GoesToItsMailbox(string address, MailboxKind kind, string user, string folder, string expected)
    {
        using var caller = new Caller
        {
            Slices = Slices(),
            Directory = connection => Answer(connection, (_, _, question) =>
            {
                connection.Send(new MeaningMailboxFrame { Question = question, Kind = kind, User = user, Folder = Encoding.ASCII.GetBytes(folder) });
                return MeaningOutcome.Found;
            }),
        };
        Assert.Equal(0, caller.Run("", "postern", "resolve", address));
        Assert.Equal(expected, caller.Output);
    }

    [Fact]
    public void Alias_IsFollowedToTheEnd()
    {
        using var caller = new Caller
        {
            Slices = Slices(),
            Directory = connection => Answer(connection, (address, final, question) =>
            {
                if (final)
                {
                    connection.Send(new MeaningMailboxFrame { Question = question, Kind = MailboxKind.Virtual, User = "", Folder = "example.org/bob"u8 });
                }
                else
                {
                    connection.Send(new MeaningTargetFrame { Question = question, Address = "bob@example.org"u8 });
                    connection.Send(new MeaningTargetFrame { Question = question, Address = "c@far.example"u8 });
                }

                return MeaningOutcome.Found;
            }),
        };
        Assert.Equal(0, caller.Run("", "postern", "resolve", "--json", "all@example.org"));
        using var json = JsonDocument.Parse(caller.Output);
        Assert.Equal("found", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(
            [
                "all@example.org: bob@example.org", "all@example.org: c@far.example",
                "bob@example.org: the mailbox example.org/bob", "c@far.example: the mail exchangers of far.example",
            ],
            json.RootElement.GetProperty("steps").EnumerateArray()
                .Select(step => $"{step.GetProperty("address").GetString()}: {step.GetProperty("goes_to").GetString()}"));
    }

    // A part of the mail comes back: a script that asks must see it.
    [Theory]
    [InlineData(MeaningOutcome.Unknown, 67, "x@example.org goes to nobody: no mailbox and no alias has this address\n")]
    [InlineData(MeaningOutcome.Unavailable, 75, "x@example.org goes to nobody: it can't be told now\n")]
    public void AliasWithATargetThatNobodyHas_IsTold(MeaningOutcome outcome, int code, string words)
    {
        using var caller = new Caller
        {
            Slices = Slices(),
            Directory = connection => Answer(connection, (address, final, question) =>
            {
                if (final)
                {
                    return outcome;
                }

                connection.Send(new MeaningTargetFrame { Question = question, Address = "x@example.org"u8 });
                connection.Send(new MeaningTargetFrame { Question = question, Address = "c@far.example"u8 });
                return MeaningOutcome.Found;
            }),
        };
        Assert.Equal(code, caller.Run("", "postern", "resolve", "all@example.org"));
        Assert.Contains(words, caller.Output, StringComparison.Ordinal);
        Assert.EndsWith("c@far.example goes to the mail exchangers of far.example\n", caller.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MeaningOutcome.Unknown, 67)]
    [InlineData(MeaningOutcome.Literal, 67)]
    [InlineData(MeaningOutcome.Loop, 78)]
    [InlineData(MeaningOutcome.TooMany, 78)]
    [InlineData(MeaningOutcome.Unavailable, 75)]
    public void AddressThatLeadsNowhere_IsToldWithItsReason(MeaningOutcome outcome, int code)
    {
        using var caller = new Caller { Slices = Slices(), Directory = connection => Answer(connection, (_, _, _) => outcome) };
        Assert.Equal(code, caller.Run("", "postern", "resolve", "no@example.org"));
        Assert.StartsWith("no@example.org goes to nobody: ", caller.Output);
    }

    [Fact]
    public void DirectoryThatDies_IsATemporaryFailure()
    {
        using var caller = new Caller { Slices = Slices(), Directory = _ => throw new CommandFailure(1, "dies") };
        Assert.Equal(75, caller.Run("", "postern", "resolve", "no@example.org"));
    }

    [Fact]
    public void WhatIsNoAddress_IsAMisuse()
    {
        using var caller = new Caller { Slices = Slices() };
        Assert.Equal(64, caller.Run("", "postern", "resolve", "a b@c"));
    }

    private delegate MeaningOutcome Reply(string address, bool final, uint question);

    private static void Answer(FrameConnection connection, Reply reply)
    {
        Assert.Equal(MeaningQuestionFrame.Type, connection.Receive(out var reader));
        Assert.True(MeaningQuestionFrame.TryRead(ref reader, out var question));
        var outcome = reply(Encoding.ASCII.GetString(question.Address), question.Final, question.Question);
        connection.Send(new MeaningEndFrame { Question = question.Question, Outcome = outcome, List = false });
    }

    private static Dictionary<ProgramName, byte[]> Slices()
    {
        var slices = SliceLoaderTests.Slices(ServiceKind.Smtp, Postern.Text.IpAddress.Loopback4);
        var queue = new SliceWriter();
        queue.Add(new DomainSlice { Domain = "example.org" });
        queue.Add(new DomainSlice { Domain = "box.example" });
        queue.Add(new RouteSlice { Pattern = "relay.example", Hop = HopKind.Host, Destination = "127.0.0.1", Port = 2600 });
        queue.Add(new RouteSlice { Pattern = "*.internal.example", Hop = HopKind.LmtpSocket, Destination = "/run/lmtp", Port = 0 });
        queue.Add(new RouteSlice { Pattern = "box.example", Hop = HopKind.LmtpHost, Destination = "box", Port = 24 });
        slices[ProgramName.Queue] = [.. slices[ProgramName.Queue], .. queue.Bytes];
        slices[ProgramName.Directory] = [1, 2, 3];
        return slices;
    }
}
