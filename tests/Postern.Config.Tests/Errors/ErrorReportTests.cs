using System.Text;
using System.Text.Json;
using Postern.Config.Errors;

namespace Postern.Config.Tests.Errors;

/// <summary>Errors as people and programs see them.</summary>
public class ErrorReportTests
{
    private static ErrorList Two()
    {
        var errors = new ErrorList();
        errors.Add(new Place("postern.toml", 9, 3), "second \"x\"");
        errors.Add(new Place("postern.toml", 2, 1), "first");
        return errors;
    }

    [Fact]
    public void Text_IsOneLineEachInOrder() =>
        Assert.Equal("postern.toml:2: first\npostern.toml:9: second \"x\"\n", Encoding.ASCII.GetString(ErrorReport.Text("postern.toml", Two())));

    [Fact]
    public void Json_HoldsTheSame()
    {
        using var json = JsonDocument.Parse(ErrorReport.Json("postern.toml", Two()));
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        var error = json.RootElement.GetProperty("errors")[1];
        Assert.Equal("postern.toml", error.GetProperty("file").GetString());
        Assert.Equal(9, error.GetProperty("line").GetInt32());
        Assert.Equal(3, error.GetProperty("column").GetInt32());
        Assert.Equal("second \"x\"", error.GetProperty("message").GetString());
    }

    [Fact]
    public void NoErrors_AreValidJson() =>
        Assert.Equal("{\"valid\":true,\"errors\":[],\"warnings\":[],\"dropped\":0}\n", Encoding.ASCII.GetString(ErrorReport.Json("postern.toml", new ErrorList())));

    [Fact]
    public void TooManyErrors_AreCounted()
    {
        var errors = new ErrorList();
        for (var i = 0; i < ErrorList.MaxErrors + 7; i++)
        {
            errors.Add(new Place("postern.toml", i + 1, 1), "x");
        }

        Assert.EndsWith("postern.toml:1: and 7 more\n", Encoding.ASCII.GetString(ErrorReport.Text("postern.toml", errors)), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileName_IsMadePrintable()
    {
        var errors = new ErrorList();
        errors.Add(new Place("a\u001b[2Jb", 1, 1), "x");
        Assert.Equal("a\\u{1B}[2Jb:1: x\n", Encoding.ASCII.GetString(ErrorReport.Text("a\u001b[2Jb", errors)));
    }

    [Fact]
    public void LongTexts_AreCut()
    {
        Assert.Equal(85, Printable.Quote(new string('x', 10_000)).Length);
        Assert.InRange(Printable.Line(new string('\u00fc', 10_000)).Length, 1, 620);
    }
}
