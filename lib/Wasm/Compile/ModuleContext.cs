// What every function of a module is compiled against. Enters: the validated module. Leaves: its methods, and what a
// call can change. Always holds: MayGrow errs on the side of yes.
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal sealed class ModuleContext
{
    private readonly bool _ownCallsMayGrow;

    public ModuleContext(Engine engine, ModuleDefinition definition, IndexSpaces spaces)
    {
        Engine = engine;
        Definition = definition;
        Spaces = spaces;
        Methods = new MethodBuilder[definition.Bodies.Count];
        var shared = spaces.ImportedMemories > 0
            || definition.Exports.Exists(export => export.Kind == ExternKind.Memory);
        var memory = spaces.Memories.Count > 0 ? spaces.Memories[0] : new Bounds(0, 0);
        LeastMemoryBytes = (long)Math.Min(memory.Minimum, Memory.MostPages) * Memory.PageSize;
        // A memory that may be no larger than it is at least never grows.
        var elastic = memory.Maximum is not { } maximum || maximum > memory.Minimum;
        OutsideMayGrow = elastic && (definition.GrowsMemory || shared);
        // A table may hold functions of others, so a module that has one can reach the outside.
        var reachesOutside = spaces.ImportedFunctions > 0 || spaces.Tables.Count > 0;
        _ownCallsMayGrow = elastic && (definition.GrowsMemory || (shared && reachesOutside));
    }

    public Engine Engine { get; }

    public ModuleDefinition Definition { get; }

    public IndexSpaces Spaces { get; }

    public MethodBuilder[] Methods { get; }

    /// <summary>The bytes that every instance's memory has at least.</summary>
    public long LeastMemoryBytes { get; }

    /// <summary>Whether a call of an import or through a table may grow this module's memory.</summary>
    public bool OutsideMayGrow { get; }

    /// <summary>Whether a call of one of the module's own functions may grow its memory.</summary>
    public bool MayGrow(int function) => _ownCallsMayGrow && function >= Spaces.ImportedFunctions;

    /// <summary>The value of a global that never changes and is known now.</summary>
    public Constant? ConstantGlobal(int index)
    {
        if (Spaces.Globals[index].Mutable || index < Spaces.ImportedGlobals)
            return null;
        var initial = Definition.Globals[index - Spaces.ImportedGlobals].Initial;
        return initial.Kind is ConstantKind.Value or ConstantKind.Null ? initial : null;
    }
}
