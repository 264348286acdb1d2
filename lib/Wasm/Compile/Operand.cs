// One operand of the guest's stack while code is made. Enters: pushed by instructions. Leaves: loaded where it is
// used. Always holds: only operands that are OnStack take room on the stack of IL, in the same order; the others are
// loaded when they are wanted, so that constants and locals cost nothing on the way.
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

internal enum Place : byte
{
    /// <summary>On the stack of IL.</summary>
    OnStack,

    /// <summary>A constant, loaded when used.</summary>
    Constant,

    /// <summary>A local of the guest, loaded when used; saved before that local is set.</summary>
    Local,

    /// <summary>In a variable of its own, which is free again when the operand is gone.</summary>
    Variable,

    /// <summary>In a variable that belongs to a block.</summary>
    Shared,
}

/// <param name="Kind">The operand's type.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Bits">The constant's bits, or the local's index.</param>
/// <param name="Variable">The variable it is in.</param>
/// <param name="Depth">How deep its expression is: the JIT recurses that deep.</param>
/// <param name="Most">For an i32: no value above this, unsigned; a mask or a narrow load tells.</param>
/// <param name="Raw">Whether it may be a NaN that is not canonical yet; only on the stack.</param>
internal readonly record struct Operand(
    ValueKind Kind,
    Place Place,
    long Bits = 0,
    LocalBuilder? Variable = null,
    int Depth = 0,
    bool Raw = false,
    uint Most = uint.MaxValue)
{
    /// <summary>The bound of an i32, that of a constant being itself.</summary>
    public uint Bound => Place == Place.Constant ? (uint)Bits : Most;
}
