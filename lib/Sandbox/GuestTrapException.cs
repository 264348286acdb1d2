// The stop of a guest. Enters: a trap of the engine. Leaves: its kind in words that every engine can give: kinds that
// some engine does not tell apart are joined. Always holds: the words are stored in receipts and never change.
using EventSourced.Metering;
using Wasmtime;

namespace EventSourced.Sandbox;

/// <summary>Why a guest stopped.</summary>
public enum TrapKind
{
    /// <summary>Calls nested deeper than the run allows.</summary>
    StackExhausted,

    /// <summary>An access outside of memory or of a data segment.</summary>
    MemoryOutOfBounds,

    /// <summary>An access outside of a table, or a call through an element that is null or of another type.</summary>
    TableFault,

    /// <summary>A quotient or a truncated number that no integer of the type is.</summary>
    UnrepresentableInteger,

    /// <summary>An integer was divided by zero.</summary>
    IntegerDivisionByZero,

    /// <summary>The guest ran into its own 'unreachable'.</summary>
    Unreachable,

    /// <summary>The host cancelled the call.</summary>
    Interrupted,

    /// <summary>The run's fuel did not suffice.</summary>
    OutOfFuel,
}

/// <summary>The guest stopped; the host is unharmed.</summary>
public sealed class GuestTrapException(TrapKind kind, Exception? cause = null)
    : WasmException(WasmErrorKind.Trap, Words(kind), cause)
{
    /// <summary>Why.</summary>
    public TrapKind Type { get; } = kind;

    internal static TrapKind? KindOf(TrapCode code) => code switch
    {
        TrapCode.MemoryOutOfBounds or TrapCode.HeapMisaligned => TrapKind.MemoryOutOfBounds,
        TrapCode.TableOutOfBounds or TrapCode.IndirectCallToNull or TrapCode.BadSignature => TrapKind.TableFault,
        TrapCode.IntegerOverflow or TrapCode.BadConversionToInteger => TrapKind.UnrepresentableInteger,
        TrapCode.IntegerDivisionByZero => TrapKind.IntegerDivisionByZero,
        TrapCode.Unreachable => TrapKind.Unreachable,
        _ => null,
    };

    private static string Words(TrapKind kind) => kind switch
    {
        TrapKind.StackExhausted => "call stack exhausted",
        TrapKind.MemoryOutOfBounds => "out of bounds memory access",
        TrapKind.TableFault => "table access or indirect call",
        TrapKind.UnrepresentableInteger => "unrepresentable integer",
        TrapKind.IntegerDivisionByZero => "integer divide by zero",
        TrapKind.Unreachable => "unreachable",
        TrapKind.Interrupted => "interrupted by the host",
        _ => "all fuel consumed",
    };
}
