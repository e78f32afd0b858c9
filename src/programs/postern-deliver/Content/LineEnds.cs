namespace Postern.Deliver.Content;

/// <summary>Turns CRLF into LF, for a mailbox on a system whose lines end so; pieces may be cut anywhere.</summary>
/// <remarks>Content in the queue has no CR and no LF but in pairs. A CR that stands alone all the same stays as it is.</remarks>
internal sealed class LineEnds
{
    private bool _heldReturn;

    /// <summary>Converts the next piece.</summary>
    /// <param name="piece">Bytes of the content.</param>
    /// <param name="output">At least one byte longer than the piece: a CR may have been held back from the last one.</param>
    /// <returns>How many bytes were written.</returns>
    internal int Convert(ReadOnlySpan<byte> piece, Span<byte> output)
    {
        if (piece.IsEmpty)
        {
            return 0;
        }

        var written = 0;
        if (_heldReturn && piece[0] != '\n')
        {
            output[written++] = (byte)'\r';
        }

        _heldReturn = piece[^1] == '\r';
        if (_heldReturn)
        {
            piece = piece[..^1];
        }

        while (!piece.IsEmpty)
        {
            var pair = piece.IndexOf("\r\n"u8);
            var plain = pair < 0 ? piece : piece[..pair];
            plain.CopyTo(output[written..]);
            written += plain.Length;
            if (pair < 0)
            {
                break;
            }

            output[written++] = (byte)'\n';
            piece = piece[(pair + 2)..];
        }

        return written;
    }

    /// <summary>The content is over: gives back a CR that was held.</summary>
    /// <param name="output">At least one byte.</param>
    internal int Finish(Span<byte> output)
    {
        if (!_heldReturn)
        {
            return 0;
        }

        _heldReturn = false;
        output[0] = (byte)'\r';
        return 1;
    }
}
