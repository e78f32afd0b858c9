using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>A line of the file of logins: what is read is what is written, to the byte, and looks like one.</summary>
internal static partial class LoginRecordTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (LoginRecord.Read(input) is not { } record) return;
        string text = Demand.Latin(input);
        Demand.That(Form().IsMatch(text), "a line that is none was taken");
        string[] fields = text.Split('\t');
        // An address has many spellings, and one of them is ours.
        fields[4] = $"{record.Address}";
        Demand.Equal(string.Join('\t', fields) + "\n", Demand.Latin(record.Write()), "there and back");
    }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\t[a-z-]+\t[a-z]{1,32}\t[A-Z0-9-]+\t[0-9A-Fa-f.:]+\t[!-@\[-~\x80-\xff]*\t[ -~]*(?:\tnew)?\z")]
    private static partial Regex Form();
}
