// Bulk operations on memories and tables (specification 4.4.6, 4.4.7). Enters: operands as the guest gave them.
// Leaves: the range written, or a trap before anything is written. Always holds: operands are unsigned 32-bit and
// come first, so that compiled code pushes the instance behind them; work is charged by length.
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

internal static class Bulk
{
    public static int MemoryGrow(int pages, Instance instance)
    {
        var memory = instance.Memory0;
        if (!memory.MayGrow((uint)pages))
            return -1;
        instance.Store.Charge(Prices.Grow(memory.GetLength(), (uint)pages));
        return memory.TryGrow((uint)pages);
    }

    public static void MemoryFill(int target, int value, int length, Instance instance)
    {
        var memory = instance.Memory0.Bytes;
        CheckMemory((uint)target, (uint)length, memory.Length);
        instance.Store.Charge(Prices.Bytes((uint)length));
        memory.AsSpan(target, length).Fill((byte)value);
    }

    public static void MemoryCopy(int target, int source, int length, Instance instance)
    {
        var memory = instance.Memory0.Bytes;
        CheckMemory((uint)target, (uint)length, memory.Length);
        CheckMemory((uint)source, (uint)length, memory.Length);
        instance.Store.Charge(Prices.Bytes((uint)length));
        memory.AsSpan(source, length).CopyTo(memory.AsSpan(target, length));
    }

    public static void MemoryInit(int target, int source, int length, Instance instance, int segment)
    {
        var memory = instance.Memory0.Bytes;
        var data = instance.DataOf(segment);
        CheckMemory((uint)target, (uint)length, memory.Length);
        CheckMemory((uint)source, (uint)length, data.Length);
        instance.Store.Charge(Prices.Bytes((uint)length));
        data.Slice(source, length).CopyTo(memory.AsSpan(target, length));
    }

    public static void DataDrop(Instance instance, int segment) => instance.DropData(segment);

    public static void TableInit(int target, int source, int length, Instance instance, int table, int segment)
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

    public static void TableCopy(int target, int source, int length, Instance instance, int toTable, int fromTable)
    {
        var (into, from) = (instance.Tables[toTable], instance.Tables[fromTable]);
        CheckTable((uint)target, (uint)length, into.Count);
        CheckTable((uint)source, (uint)length, from.Count);
        instance.Store.Charge(Prices.Elements((uint)length));
        if (into.Kind == TableKind.FuncRef)
            from.Functions.AsSpan(source, length).CopyTo(into.Functions.AsSpan(target, length));
        else
            from.References.AsSpan(source, length).CopyTo(into.References.AsSpan(target, length));
    }

    public static int TableSize(Instance instance, int table) => (int)instance.Tables[table].Count;

    public static int TableGrow(object? value, int count, Instance instance, int table)
    {
        var into = instance.Tables[table];
        if (!into.MayGrow((uint)count))
            return -1;
        instance.Store.Charge(Prices.GrowTable(into.Count, (uint)count));
        return into.TryGrow((uint)count, value);
    }

    public static void TableFill(int target, object? value, int length, Instance instance, int table)
    {
        var into = instance.Tables[table];
        CheckTable((uint)target, (uint)length, into.Count);
        instance.Store.Charge(Prices.Elements((uint)length));
        into.Fill((uint)target, value, (uint)length);
    }

    public static Function? TableGetFunction(int index, Instance instance, int table)
    {
        var functions = instance.Tables[table].Functions;
        return (uint)index < (uint)functions.Length ? functions[index] : throw Traps.TableOutOfBounds();
    }

    public static object? TableGetReference(int index, Instance instance, int table)
    {
        var references = instance.Tables[table].References;
        return (uint)index < (uint)references.Length ? references[index] : throw Traps.TableOutOfBounds();
    }

    public static void TableSetFunction(int index, Function? value, Instance instance, int table)
    {
        var functions = instance.Tables[table].Functions;
        if ((uint)index >= (uint)functions.Length)
            throw Traps.TableOutOfBounds();
        functions[index] = value;
    }

    public static void TableSetReference(int index, object? value, Instance instance, int table)
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
