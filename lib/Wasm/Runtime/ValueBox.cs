// One WebAssembly value on its way between host and guest. Enters: a number, a function or an object of the host.
// Leaves: the same value by kind. Always holds: numbers live in Bits (low bits, zero above), references in Reference.
using System.Globalization;

namespace EventSourced.Wasm;

/// <summary>One WebAssembly value: its kind and its bits or reference.</summary>
public readonly struct ValueBox : IEquatable<ValueBox>
{
    internal readonly ulong Bits;
    internal readonly object? Reference;
    private readonly ValueKind _kind;

    internal ValueBox(ValueKind kind, ulong bits, object? reference)
    {
        _kind = kind;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>The type of this value.</summary>
    public ValueKind Kind => _kind == 0 ? ValueKind.Int32 : _kind;

    /// <summary>Makes an i32.</summary>
    public static ValueBox FromInt32(int value) => new(ValueKind.Int32, (uint)value, null);

    /// <summary>Makes an i64.</summary>
    public static ValueBox FromInt64(long value) => new(ValueKind.Int64, (ulong)value, null);

    /// <summary>Makes an f32.</summary>
    public static ValueBox FromSingle(float value) =>
        new(ValueKind.Float32, BitConverter.SingleToUInt32Bits(value), null);

    /// <summary>Makes an f64.</summary>
    public static ValueBox FromDouble(double value) =>
        new(ValueKind.Float64, BitConverter.DoubleToUInt64Bits(value), null);

    /// <summary>Makes a funcref; null is the null reference.</summary>
    public static ValueBox FromFunction(Function? value) => new(ValueKind.FuncRef, 0, value);

    /// <summary>Makes an externref; null is the null reference.</summary>
    public static ValueBox FromExtern(object? value) => new(ValueKind.ExternRef, 0, value);

    /// <summary>Makes a number of the given kind from its bit pattern.</summary>
    public static ValueBox FromBits(ValueKind kind, ulong bits) => kind switch
    {
        ValueKind.Int32 or ValueKind.Float32 => new(kind, (uint)bits, null),
        ValueKind.Int64 or ValueKind.Float64 => new(kind, bits, null),
        _ => throw new ArgumentException($"expected a number, found {kind.Text()}", nameof(kind)),
    };

    /// <summary>The zero or null of a kind: what a local starts with.</summary>
    public static ValueBox Zero(ValueKind kind) => new(kind, 0, null);

    /// <summary>The value as an i32.</summary>
    public int AsInt32() => (int)Expect(ValueKind.Int32).Bits;

    /// <summary>The value as an i64.</summary>
    public long AsInt64() => (long)Expect(ValueKind.Int64).Bits;

    /// <summary>The value as an f32.</summary>
    public float AsSingle() => BitConverter.UInt32BitsToSingle((uint)Expect(ValueKind.Float32).Bits);

    /// <summary>The value as an f64.</summary>
    public double AsDouble() => BitConverter.UInt64BitsToDouble(Expect(ValueKind.Float64).Bits);

    /// <summary>The value as a function reference.</summary>
    public Function? AsFunction() => (Function?)Expect(ValueKind.FuncRef).Reference;

    /// <summary>The value as a reference to an object of the host.</summary>
    public object? AsExtern() => Expect(ValueKind.ExternRef).Reference;

    /// <summary>The bit pattern of a number; zero for a reference.</summary>
    public ulong ToBits() => Bits;

    /// <summary>The value as the .NET type of its kind: int, long, float, double, Function or object.</summary>
    public object? ToObject() => Kind switch
    {
        ValueKind.Int32 => AsInt32(),
        ValueKind.Int64 => AsInt64(),
        ValueKind.Float32 => AsSingle(),
        ValueKind.Float64 => AsDouble(),
        _ => Reference,
    };

    /// <summary>
    /// Makes a value of the wanted kind from a .NET object of the type that <see cref="ToObject"/> gives.
    /// </summary>
    public static ValueBox FromObject(object? value, ValueKind kind) => (kind, value) switch
    {
        (ValueKind.Int32, int number) => FromInt32(number),
        (ValueKind.Int32, uint number) => FromInt32((int)number),
        (ValueKind.Int64, long number) => FromInt64(number),
        (ValueKind.Int64, ulong number) => FromInt64((long)number),
        (ValueKind.Int64, int number) => FromInt64(number),
        (ValueKind.Float32, float number) => FromSingle(number),
        (ValueKind.Float64, double number) => FromDouble(number),
        (ValueKind.Float64, float number) => FromDouble(number),
        (ValueKind.FuncRef, null or Function) => FromFunction((Function?)value),
        (ValueKind.ExternRef, _) => FromExtern(value),
        _ => throw new ArgumentException($"expected a value for {kind.Text()}, found {value ?? "null"}", nameof(value)),
    };

    /// <summary>An int is an i32.</summary>
    public static implicit operator ValueBox(int value) => FromInt32(value);

    /// <summary>A long is an i64.</summary>
    public static implicit operator ValueBox(long value) => FromInt64(value);

    /// <summary>A float is an f32.</summary>
    public static implicit operator ValueBox(float value) => FromSingle(value);

    /// <summary>A double is an f64.</summary>
    public static implicit operator ValueBox(double value) => FromDouble(value);

    /// <summary>A function is a funcref.</summary>
    public static implicit operator ValueBox(Function? value) => FromFunction(value);

    /// <summary>Same kind and same bits or same reference (NaNs compare by their bits).</summary>
    public bool Equals(ValueBox other) =>
        Kind == other.Kind && Bits == other.Bits && Equals(Reference, other.Reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValueBox other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Bits, Reference);

    /// <summary>Same kind and same bits or same reference.</summary>
    public static bool operator ==(ValueBox left, ValueBox right) => left.Equals(right);

    /// <summary>Not the same kind, bits or reference.</summary>
    public static bool operator !=(ValueBox left, ValueBox right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind.Text()}:{Convert.ToString(ToObject(), CultureInfo.InvariantCulture) ?? "null"}";

    private ValueBox Expect(ValueKind kind) =>
        Kind == kind
            ? this
            : throw new InvalidCastException($"expected a value of type {kind.Text()}, found {Kind.Text()}");
}
