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
        Assert.DoesNotContain("Hit", Methods("int other = 0;", types + Target));
    }

    [Fact]
    public void AnImplementationThatNobodyCalls_DoesNotCount() => Assert.DoesNotContain("Hit", Methods(
        "I i = new A(); i.N();",
        "interface I { void M(); void N(); } class A : I { public void M() => Z.Hit(); public void N() { } } static class Z { public static int Hit() => 0; }"));

    [Fact]
    public void PartOfAProgram_BeginsAndEndsWhereItIsTold()
    {
        const string Program = """
            Start.Up();
            static class Start { public static void Up() { T.Face = new A(); T.Far = new Far(); Serve(); } public static void Serve() => Accept(); public static void Accept() { T.Face!.M(); _ = T.Near.GetHashCode(); After(); } public static void After() => Late(); public static void Late() { } }
            static class T { public static I? Face; public static object? Far; public static Near Near; }
            struct Near { public override int GetHashCode() => 1; }
            struct Far { public override bool Equals(object? other) => true; }
            interface I { void M(); }
            class A : I { public void M() => Early(); void Early() { } }
            ref struct Frame { public override string ToString() => ""; }
            """;
        CodeImage[] images = [CompiledText.Compile([new SourceFile("p.cs", Program)])];
        string[] part = [.. CallGraph.Between(images, ["Start::Accept"], ["Start::After"]).Select(method => method.Name).Order(StringComparer.Ordinal)];
        // A was made by what is not in the part, and is called in it all the same: by its interface. Of two values one is known to the part.
        Assert.Equal(["Accept", "Early", "GetHashCode", "M", "M"], part);
        Assert.Throws<InvalidOperationException>(() => CallGraph.Between(images, ["Start::Accept"], ["Start::Up"]));
        Assert.Throws<InvalidOperationException>(() => CallGraph.Between(images, ["Start::Nothing"], []));
    }

    [Fact]
    public void UnsafeMembers_AreToldApart()
    {
        const string Program = """
            unsafe { int x = 0; int* y = &x; }
            C.Call();
            static class C
            {
                public static void Call() => getpid();
                [System.Runtime.InteropServices.DllImport("libc")]
                static extern int getpid();
            }
            """;
        SourceFile file = new("p.cs", Program);
        Counted counted = new Declarations([file]).LinesOf(CallGraph.From([CompiledText.Compile([file])]));
        Assert.Equal([0, 5, 6], counted.Unsafe.Select(line => line.Line).Order().Where(line => line != 1));
        Assert.Contains(("p.cs", 4), counted.All);
        Assert.DoesNotContain(("p.cs", 4), counted.Unsafe);
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
        SourceFile file = new("p.cs", Program);
        Counted counted = new Declarations([file]).LinesOf(CallGraph.From([CompiledText.Compile([file])]));
        // The type's heading, Main and its call, and Used.
        Assert.Equal([("p.cs", 0), ("p.cs", 4), ("p.cs", 6), ("p.cs", 10)], counted.All.Order());
        Assert.Empty(counted.Unsafe);
    }

    [Fact]
    public void LinesWithAStatement_AreThoseOnWhichOneBegins()
    {
        const string Program = """
            class P
            {
                static int s_begun = 1;
                static int s_empty;

                static void Main()
                {
                    Used(
                        s_begun,
                        s_empty);
                    while (s_begun < 9)
                    {
                        s_begun++;
                    }
                }

                static int Used(int one, int other) =>
                    one > other
                        ? one
                        : other;

                static void Unused() => Main();
            }
            """;
        SourceFile file = new("p.cs", Program);
        Counted counted = new Declarations([file]).LinesOf(CallGraph.From([CompiledText.Compile([file])]));
        Assert.Equal([2, 7, 10, 12, 17], counted.Statements.Select(line => line.Line).Order());
        Assert.Superset(counted.Statements.ToHashSet(), counted.All.ToHashSet());
    }

    private static string[] Methods(params string[] texts) =>
    [
        .. CallGraph.From([CompiledText.Compile(texts.Select((text, index) => new SourceFile($"{index}.cs", text)))])
            .Select(method => method.Image.Reader.GetString(method.Definition.Name))
            .Order(StringComparer.Ordinal),
    ];
}
