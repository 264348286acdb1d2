// Tables (specification 4.2.7). Enters: references set and read by host or guest. Leaves: the same references. Always
// holds: a table of funcref holds Functions of its own store, and compiled code may call whatever it finds there after
// comparing the type number.
namespace EventSourced.Wasm;

/// <summary>A table of references.</summary>
public sealed class Table
{
    /// <summary>The elements of a funcref table; empty for externref.</summary>
    internal Function?[] Functions = [];

    /// <summary>The elements of an externref table; empty for funcref.</summary>
    internal object?[] References = [];

    private readonly Store _store;

    /// <summary>Makes a table whose first elements are all <paramref name="initialValue"/>.</summary>
    public Table(Store store, TableKind kind, object? initialValue, uint initial, uint? maximum = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (initial > maximum)
            throw new WasmException(WasmErrorKind.Usage, $"expected initial <= maximum, found {initial} and {maximum}");
        if (!store.MayHaveElements(initial))
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected at most {store.MostTableElements} elements, found {initial}");
        }

        store.CountTable();
        _store = store;
        Kind = kind;
        Minimum = initial;
        Maximum = maximum;
        Resize(initial);
        Fill(0, Checked(initialValue), initial);
    }

    /// <summary>The kind of the elements.</summary>
    public TableKind Kind { get; }

    /// <summary>The number of elements it began with.</summary>
    public uint Minimum { get; }

    /// <summary>The number of elements it may grow to, or null.</summary>
    public uint? Maximum { get; }

    internal Store Store => _store;

    internal uint Count => (uint)(Kind == TableKind.FuncRef ? Functions.Length : References.Length);

    /// <summary>The number of elements.</summary>
    public uint GetSize() => Count;

    /// <summary>The element at an index: a Function, an object or null.</summary>
    public object? GetElement(uint index)
    {
        CheckIndex(index);
        return Kind == TableKind.FuncRef ? Functions[index] : References[index];
    }

    /// <summary>Sets the element at an index.</summary>
    public void SetElement(uint index, object? value)
    {
        CheckIndex(index);
        Fill(index, Checked(value), 1);
    }

    /// <summary>Grows by elements of a value and gives the old size; throws where a limit forbids it.</summary>
    public uint Grow(uint elements, object? initialValue)
    {
        var before = TryGrow(elements, Checked(initialValue));
        return before >= 0
            ? (uint)before
            : throw new WasmException(
                WasmErrorKind.Limit, $"expected room for {elements} more elements, found {Count} in use");
    }

    internal bool MayGrow(uint elements)
    {
        var after = (ulong)Count + elements;
        return after <= (Maximum ?? uint.MaxValue) && _store.MayHaveElements(after);
    }

    /// <summary>The old size, or -1 where a limit forbids it: what table.grow answers.</summary>
    internal int TryGrow(uint elements, object? value)
    {
        if (!MayGrow(elements))
            return -1;
        var before = Count;
        Resize(before + elements);
        Fill(before, value, elements);
        return (int)before;
    }

    /// <summary>Sets a range that is known to lie within the table.</summary>
    internal void Fill(uint start, object? value, uint count)
    {
        if (Kind == TableKind.FuncRef)
            Functions.AsSpan((int)start, (int)count).Fill((Function?)value);
        else
            References.AsSpan((int)start, (int)count).Fill(value);
    }

    private void Resize(uint size)
    {
        if (Kind == TableKind.FuncRef)
            Array.Resize(ref Functions, (int)size);
        else
            Array.Resize(ref References, (int)size);
    }

    private void CheckIndex(uint index)
    {
        if (index >= Count)
            throw new WasmException(WasmErrorKind.Usage, $"expected an index below {Count}, found {index}");
    }

    private object? Checked(object? value)
    {
        if (Kind == TableKind.ExternRef)
            return value;
        if (value is not (null or Function))
            throw new WasmException(WasmErrorKind.Usage, $"expected a function or null, found {value}");
        _store.CheckOwn((Function?)value);
        return value;
    }
}
