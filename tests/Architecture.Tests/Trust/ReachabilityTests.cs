using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>What counts as code that a program can run, on small made-up programs.</summary>
public sealed class ReachabilityTests
{
    [Fact]
    public void OnlyWhatIsCalled_Counts() => Assert.Equal(
        ["Main", "Used"],
        Methods("class P { static void Main() => Used(); static void Used() { } static void Unused() { } }"));

    [Fact]
    public void CallsAreFollowedThroughOtherFiles()
    {
        string[] found = Methods("Library.One();", "static class Library { public static void One() => Two(); static void Two() { } static void Three() { } }");
        Assert.Equal(["One", "Two"], found.Where(name => !name.StartsWith('<')));
    }

    [Theory]
    // Through an interface.
    [InlineData("interface I { void M(); } class A : I { public void M() => Z.Hit(); }", "I i = new A(); i.M();")]
    // Through a base class, ours or the framework's.
    [InlineData("abstract class B { public abstract void M(); } class A : B { public override void M() => Z.Hit(); }", "B b = new A(); b.M();")]
    [InlineData("class A { public override string ToString() { Z.Hit(); return \"\"; } }", "object o = new A();")]
    // When a type begins.
    [InlineData("class A { static A() => Z.Hit(); }", "object o = new A();")]
    [InlineData("class A { static int s = Z.Hit(); public static void M() { } }", "A.M();")]
    [InlineData("class A { int P { get; } = Z.Hit(); }", "object o = new A();")]
    [InlineData("class B { public B(int x) { } } class A() : B(Z.Hit());", "object o = new A();")]
    // By statements and conversions that name no method.
    [InlineData("class A { public A GetEnumerator() => this; public bool MoveNext() => Z.Hit() > 0; public int Current => 1; }", "foreach (int i in new A()) { }")]
    [InlineData("class A { public static implicit operator int(A a) => Z.Hit(); }", "int i = new A();")]
    [InlineData("class A { public static A operator +(A a, A b) { Z.Hit(); return a; } }", "A a = new A() + new A();")]
    [InlineData("ref struct A { public void Dispose() => Z.Hit(); }", "using A a = new A();")]
    // By a delegate, an extension, a property, an argument of a generic method.
    [InlineData("class A { public static void M() => Z.Hit(); }", "System.Action a = A.M;")]
    [InlineData("static class A { public static void M(this int x) => Z.Hit(); }", "1.M();")]
    [InlineData("static class A { public static int P => Z.Hit(); }", "int x = A.P;")]
    [InlineData("interface I { static abstract void M(); } class A : I { public static void M() => Z.Hit(); } class G { public static void F<T>() where T : I => T.M(); }", "G.F<A>();")]
    public void CodeThatIsCalledWithoutBeingNamed_Counts(string types, string statements)
    {
        const string Target = " static class Z { public static int Hit() => 0; }";
        Assert.Contains("Hit", Methods(statements, types + Target));
        Assert.DoesNotContain("Hit", Methods(";", types + Target));
    }

    [Fact]
    public void LinesAreThoseWithCodeOfReachedMembers()
    {
        const string Program = """
            class P
            {
                // A comment, and a blank line below.

                static void Main()
                {
                    Used();
                    ;
                }

                static void Used() { }

                static void Unused() { }

                enum Unseen { One }
            }
            """;
        IReadOnlyDictionary<string, int> lines = ReachableLines.PerFile(ReachableCode.From(ProgramCompilation.Of([new SourceFile("p.cs", Program)])));
        // The type's heading, Main and its call, and Used.
        Assert.Equal(new KeyValuePair<string, int>("p.cs", 4), Assert.Single(lines));
    }

    [Fact]
    public void AProgramsSourcesAreItsOwnAndItsLibraries()
    {
        ProjectFile[] projects =
        [
            new("src/programs/p/p.csproj", ["A"], [], false),
            new("src/core/A/A.csproj", [], [], false),
            new("src/core/AB/AB.csproj", [], [], false),
        ];
        SourceFile[] sources = [new("src/programs/p/1.cs", ""), new("src/core/A/f/2.cs", ""), new("src/core/AB/3.cs", "")];
        Assert.Equal(sources[..2], ProgramCompilation.SourcesOf("p", projects, sources));
    }

    private static string[] Methods(params string[] texts) =>
    [
        .. ReachableCode.From(ProgramCompilation.Of(texts.Select((text, index) => new SourceFile($"{index}.cs", text))))
            .OfType<Microsoft.CodeAnalysis.IMethodSymbol>()
            .Select(method => method.Name)
            .Order(StringComparer.Ordinal),
    ];
}
