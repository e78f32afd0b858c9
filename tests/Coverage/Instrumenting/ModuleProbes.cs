using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Postern.Coverage.Instrumenting;

/// <summary>Puts the probes into one module: where each statement begins, and on each way out of each decision.</summary>
internal sealed class ModuleProbes(ModuleDefinition module, int key, List<Probe> probes)
{
    public void Insert()
    {
        // Before the type of ours is added, which shifts no method that is there but is none to be measured.
        MethodDefinition[] methods = [.. module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody)];
        HitsType hits = new(module, key);
        foreach (MethodDefinition method in methods)
        {
            Statements statements = Statements.Of(method);
            if (statements.Any)
            {
                Insert(method, statements, hits);
            }
        }

        if (probes.Count > HitsType.MaxProbes)
        {
            throw new InvalidOperationException($"{probes.Count} probes are more than {HitsType.MaxProbes}.");
        }
    }

    private void Insert(MethodDefinition method, Statements statements, HitsType hits)
    {
        method.Body.SimplifyMacros();
        ILProcessor code = method.Body.GetILProcessor();
        Instruction[] original = [.. method.Body.Instructions];

        // What decides is looked at before anything is moved.
        Decision[] decisions = [.. original.Select(one => Decision.Of(one, statements)).OfType<Decision>()];
        foreach (Decision decision in decisions)
        {
            AddWaysOut(code, decision, way => NewProbe(method, decision.Statement, $"{decision.Place}:{way}", isBranch: true), hits);
        }

        foreach ((Instruction first, SequencePoint statement) in statements.Visible)
        {
            AddBefore(code, first, Note(code, NewProbe(method, statement, "-", isBranch: false), hits));
        }

        method.Body.OptimizeMacros();
        method.DebugInformation.SequencePoints.Clear();
        method.DebugInformation.Scope = null;
    }

    private int NewProbe(MethodDefinition method, SequencePoint statement, string name, bool isBranch)
    {
        probes.Add(new Probe(
            module.Assembly.Name.Name, unchecked((int)method.MetadataToken.RID), isBranch, Statements.PathOf(statement), statement.StartLine, statement.StartColumn, name));
        return probes.Count - 1;
    }

    // Begin[number] = 1; needs nothing of the stack and leaves nothing on it.
    private static Instruction[] Note(ILProcessor code, int number, HitsType hits) =>
    [
        code.Create(OpCodes.Ldsfld, hits.Begin),
        code.Create(OpCodes.Ldc_I4, number),
        code.Create(OpCodes.Add),
        code.Create(OpCodes.Ldc_I4_1),
        code.Create(OpCodes.Stind_I1),
    ];

    // The instruction itself becomes the first one added, so that every jump to it, and every handler's border, goes there.
    private static void AddBefore(ILProcessor code, Instruction at, Instruction[] added)
    {
        Instruction copy = code.Create(OpCodes.Nop);
        (copy.OpCode, copy.Operand) = (at.OpCode, at.Operand);
        (at.OpCode, at.Operand) = (added[0].OpCode, added[0].Operand);
        Instruction last = at;
        foreach (Instruction one in added.Skip(1).Append(copy))
        {
            code.InsertAfter(last, one);
            last = one;
        }
    }

    // Behind the instruction stand the notes of all ways, each with a jump to where the way leads; first the one that falls through.
    private static void AddWaysOut(ILProcessor code, Decision decision, Func<string, int> probe, HitsType hits)
    {
        Instruction last = decision.At;
        void Append(Instruction one)
        {
            code.InsertAfter(last, one);
            last = one;
        }

        Dictionary<Instruction, Instruction> notes = [];
        Dictionary<string, int> numbers = [];
        Instruction next = decision.At.Next;
        foreach (Way way in decision.Ways)
        {
            if (way.Counts && !numbers.ContainsKey(way.Name))
            {
                numbers.Add(way.Name, probe(way.Name));
            }

            Instruction[] note = way.Counts ? Note(code, numbers[way.Name], hits) : [code.Create(OpCodes.Nop)];
            notes[way.Target] = note[0];
            foreach (Instruction one in note.Append(code.Create(OpCodes.Br, way.Target)))
            {
                Append(one);
            }
        }

        decision.At.Operand = decision.At.Operand switch
        {
            Instruction target => notes.GetValueOrDefault(target, target),
            Instruction[] targets => Array.ConvertAll(targets, target => notes.GetValueOrDefault(target, target)),
            _ => throw new InvalidOperationException("A decision jumps."),
        };
        if (decision.Ways[0].Target != next)
        {
            throw new InvalidOperationException("The first way is the one that falls through.");
        }
    }
}
