// The part of the depth that one call takes. Enters: locals, operands and size of a function. Leaves: its weight in
// small frames. Always holds: depends on the WebAssembly alone, so that "call stack exhausted" comes at the same call
// on every machine.
namespace EventSourced.Metering.Rewriting;

internal static class FrameWeight
{
    /// <summary>A leaf of this weight is covered by its caller's check.</summary>
    public const int FreeLeaf = 1;

    private const int SlotsPerUnit = 16;
    private const int BodyBytesPerUnit = 512;

    public static int Of(int locals, int operands, int bodyBytes) =>
        1 + (locals + operands) / SlotsPerUnit + bodyBytes / BodyBytesPerUnit;
}
