// How much of the depth one call takes. Enters: locals, operands and size of a function. Leaves: its weight in small
// frames. Always holds: depends on the WebAssembly alone, so that "call stack exhausted" comes at the same call on
// every machine; the stack of a thread is never used up first.
namespace EventSourced.Wasm.Compile;

internal static class FrameWeight
{
    /// <summary>A leaf of this weight is covered by its caller's check.</summary>
    public const int FreeLeaf = 1;

    /// <summary>What a call from guest to host takes.</summary>
    public const int Host = 8;

    private const int SlotsPerUnit = 16;
    private const int BodyBytesPerUnit = 512;

    public static int Of(int locals, int operands, int bodyBytes) =>
        1 + (locals + operands) / SlotsPerUnit + bodyBytes / BodyBytesPerUnit;
}
