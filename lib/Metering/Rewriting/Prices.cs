// The price list of fuel, stable for ever: a pass that changes one of these numbers is another version. Enters:
// sizes. Leaves: units. Always holds: an operator costs one unit, structure (block, loop, end, else, nop) costs none;
// work whose length the guest chooses costs by length; frames cost by their locals, because they are cleared.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Rewriting;

internal static class Prices
{
    /// <summary>An arm of an if that costs no more is paid with the region around it, whether it runs or not.</summary>
    public const long SmallArm = 24;

    /// <summary>
    /// The price of a call. It covers a small leaf: a function without loops and calls that costs no more is not
    /// asked again.
    /// </summary>
    public const int Call = 8;

    /// <summary>Bulk work on memories costs one unit for two to this power of bytes.</summary>
    public const int BytesShift = 5;

    /// <summary>Bulk work on tables costs one unit for two to this power of elements.</summary>
    public const int ElementsShift = 1;

    /// <summary>A page that is new costs two to this power of units, as if each of its bytes were written.</summary>
    public const int PageShift = 16 - BytesShift;

    private const int LocalsPerUnit = 8;

    public static long Bytes(long count) => count >> BytesShift;

    public static long Elements(long count) => count >> ElementsShift;

    public static int Frame(int locals) => locals / LocalsPerUnit;

    public static int Of(Opcode opcode) => opcode switch
    {
        Opcode.Block or Opcode.Loop or Opcode.End or Opcode.Else or Opcode.Nop => 0,
        Opcode.Call or Opcode.CallIndirect => Call,
        _ => 1,
    };
}
