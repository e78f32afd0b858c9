using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Postern.Architecture.Trust;

/// <summary>Reads compiled instructions as far as they name something.</summary>
internal static class Instructions
{
    private static readonly Dictionary<ushort, OpCode> Known = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => unchecked((ushort)code.Value));

    /// <summary>Every type, method, field and signature that the instructions name.</summary>
    public static IEnumerable<EntityHandle> Named(MethodBodyBlock body)
    {
        BlobReader reader = body.GetILReader();
        List<EntityHandle> named = [];
        while (reader.RemainingBytes > 0)
        {
            ushort value = reader.ReadByte();
            OpCode code = Known[value == 0xFE ? (ushort)(0xFE00 | reader.ReadByte()) : value];
            switch (code.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    named.Add((EntityHandle)MetadataTokens.Handle(reader.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = reader.ReadInt32();
                    reader.Offset += 4 * targets;
                    break;
                default:
                    reader.Offset += SizeOf(code.OperandType);
                    break;
            }
        }

        // What a handler catches is named outside of the instructions.
        named.AddRange(body.ExceptionRegions.Where(region => !region.CatchType.IsNil).Select(region => region.CatchType));
        return named;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
