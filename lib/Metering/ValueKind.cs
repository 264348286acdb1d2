// The types a WebAssembly value can have. Enters: nothing. Leaves: the kinds, numbered as the binary format numbers
// them (specification 5.3.1 to 5.3.4), so that decoding is a cast. Always holds: every kind is one byte, stable for
// ever.
namespace EventSourced.Metering;

/// <summary>The type of a WebAssembly value; the numbers are those of the binary format.</summary>
public enum ValueKind : byte
{
    /// <summary>A 32-bit integer, signed or unsigned by use.</summary>
    Int32 = 0x7F,

    /// <summary>A 64-bit integer, signed or unsigned by use.</summary>
    Int64 = 0x7E,

    /// <summary>A 32-bit IEEE 754 number.</summary>
    Float32 = 0x7D,

    /// <summary>A 64-bit IEEE 754 number.</summary>
    Float64 = 0x7C,

    /// <summary>A 128-bit vector.</summary>
    V128 = 0x7B,

    /// <summary>A reference to a function, or null.</summary>
    FuncRef = 0x70,

    /// <summary>A reference to an object of the host, or null.</summary>
    ExternRef = 0x6F,
}

/// <summary>Whether a global may be written.</summary>
public enum Mutability : byte
{
    /// <summary>The value is fixed when the global is made.</summary>
    Immutable = 0,

    /// <summary>The value may be set.</summary>
    Mutable = 1,
}

internal static class ValueKinds
{
    public static bool IsReference(this ValueKind kind) => kind is ValueKind.FuncRef or ValueKind.ExternRef;

    public static string Text(this ValueKind kind) => kind switch
    {
        ValueKind.Int32 => "i32",
        ValueKind.Int64 => "i64",
        ValueKind.Float32 => "f32",
        ValueKind.Float64 => "f64",
        ValueKind.V128 => "v128",
        ValueKind.FuncRef => "funcref",
        ValueKind.ExternRef => "externref",
        _ => "unknown",
    };
}
