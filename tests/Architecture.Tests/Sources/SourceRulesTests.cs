using Postern.Architecture.Tree;

namespace Postern.Architecture.Sources;

/// <summary>Each rule is seen to fail on a source made to break it.</summary>
public sealed class SourceRulesTests
{
    [Theory]
    [InlineData("class A;")]
    [InlineData("public class A;")]
    [InlineData("internal struct A;")]
    [InlineData("enum A { One }")]
    [InlineData("delegate void A();")]
    [InlineData("record struct A(int X);")]
    // An ordinary comment is none, and neither is an empty summary.
    [InlineData("// <summary>Does.</summary>\nclass A;")]
    [InlineData("/// <summary></summary>\nclass A;")]
    [InlineData("/// <remarks>Does.</remarks>\nclass A;")]
    public void AVisibleTypeWithoutSummary_IsReported(string text) =>
        Assert.Single(SourceRules.UndocumentedTypes([File(text)]), found => found.Contains("A has no summary", StringComparison.Ordinal));

    [Theory]
    [InlineData("/// <summary>Does.</summary>\nclass A;")]
    [InlineData("/// <summary>\n/// Does.\n/// </summary>\n[B]\npublic class A;")]
    [InlineData("file class A;")]
    [InlineData("/// <summary>Does.</summary>\nclass O { private class A; }")]
    [InlineData("/// <summary>Does.</summary>\nclass O { struct A; }")]
    [InlineData("/// <summary>Does.</summary>\nclass O { class P { public class A; } }")]
    public void ADocumentedOrHiddenType_Passes(string text) => Assert.Empty(SourceRules.UndocumentedTypes([File(text)]));

    [Theory]
    [InlineData("interface A { uint OldestSegment { get; } }")]
    [InlineData("interface A { bool CanFree(uint segment); }")]
    [InlineData("/// <summary>A part of a file.</summary>\npublic class A;")]
    [InlineData("public record struct A(uint Offset);")]
    public void AWordForStorage_IsReported(string text) => Assert.NotEmpty(SourceRules.StorageWords(File(text)));

    [Theory]
    [InlineData("public class A { internal uint Segment => 1; }")]
    [InlineData("public class A { /// <summary>Its file.</summary>\n internal uint B => 1; }")]
    [InlineData("/// <summary>A section.</summary>\npublic class A;")]
    public void WhatIsInternalOrNeutral_Passes(string text) => Assert.Empty(SourceRules.StorageWords(File(text)));

    [Fact]
    public void ANestedVisibleType_NeedsItsOwnSummary() =>
        Assert.Single(SourceRules.UndocumentedTypes([File("/// <summary>Does.</summary>\nclass O { public class A; }")]));

    [Fact]
    public void OneDocumentedPartOfAPartialType_IsEnough()
    {
        SourceFile documented = File("/// <summary>Does.</summary>\npartial class A;");
        Assert.Empty(SourceRules.UndocumentedTypes([documented, File("partial class A;")]));
        Assert.Single(SourceRules.UndocumentedTypes([documented, File("namespace N; partial class A;")]));
    }

    [Theory]
    [InlineData("class QueueManager;", 1)]
    [InlineData("static class TextHelpers;", 1)]
    [InlineData("record struct PeerInfo;", 1)]
    [InlineData("enum MailData { X }", 1)]
    [InlineData("class Managers;", 0)]
    [InlineData("class InfoLine;", 0)]
    public void ANameThatEndsInAnEmptyWord_IsReported(string text, int found) => Assert.Equal(found, SourceRules.EmptyNames(File(text)).Count());

    [Theory]
    [InlineData("// TODO later", 1)]
    [InlineData("class A { /* FIXME */ }", 1)]
    [InlineData("/// <summary>HACK: x</summary>\nclass A;", 1)]
    // A mark in code is a name or a text, not a promise.
    [InlineData("class A { string S = \"TODO\"; }", 0)]
    [InlineData("// Nothing is TODOLIST", 0)]
    public void AMarkOfUnfinishedWork_IsReported(string text, int found) => Assert.Equal(found, SourceRules.UnfinishedMarks(File(text)).Count());

    [Theory]
    [InlineData("catch (Exception) {}", 1)]
    [InlineData("catch (System.Exception e) {}", 1)]
    [InlineData("catch {}", 1)]
    [InlineData("catch (Exception e) when (e is IOException) {}", 0)]
    [InlineData("catch (IOException) {}", 0)]
    public void CatchingEverything_IsReported(string clause, int found) =>
        Assert.Equal(found, SourceRules.CatchAlls(File($"class A {{ void M() {{ try {{ }} {clause} }} }}")).Count());

    [Fact]
    public void AFinding_SaysFileAndLine() =>
        Assert.Equal("src/a.cs:2: catches everything.", SourceRules.CatchAlls(File("class A { void M() { try { }\n catch { } } }")).Single());

    private static SourceFile File(string text) => new("src/a.cs", text);
}
