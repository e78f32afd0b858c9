using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Postern.Coverage.Instrumenting;

/// <summary>
/// The type that each instrumented module gets: the address of the shared memory, which the module's initializer finds before
/// anything else of the module runs. Where there is none to be had (another namespace), the process notes in memory of its own.
/// </summary>
internal sealed class HitsType
{
    /// <summary>More probes than there will be: so much a process reserves where it notes for itself alone.</summary>
    public const int MaxProbes = 1 << 20;

    private const int Nothing = 0;

    private readonly ModuleDefinition _module;
    private readonly TypeDefinition _type;

    /// <param name="module">The module that gets it.</param>
    /// <param name="key">The number of the shared memory.</param>
    public HitsType(ModuleDefinition module, int key)
    {
        _module = module;
        _type = new TypeDefinition("", "<Hits>", TypeAttributes.Class | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, module.TypeSystem.Object);
        Begin = new FieldDefinition("Begin", FieldAttributes.Static | FieldAttributes.Assembly, module.TypeSystem.IntPtr);
        _type.Fields.Add(Begin);
        module.Types.Add(_type);
        ModuleReference library = module.ModuleReferences.FirstOrDefault(one => one.Name == "libc") ?? new ModuleReference("libc");
        if (!module.ModuleReferences.Contains(library))
        {
            module.ModuleReferences.Add(library);
        }

        TypeReference number = module.TypeSystem.Int32;
        TypeReference address = module.TypeSystem.IntPtr;
        MethodDefinition get = Call(library, "shmget", number, number, address, number);
        MethodDefinition attach = Call(library, "shmat", address, number, address, number);
        MethodDefinition reserve = Call(library, "calloc", address, address, address);
        Initialize(key, get, attach, reserve);
    }

    /// <summary>The static field with the address of the first byte.</summary>
    public FieldDefinition Begin { get; }

    private MethodDefinition Call(ModuleReference library, string name, TypeReference returned, params TypeReference[] parameters)
    {
        MethodDefinition method = new(name, MethodAttributes.Static | MethodAttributes.Assembly | MethodAttributes.PInvokeImpl | MethodAttributes.HideBySig, returned)
        {
            PInvokeInfo = new PInvokeInfo(PInvokeAttributes.NoMangle | PInvokeAttributes.CallConvCdecl, name, library),
            ImplAttributes = MethodImplAttributes.PreserveSig,
        };
        foreach (TypeReference parameter in parameters)
        {
            method.Parameters.Add(new ParameterDefinition(parameter));
        }

        _type.Methods.Add(method);
        return method;
    }

    // <Module>..cctor: what a module initializer of the source becomes. One that is there already goes on afterwards.
    private void Initialize(int key, MethodDefinition get, MethodDefinition attach, MethodDefinition reserve)
    {
        TypeDefinition home = _module.Types.Single(type => type.Name == "<Module>");
        MethodDefinition? method = home.Methods.SingleOrDefault(one => one.Name == ".cctor");
        if (method is null)
        {
            method = new MethodDefinition(
                ".cctor",
                MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName,
                _module.TypeSystem.Void);
            method.Body.GetILProcessor().Emit(OpCodes.Ret);
            home.Methods.Add(method);
        }

        ILProcessor code = method.Body.GetILProcessor();
        Instruction rest = method.Body.Instructions[0];
        Instruction found = code.Create(OpCodes.Stsfld, Begin);
        Instruction[] added =
        [
            code.Create(OpCodes.Ldc_I4, key),
            code.Create(OpCodes.Ldc_I4, Nothing),
            code.Create(OpCodes.Conv_I),
            code.Create(OpCodes.Ldc_I4, Nothing),
            code.Create(OpCodes.Call, get),
            code.Create(OpCodes.Ldc_I4, Nothing),
            code.Create(OpCodes.Conv_I),
            code.Create(OpCodes.Ldc_I4, Nothing),
            code.Create(OpCodes.Call, attach),
            code.Create(OpCodes.Dup),
            code.Create(OpCodes.Ldc_I4_M1),
            code.Create(OpCodes.Conv_I),
            code.Create(OpCodes.Bne_Un, found),
            code.Create(OpCodes.Pop),
            code.Create(OpCodes.Ldc_I4_1),
            code.Create(OpCodes.Conv_I),
            code.Create(OpCodes.Ldc_I4, MaxProbes),
            code.Create(OpCodes.Conv_I),
            code.Create(OpCodes.Call, reserve),
            found,
        ];
        foreach (Instruction one in added)
        {
            code.InsertBefore(rest, one);
        }
    }
}
