// Compiles a module to a dynamic type. Enters: the bytes of a module. Leaves: a CompiledModule, or a named refusal.
// Always holds: a body is validated before any IL is made of it; the assembly is collectible, so that a module that
// is dropped leaves nothing behind; the JIT compiles each function when it is first called, fully optimized.
using System.Reflection;
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Validation;

namespace EventSourced.Wasm.Compile;

internal static class ModuleCompiler
{
    private const TypeAttributes StaticClass =
        TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed;

    /// <summary>How many functions one method of the dynamic type gives the pointers of.</summary>
    private const int PointersPerMethod = 1_000;

    private delegate void FillPointers(nint[] pointers);

    public static CompiledModule Compile(Engine engine, string name, byte[] bytes)
    {
        var definition = ModuleDecoder.Decode(bytes, engine.Limits);
        var outside = ModuleValidator.ValidateOutside(definition, engine.Limits);
        var context = new ModuleContext(engine, definition, outside.Spaces);
        var type = DefineType(name);
        DefineMethods(context, type);
        CompileBodies(context, outside.Referred);
        var referred = outside.Referred.Where(index => index >= outside.Spaces.ImportedFunctions).Select(i => (int)i);
        var own = definition.Start is { } start && start >= outside.Spaces.ImportedFunctions
            ? referred.Append((int)start)
            : referred;
        var fillers = DefinePointers(context, type, [.. own.Distinct().Order()]);
        var code = type.CreateType();
        var pointers = new nint[definition.Bodies.Count];
        foreach (var filler in fillers)
            code.GetMethod(filler)!.CreateDelegate<FillPointers>()(pointers);
        return new CompiledModule(engine, definition, outside.Spaces, code, pointers);
    }

    private static TypeBuilder DefineType(string name)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName(CompiledNames.AssemblyName), AssemblyBuilderAccess.RunAndCollect);
        return assembly.DefineDynamicModule(CompiledNames.AssemblyName)
            .DefineType(CompiledNames.OfType(name), StaticClass);
    }

    private static void DefineMethods(ModuleContext context, TypeBuilder type)
    {
        var first = context.Spaces.ImportedFunctions;
        var names = Names(context.Definition);
        for (var i = 0; i < context.Methods.Length; i++)
        {
            var signature = context.Spaces.FunctionTypes[first + i];
            context.Methods[i] = type.DefineMethod(
                CompiledNames.OfFunction(first + i, names.GetValueOrDefault(first + i)),
                MethodAttributes.Public | MethodAttributes.Static,
                Signatures.Result(signature),
                Signatures.Parameters(signature));
        }
    }

    /// <summary>Names for stack traces: those of the name section, else of exports.</summary>
    private static Dictionary<int, string> Names(ModuleDefinition definition)
    {
        var names = new Dictionary<int, string>(definition.FunctionNames);
        foreach (var export in definition.Exports)
        {
            if (export.Kind == ExternKind.Function)
                names.TryAdd((int)export.Index, export.Name);
        }

        return names;
    }

    private static void CompileBodies(ModuleContext context, HashSet<uint> referred)
    {
        var limits = context.Engine.Limits;
        var decoder = new InstructionDecoder(context.Definition, limits);
        var validator = new FunctionValidator(context.Definition, context.Spaces, referred, limits);
        var code = new FunctionCode();
        var plan = new FunctionPlan();
        var guards = new GuardPlan();
        for (var i = 0; i < context.Methods.Length; i++)
        {
            decoder.Decode(context.Definition.Bodies[i], code);
            var height = validator.Validate(i, code);
            FunctionCompiler.Compile(
                context, context.Spaces.ImportedFunctions + i, context.Methods[i], code, plan, guards, height);
        }
    }

    /// <summary>Methods that put the pointers of functions into an array: reflection would be slower by far.</summary>
    private static List<string> DefinePointers(ModuleContext context, TypeBuilder type, int[] functions)
    {
        var names = new List<string>();
        foreach (var chunk in functions.Chunk(PointersPerMethod))
        {
            var method = type.DefineMethod(
                $"pointers{names.Count}", MethodAttributes.Public | MethodAttributes.Static, null, [typeof(nint[])]);
            var il = method.GetILGenerator();
            foreach (var function in chunk)
            {
                var index = function - context.Spaces.ImportedFunctions;
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldc_I4, index);
                il.Emit(OpCodes.Ldftn, context.Methods[index]);
                il.Emit(OpCodes.Stelem_I);
            }

            il.Emit(OpCodes.Ret);
            names.Add(method.Name);
        }

        return names;
    }
}
