using Postern.Loop;

namespace Postern.CommandLine.Submission;

/// <summary>What is wrong with content.</summary>
internal enum ContentFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A CR without LF (RFC 5321 §2.3.8).</summary>
    BareCarriageReturn,

    /// <summary>A NUL (RFC 5321 §4.5.2 allows none in text).</summary>
    Nul,
}

/// <summary>Turns the lines of a local program, which end in LF, into those of mail, which end in CRLF; CRLF stays.</summary>
/// <param name="stopAtDot">True when a line with a single dot ends the message, as sendmail without -i has it.</param>
internal sealed class LineEndConverter(bool stopAtDot)
{
    private Place _place;

    /// <summary>Where in a line the next byte stands.</summary>
    private enum Place
    {
        LineStart,
        AfterDot,
        AfterDotReturn,
        Inside,
        AfterReturn,
    }

    /// <summary>The first thing that was wrong; nothing is taken after it.</summary>
    internal ContentFault Fault { get; private set; }

    /// <summary>True when a dot has ended the message; what follows is ignored.</summary>
    internal bool Ended { get; private set; }

    /// <summary>Takes the next bytes, cut anywhere.</summary>
    /// <param name="input">As the program wrote them.</param>
    /// <param name="output">Gets them with CRLF.</param>
    internal void Convert(ReadOnlySpan<byte> input, ByteQueue output)
    {
        while (!input.IsEmpty && !Ended && Fault == ContentFault.None)
        {
            input = input[(_place == Place.Inside ? TakeInside(input, output) : TakeOne(input[0], output))..];
        }
    }

    /// <summary>The content is over: a last line without an end gets one.</summary>
    internal void Finish(ByteQueue output)
    {
        if (_place is Place.AfterReturn or Place.AfterDotReturn && Fault == ContentFault.None && !Ended)
        {
            Fault = ContentFault.BareCarriageReturn;
        }
        else if (_place == Place.Inside && Fault == ContentFault.None)
        {
            output.Append("\r\n"u8);
        }

        Ended = true;
    }

    /// <summary>Takes a piece of a line; returns its length.</summary>
    private int TakeInside(ReadOnlySpan<byte> input, ByteQueue output)
    {
        var stop = input.IndexOfAny((byte)'\n', (byte)'\r', (byte)0);
        output.Append(stop < 0 ? input : input[..stop]);
        if (stop < 0)
        {
            return input.Length;
        }

        if (input[stop] == '\n')
        {
            EndLine(output);
        }
        else if (input[stop] == '\r')
        {
            _place = Place.AfterReturn;
        }
        else
        {
            Fault = ContentFault.Nul;
        }

        return stop + 1;
    }

    /// <summary>Takes a byte where its place in the line matters; returns 0 when it must be looked at again.</summary>
    private int TakeOne(byte value, ByteQueue output)
    {
        switch (_place)
        {
            case Place.AfterReturn when value == '\n':
                EndLine(output);
                return 1;
            case Place.AfterDot or Place.AfterDotReturn when value == '\n':
                Ended = true;
                return 1;
            case Place.AfterReturn or Place.AfterDotReturn:
                Fault = ContentFault.BareCarriageReturn;
                return 1;
            case Place.AfterDot when value == '\r':
                _place = Place.AfterDotReturn;
                return 1;
            case Place.LineStart when stopAtDot && value == '.':
                _place = Place.AfterDot;
                return 1;
            case Place.AfterDot:
                output.Append("."u8);
                break;
        }

        _place = Place.Inside;
        return 0;
    }

    private void EndLine(ByteQueue output)
    {
        output.Append("\r\n"u8);
        _place = Place.LineStart;
    }
}
