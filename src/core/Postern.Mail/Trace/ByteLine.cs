using Postern.Text;

namespace Postern.Mail;

/// <summary>Writes pieces of a header line one behind the other into a buffer that is known to suffice.</summary>
internal ref struct ByteLine(Span<byte> output)
{
    private readonly Span<byte> _output = output;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Appends bytes as they are.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Appends a number.</summary>
    public void Add(ulong value) => Length += DecimalText.Write(value, _output[Length..]);

    /// <summary>Appends a message's id.</summary>
    public void Add(MessageId id)
    {
        id.Write(_output[Length..]);
        Length += MessageId.TextLength;
    }

    /// <summary>Appends a date.</summary>
    public void Add(DateTimeOffset time)
    {
        Rfc5322Date.Write(time, _output[Length..]);
        Length += Rfc5322Date.Length;
    }

    /// <summary>Appends an address in brackets.</summary>
    public void AddLiteral(IpAddress address) => Length += AddressLiteral.Write(address, _output[Length..]);

    /// <summary>Appends what can stand in a comment whoever wrote it: atoms and dots, "?" for every other byte.</summary>
    public void AddTamed(ReadOnlySpan<byte> foreign, int max)
    {
        foreach (byte value in foreign[..Math.Min(foreign.Length, max)])
            _output[Length++] = Ascii.IsAtext(value) || value is (byte)'.' or (byte)':' ? value : (byte)'?';
    }
}
