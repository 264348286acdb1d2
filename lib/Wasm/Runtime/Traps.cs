// The traps that compiled code raises itself. Enters: nothing. Leaves: an exception to throw. Always holds: these are
// calls at the cold end of a function, never on its way.
using System.Runtime.CompilerServices;

namespace EventSourced.Wasm;

internal static class Traps
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Unreachable() => new TrapException(TrapCode.Unreachable);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception StackOverflow() => new TrapException(TrapCode.StackOverflow);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception MemoryOutOfBounds() => new TrapException(TrapCode.MemoryOutOfBounds);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception TableOutOfBounds() => new TrapException(TrapCode.TableOutOfBounds);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception UndefinedElement() => new TrapException(TrapCode.UndefinedElement);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception UninitializedElement() => new TrapException(TrapCode.IndirectCallToNull);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception BadSignature() => new TrapException(TrapCode.BadSignature);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception IntegerOverflow() => new TrapException(TrapCode.IntegerOverflow);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception BadConversion() => new TrapException(TrapCode.BadConversionToInteger);
}
