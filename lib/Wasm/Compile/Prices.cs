// The price list of fuel, stable for ever: an engine that changes one of these numbers is another version. Enters:
// sizes. Leaves: units. Always holds: an operator costs one unit, structure (block, loop, end, else, nop) costs none;
// work whose length the guest chooses costs by length; frames cost by their locals, because they are cleared.
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal static class Prices
{
    /// <summary>An arm of an if that costs no more is paid with the region around it, whether it runs or not.</summary>
    public const long SmallArm = 24;

    /// <summary>
    /// The price of a call. It covers a small leaf: a function without loops and calls that costs no more is not
    /// asked again.
    /// </summary>
    public const int Call = 8;

    private const int BytesPerUnit = 32;
    private const int ElementsPerUnit = 2;
    private const int LocalsPerUnit = 8;

    public static long Bytes(uint count) => count / BytesPerUnit;

    public static long Elements(uint count) => count / ElementsPerUnit;

    /// <summary>Growth copies what is there and clears what is new.</summary>
    public static long Grow(long bytesBefore, uint pages) =>
        pages == 0 ? 0 : (bytesBefore + Math.Min(pages, 65_536L) * Memory.PageSize) / BytesPerUnit;

    public static long GrowTable(uint before, uint count) =>
        count == 0 ? 0 : ((long)before + count) / ElementsPerUnit;

    public static int Frame(int locals) => locals / LocalsPerUnit;

    public static int Of(Opcode opcode) => opcode switch
    {
        Opcode.Block or Opcode.Loop or Opcode.End or Opcode.Else or Opcode.Nop => 0,
        Opcode.Call or Opcode.CallIndirect => Call,
        _ => 1,
    };
}
