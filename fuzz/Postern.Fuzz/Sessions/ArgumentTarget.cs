using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>The arguments of EHLO and BDAT, beside patterns; a BDAT that we write is read back.</summary>
internal static partial class ArgumentTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool isName = text.Length <= HelloArgument.MaxName && Name().IsMatch(text);
        Demand.Equal(isName, HelloArgument.TryParse(input, out var hello), "a client's name");
        if (isName) Demand.Equal((text, text[0] == '['), (Demand.Latin(hello.Name), hello.IsLiteral), "the name");

        var match = Chunk().Match(text);
        var size = match.Success ? BigInteger.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture) : default;
        bool isChunk = match.Success && size <= long.MaxValue;
        Demand.Equal(isChunk, BdatCommand.TryParse(input, out var command), "a chunk");
        if (!isChunk) return;
        Demand.Equal((size, match.Groups["last"].Success), (command.Size, command.IsLast), "the chunk");
        byte[] written = new byte[ClientCommand.MaxCommand];
        Demand.That(ClientCommand.TryWriteBdat((ulong)command.Size, command.IsLast, written, out int length), "a chunk that can't be announced");
        var line = Smtp.CommandLine.Parse(written.AsSpan(0, length - 2));
        Demand.That(line.Verb == CommandVerb.Bdat && BdatCommand.TryParse(line.Argument, out var again) && again == command, "another chunk");
    }

    [GeneratedRegex(@"^(?:\[[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.:]+\]|[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.:]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<size>[0-9]{1,20})(?<last> +[Ll][Aa][Ss][Tt])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Chunk();
}
