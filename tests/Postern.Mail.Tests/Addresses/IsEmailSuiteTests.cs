using System.Text;
using System.Xml.Linq;

namespace Postern.Mail.Tests.Addresses;

/// <summary>The address suite of isemail, version 3: 164 addresses with a verdict of their own.</summary>
public class IsEmailSuiteTests
{
    /// <summary>The categories that are grammar of RFC 5321; the others are errors, or RFC 5322's comments and folding.</summary>
    private static readonly string[] s_accepted = ["ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321"];

    /// <summary>The cases that we judge otherwise, with the reason.</summary>
    private static readonly Dictionary<string, string> s_refused = new()
    {
        ["23"] = "a domain whose last label is a number is an IPv4 address to other readers",
        ["24"] = "the same: 255.255.255.255 without brackets",
        ["43"] = "an empty quoted local part is grammar, but names nobody",
    };

    [Fact]
    public void EveryAddress_IsJudgedAsItsCategorySays()
    {
        var document = XDocument.Load(Suites.Find("isemail/dominicsayers/test", "tests.xml"));
        int count = 0;
        var wrong = new List<string>();
        foreach (var test in document.Root!.Elements("test"))
        {
            count++;
            string id = test.Attribute("id")!.Value;
            bool expected = s_accepted.Contains(test.Element("category")!.Value) && !s_refused.ContainsKey(id);
            string address = WithControls(test.Element("address")!.Value);
            // The suite's only 8-bit case is wrong with SMTPUTF8, too.
            bool accepted = Mailbox.TryParse(Encoding.UTF8.GetBytes(address), allowUtf8: true, out _, out var fault);
            if (accepted != expected) wrong.Add($"{id} {address}: {fault}");
        }
        Assert.Equal(164, count);
        Assert.Empty(wrong);
    }

    /// <summary>U+2400 to U+2421 stand for the controls that XML can't hold.</summary>
    private static string WithControls(string address) =>
        string.Concat(address.Select(symbol => symbol switch
        {
            '\u2421' => '\u007f',
            >= '\u2400' and <= '\u241f' => (char)(symbol - 0x2400),
            _ => symbol,
        }));
}
