// One decoded instruction and the code of one function. Enters: filled by InstructionDecoder. Leaves: read by
// validation, regions and compilation. Always holds: blocks are well nested and the last instruction is the
// function's end; what A and B mean is said by the opcode.
namespace EventSourced.Metering.Binary;

/// <summary>
/// Immediates: block types, constants and memory offsets in B; alignments, depths and indices in A; where there are two
/// indices the second is in B; br_table: A is where its targets begin in Targets, B how many before the default.
/// Vectors: A is the alignment, B the lane; for shuffles the highest lane; for constants 1 where no lane is a NaN.
/// </summary>
internal readonly record struct Instruction(Opcode Opcode, uint A, long B)
{
    public int Index => (int)A;
}

internal sealed class FunctionCode
{
    public List<Instruction> Instructions { get; } = [];

    /// <summary>
    /// The position of each instruction in the module's bytes, and at the end the position behind the last one.
    /// </summary>
    public List<int> Positions { get; } = [];

    public List<uint> Targets { get; } = [];

    public void Clear()
    {
        Instructions.Clear();
        Targets.Clear();
        Positions.Clear();
    }
}
