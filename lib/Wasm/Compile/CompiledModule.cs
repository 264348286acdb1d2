// A module whose code is ready to be called. Enters: the definition and the pointers that its dynamic type gave.
// Leaves: the same for every instance. Always holds: Pointer(i) is code for function i with exactly the signature of
// its type; the dynamic assembly lives as long as this object.
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal sealed class CompiledModule(
    Engine engine, ModuleDefinition definition, IndexSpaces spaces, Type code, nint[] pointers)
{
    private readonly int[] _typeIds = [.. spaces.FunctionTypes.Select(engine.TypeId)];

    public Engine Engine { get; } = engine;

    public ModuleDefinition Definition { get; } = definition;

    public IndexSpaces Spaces { get; } = spaces;

    /// <summary>The dynamic type: holding it keeps the code alive.</summary>
    public Type Code { get; } = code;

    public int TypeIdOf(int function) => _typeIds[function];

    public nint Pointer(int function)
    {
        var pointer = pointers[function - Spaces.ImportedFunctions];
        return pointer != 0
            ? pointer
            : throw new InvalidOperationException($"expected function {function} to be referred to, found no pointer");
    }
}
