// Bulk operations on memories and tables (specification 4.4.6, 4.4.7). Enters: operands as the guest gave them. Leaves: the
// range written, or a trap before anything is written. Always holds: operands are unsigned 32-bit; work is charged by length.
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

internal static class Bulk
{
    public static int MemoryGrow(Instance instance, int pages)
    {
        instance.Store.Charge(Prices.Grow(instance.Memory0.GetLength(), (uint)pages));
        return instance.Memory0.TryGrow((uint)pages);
    }

    public static void MemoryFill(Instance instance, int target, int value, int length)
    {
        var memory = instance.Memory0.Bytes;
        CheckMemory((uint)target, (uint)length, memory.Length);
        instance.Store.Charge(Prices.Bytes((uint)length));
        memory.AsSpan(target, length).Fill((byte)value);
    }

    public static void MemoryCopy(Instance instance, int target, int source, int length)
    {
        var memory = instance.Memory0.Bytes;
        CheckMemory((uint)target, (uint)length, memory.Length);
        CheckMemory((uint)source, (uint)length, memory.Length);
        instance.Store.Charge(Prices.Bytes((uint)length));
        memory.AsSpan(source, length).CopyTo(memory.AsSpan(target, length));
    }

    public static void MemoryInit(Instance instance, int segment, int target, int source, int length)
    {
        var memory = instance.Memory0.Bytes;
        var data = instance.DataOf(segment);
        CheckMemory((uint)target, (uint)length, memory.Length);
        CheckMemory((uint)source, (uint)length, data.Length);
        instance.Store.Charge(Prices.Bytes((uint)length));
        data.Slice(source, length).CopyTo(memory.AsSpan(target, length));
    }

    public static void DataDrop(Instance instance, int segment) => instance.DropData(segment);

    public static void TableInit(Instance instance, int table, int segment, int target, int source, int length)
    {
        var into = instance.Tables[table];
        var items = instance.ElementsOf(segment);
        CheckTable((uint)target, (uint)length, into.Count);
        CheckTable((uint)source, (uint)length, (uint)items.Length);
        instance.Store.Charge(Prices.Elements((uint)length));
        for (var i = 0; i < length; i++)
            into.Fill((uint)(target + i), instance.Evaluate(items[source + i]).Reference, 1);
    }

    public static void ElementDrop(Instance instance, int segment) => instance.DropElements(segment);

    public static void TableCopy(Instance instance, int targetTable, int sourceTable, int target, int source, int length)
    {
        var (into, from) = (instance.Tables[targetTable], instance.Tables[sourceTable]);
        CheckTable((uint)target, (uint)length, into.Count);
        CheckTable((uint)source, (uint)length, from.Count);
        instance.Store.Charge(Prices.Elements((uint)length));
        if (into.Kind == TableKind.FuncRef)
            from.Functions.AsSpan(source, length).CopyTo(into.Functions.AsSpan(target, length));
        else
            from.References.AsSpan(source, length).CopyTo(into.References.AsSpan(target, length));
    }

    public static int TableSize(Instance instance, int table) => (int)instance.Tables[table].Count;

    public static int TableGrowFunctions(Instance instance, int table, Function? value, int count) =>
        TableGrow(instance, table, value, count);

    public static int TableGrow(Instance instance, int table, object? value, int count)
    {
        instance.Store.Charge(Prices.GrowTable(instance.Tables[table].Count, (uint)count));
        return instance.Tables[table].TryGrow((uint)count, value);
    }

    public static void TableFillFunctions(Instance instance, int table, int target, Function? value, int length) =>
        TableFill(instance, table, target, value, length);

    public static void TableFill(Instance instance, int table, int target, object? value, int length)
    {
        var into = instance.Tables[table];
        CheckTable((uint)target, (uint)length, into.Count);
        instance.Store.Charge(Prices.Elements((uint)length));
        into.Fill((uint)target, value, (uint)length);
    }

    public static Function? TableGetFunction(Instance instance, int table, int index)
    {
        var functions = instance.Tables[table].Functions;
        return (uint)index < (uint)functions.Length ? functions[index] : throw Traps.TableOutOfBounds();
    }

    public static object? TableGetReference(Instance instance, int table, int index)
    {
        var references = instance.Tables[table].References;
        return (uint)index < (uint)references.Length ? references[index] : throw Traps.TableOutOfBounds();
    }

    public static void TableSetFunction(Instance instance, int table, int index, Function? value)
    {
        var functions = instance.Tables[table].Functions;
        if ((uint)index >= (uint)functions.Length)
            throw Traps.TableOutOfBounds();
        functions[index] = value;
    }

    public static void TableSetReference(Instance instance, int table, int index, object? value)
    {
        var references = instance.Tables[table].References;
        if ((uint)index >= (uint)references.Length)
            throw Traps.TableOutOfBounds();
        references[index] = value;
    }

    private static void CheckMemory(uint start, uint length, int size)
    {
        if ((ulong)start + length > (uint)size)
            throw Traps.MemoryOutOfBounds();
    }

    private static void CheckTable(uint start, uint length, uint size)
    {
        if ((ulong)start + length > size)
            throw Traps.TableOutOfBounds();
    }
}
