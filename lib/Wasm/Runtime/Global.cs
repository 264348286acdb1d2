// Globals (specification 4.2.9). Enters: a value, and later ones where it is mutable. Leaves: the value. Always
// holds: a number lives in Value by its own type, a reference in Function or Reference; compiled code reads these
// fields.
using System.Runtime.InteropServices;

namespace EventSourced.Wasm;

/// <summary>A global variable.</summary>
public sealed class Global
{
    internal NumberCell Value;
    internal Function? Function;
    internal object? Reference;
    private readonly Store _store;

    /// <summary>Makes a global.</summary>
    public Global(Store store, ValueKind kind, object? initialValue, Mutability mutability)
        : this(store, ValueBox.FromObject(initialValue, kind), mutability)
    {
    }

    /// <summary>Makes a global from a boxed value.</summary>
    public Global(Store store, ValueBox initialValue, Mutability mutability)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        Kind = initialValue.Kind;
        Mutability = mutability;
        Put(initialValue);
    }

    /// <summary>The kind of the value.</summary>
    public ValueKind Kind { get; }

    /// <summary>Whether it may be set.</summary>
    public Mutability Mutability { get; }

    internal Store Store => _store;

    /// <summary>The value: int, long, float, double, Function or object.</summary>
    public object? GetValue() => Box.ToObject();

    /// <summary>Sets the value of a mutable global.</summary>
    public void SetValue(object? value)
    {
        if (Mutability == Mutability.Immutable)
            throw new WasmException(WasmErrorKind.Usage, "expected a mutable global, found an immutable one");
        Put(value is ValueBox box ? box : ValueBox.FromObject(value, Kind));
    }

    /// <summary>The value, boxed.</summary>
    public ValueBox Box => Kind switch
    {
        ValueKind.FuncRef => ValueBox.FromFunction(Function),
        ValueKind.ExternRef => ValueBox.FromExtern(Reference),
        _ => ValueBox.FromBits(Kind, (ulong)Value.Int64),
    };

    private void Put(ValueBox value)
    {
        if (value.Kind != Kind)
            throw new WasmException(WasmErrorKind.Usage, $"expected {Kind.Text()}, found {value.Kind.Text()}");
        Value.Int64 = (long)value.Bits;
        if (Kind == ValueKind.FuncRef)
        {
            _store.CheckOwn((Function?)value.Reference);
            Function = (Function?)value.Reference;
        }
        else
            Reference = value.Reference;
    }
}

/// <summary>Room for one number of any type.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct NumberCell
{
    [FieldOffset(0)]
    public int Int32;

    [FieldOffset(0)]
    public long Int64;

    [FieldOffset(0)]
    public float Single;

    [FieldOffset(0)]
    public double Double;
}
