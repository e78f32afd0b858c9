using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Postern.Coverage.Instrumenting;

/// <summary>An instruction that goes on in one of several places because the source says so.</summary>
/// <param name="At">The instruction.</param>
/// <param name="Statement">The statement that it is a part of.</param>
/// <param name="Place">Tells the decisions of a statement apart.</param>
/// <param name="Ways">Where it may go on; first without a jump. Two that lead to the same place have one name.</param>
internal sealed record Decision(Instruction At, SequencePoint Statement, string Place, IReadOnlyList<Way> Ways)
{
    /// <summary>Null for an instruction that decides nothing, or that the compiler added for itself.</summary>
    public static Decision? Of(Instruction instruction, Statements statements)
    {
        if (instruction.OpCode.FlowControl != FlowControl.Cond_Branch || statements.At(instruction) is not { } statement || IsTheCompilers(instruction))
        {
            return null;
        }

        Instruction[] jumps = instruction.Operand as Instruction[] ?? [(Instruction)instruction.Operand];
        List<Way> ways = [new Way(instruction.Next, "next", Counts(instruction.Next))];
        foreach (Instruction jump in jumps.Where(jump => ways.All(way => way.Target != jump)).Distinct().ToArray())
        {
            // Several labels of one case, and a label that goes where everything else does, are one way.
            string name = ways.FirstOrDefault(way => Final(way.Target) == Final(jump))?.Name
                ?? (jumps.Length == 1 ? "jump" : ways.Count.ToString(CultureInfo.InvariantCulture));
            ways.Add(new Way(jump, name, Counts(jump)));
        }

        // With one way that counts there is nothing to decide: the other can't be, as the compiler sees it.
        return ways.Where(way => way.Counts).DistinctBy(way => way.Name).Count() > 1 ? new Decision(instruction, statement, Where(instruction), ways) : null;
    }

    private static string Where(Instruction instruction) => $"{instruction.OpCode.Name} at {instruction.Offset.ToString("X4", CultureInfo.InvariantCulture)}";

    // Waiting for what is there already, or not yet, is the scheduler's; a delegate that is made once is nobody's decision; an array
    // that is held in place is asked whether it is one and has anything in it, whatever it is.
    private static bool IsTheCompilers(Instruction instruction)
    {
        Instruction? before = instruction.Previous;
        return (before is { Operand: MethodReference { Name: "get_IsCompleted" } })
            || (before?.OpCode.Code == Code.Dup && before.Previous is { Operand: FieldReference cached } && cached.DeclaringType.Name.StartsWith('<') && cached.Name.StartsWith('<'))
            || (before?.OpCode.Code == Code.Stloc && IsHeldInPlace(before))
            || (before?.OpCode.Code == Code.Conv_I4 && before.Previous is { OpCode.Code: Code.Ldlen } length && IsHeldInPlace(length.Previous));
    }

    private static bool IsHeldInPlace(Instruction instruction) => instruction.Operand is VariableDefinition { IsPinned: true };

    // The compiler completes a switch that has no default with an exception for values that the type does not have.
    private static bool Counts(Instruction target)
    {
        for (Instruction? one = Final(target); one is not null && one.OpCode.FlowControl is FlowControl.Next or FlowControl.Call; one = one.Next)
        {
            if (one.Operand is MethodReference { Name: "ThrowSwitchExpressionException" or "ThrowSwitchExpressionExceptionParameterless" or "ThrowInvalidOperationException" })
            {
                return false;
            }
        }

        return true;
    }

    private static Instruction Final(Instruction target)
    {
        // As many steps as a chain of jumps may have; an endless loop jumps to itself.
        for (int step = 0; step < 100 && target.OpCode.Code is Code.Br or Code.Br_S; step++)
        {
            target = (Instruction)target.Operand;
        }

        return target;
    }
}

/// <summary>One place where a decision may go on.</summary>
/// <param name="Target">The instruction.</param>
/// <param name="Name">Tells the ways of a decision apart.</param>
/// <param name="Counts">Somebody can get there by this way.</param>
internal sealed record Way(Instruction Target, string Name, bool Counts);
