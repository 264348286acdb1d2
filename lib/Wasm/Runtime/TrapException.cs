// A guest that stopped itself or was stopped. Enters: the exception that the compiled code raised. Leaves: the trap's
// code, the words of the specification's test suite, and the WebAssembly frames. Always holds: the host is unharmed.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

/// <summary>Why the guest stopped.</summary>
public enum TrapCode
{
    /// <summary>Calls nested deeper than the store allows.</summary>
    StackOverflow,

    /// <summary>A memory access beyond the memory's end.</summary>
    MemoryOutOfBounds,

    /// <summary>A table access beyond the table's end.</summary>
    TableOutOfBounds,

    /// <summary>An indirect call through an index beyond the table's end.</summary>
    UndefinedElement,

    /// <summary>An indirect call through a null entry.</summary>
    IndirectCallToNull,

    /// <summary>An indirect call whose callee has another type.</summary>
    BadSignature,

    /// <summary>A quotient or conversion that does not fit.</summary>
    IntegerOverflow,

    /// <summary>An integer division by zero.</summary>
    IntegerDivisionByZero,

    /// <summary>A NaN converted to an integer.</summary>
    BadConversionToInteger,

    /// <summary>The instruction `unreachable`.</summary>
    Unreachable,

    /// <summary>The host cancelled the call.</summary>
    Interrupt,

    /// <summary>The store's fuel is used up.</summary>
    OutOfFuel,
}

/// <summary>One WebAssembly function on the stack of a trap, innermost first.</summary>
/// <param name="ModuleName">The name the host gave to the module.</param>
/// <param name="FunctionIndex">The function's index in its module.</param>
/// <param name="FunctionName">The function's name by the name section or its export, else null.</param>
public sealed record TrapFrame(string ModuleName, int FunctionIndex, string? FunctionName);

/// <summary>The guest trapped: it stopped, and the host is unharmed.</summary>
public sealed class TrapException : WasmException
{
    private const int MaxFrames = 100;
    private IReadOnlyList<TrapFrame>? _frames;

    internal TrapException(TrapCode code, Exception? cause = null)
        : base(WasmErrorKind.Trap, Words(code), cause) => Type = code;

    /// <summary>Why the guest stopped.</summary>
    public TrapCode Type { get; }

    /// <summary>The WebAssembly functions that were running, innermost first, at most 100.</summary>
    public IReadOnlyList<TrapFrame> Frames => _frames ??= ReadFrames(InnerException ?? this);

    /// <summary>The trap that an exception of compiled code stands for, or null where it is named already.</summary>
    internal static TrapCode? Means(Exception exception) => exception switch
    {
        IndexOutOfRangeException => TrapCode.MemoryOutOfBounds,
        DivideByZeroException => TrapCode.IntegerDivisionByZero,
        OverflowException => TrapCode.IntegerOverflow,
        InsufficientExecutionStackException => TrapCode.StackOverflow,
        _ => null,
    };

    private static string Words(TrapCode code) => code switch
    {
        TrapCode.StackOverflow => "call stack exhausted",
        TrapCode.MemoryOutOfBounds => "out of bounds memory access",
        TrapCode.TableOutOfBounds => "out of bounds table access",
        TrapCode.UndefinedElement => "undefined element",
        TrapCode.IndirectCallToNull => "uninitialized element",
        TrapCode.BadSignature => "indirect call type mismatch",
        TrapCode.IntegerOverflow => "integer overflow",
        TrapCode.IntegerDivisionByZero => "integer divide by zero",
        TrapCode.BadConversionToInteger => "invalid conversion to integer",
        TrapCode.Unreachable => "unreachable",
        TrapCode.Interrupt => "interrupted by the host",
        TrapCode.OutOfFuel => "all fuel consumed",
        _ => code.ToString(),
    };

    private static List<TrapFrame> ReadFrames(Exception exception)
    {
        var frames = new List<TrapFrame>();
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || frames.Count == MaxFrames)
                continue;
            if (CompiledNames.TryRead(type, method.Name, out var found))
                frames.Add(found);
        }

        return frames;
    }
}
