using Postern.Loop;

namespace Postern.CommandLine.Submission;

/// <summary>Standard input as a message: lines end in CRLF, and the header is known before anything is passed on.</summary>
internal sealed class MessageSource(Stream input, bool stopAtDot)
{
    private const int ReadSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[ReadSize];
    private readonly LineEndConverter _converter = new(stopAtDot);

    /// <summary>What was read and not consumed yet.</summary>
    internal ByteQueue Content { get; } = new();

    /// <summary>Reads one more piece.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="CommandFailure">65 for content that no mail may have.</exception>
    internal bool Fill()
    {
        if (_converter.Ended)
        {
            return false;
        }

        var count = input.Read(_buffer);
        if (count > 0)
        {
            _converter.Convert(_buffer.AsSpan(0, count), Content);
        }
        else
        {
            _converter.Finish(Content);
        }

        return _converter.Fault switch
        {
            ContentFault.None => true,
            ContentFault.Nul => throw new CommandFailure(ExitCode.BadData, "the message has a NUL byte in it"),
            _ => throw new CommandFailure(ExitCode.BadData, "the message has a carriage return without a line feed in it"),
        };
    }

    /// <summary>Reads to the end of the header; <see cref="Content"/> begins with it.</summary>
    internal HeaderBlock ReadHeader()
    {
        var header = new HeaderBlock();
        while (!header.Scan(Content.Span))
        {
            if (Content.Length > HeaderBlock.MaxLength)
            {
                throw new CommandFailure(ExitCode.BadData, "the header is too long");
            }

            if (!Fill())
            {
                break;
            }
        }

        return header;
    }
}
