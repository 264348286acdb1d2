// Instantiation (specification 4.5.4). Enters: a module and its imports. Leaves: a linked instance with its segments
// in place. Always holds: imports match by type (4.5.3), segments are written in order, and a segment out of bounds
// traps after the ones before it are in place.
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm;

public sealed partial class Instance
{
    private Memory? Link(ReadOnlySpan<object> imports)
    {
        var entries = _compiled.Definition.Imports;
        if (imports.Length != entries.Count)
        {
            throw new WasmException(
                WasmErrorKind.Unlinkable, $"expected {entries.Count} imports, found {imports.Length}");
        }

        int functions = 0, tables = 0, globals = 0;
        Memory? memory = null;
        for (var i = 0; i < imports.Length; i++)
        {
            var (entry, thing) = (entries[i], imports[i]);
            switch (entry.Kind)
            {
                case ExternKind.Function:
                    Functions[functions] = LinkFunction(entry, thing, functions++);
                    break;
                case ExternKind.Table:
                    Tables[tables++] = LinkTable(entry, thing);
                    break;
                case ExternKind.Memory:
                    memory = LinkMemory(entry, thing);
                    break;
                default:
                    Globals[globals++] = LinkGlobal(entry, thing);
                    break;
            }
        }

        return memory;
    }

    private Function LinkFunction(ImportEntry entry, object thing, int index)
    {
        if (thing is not Function function || function.TypeId != _compiled.TypeIdOf(index))
            throw Incompatible(entry, $"a function {_compiled.Spaces.FunctionTypes[index]}", thing);
        CheckStore(entry, function.Store);
        return function.BoundTo(this);
    }

    private Table LinkTable(ImportEntry entry, object thing)
    {
        var type = entry.Table;
        if (thing is not Table table
            || (byte)table.Kind != (byte)type.Element
            || !Fits(type.Bounds, table.Count, table.Maximum))
        {
            throw Incompatible(entry, $"a table of {type.Element.Text()} {type.Bounds}", thing);
        }

        CheckStore(entry, table.Store);
        return table;
    }

    private Memory LinkMemory(ImportEntry entry, object thing)
    {
        if (thing is not Memory memory || !Fits(entry.Memory, (uint)memory.GetSize(), memory.Maximum))
            throw Incompatible(entry, $"a memory {entry.Memory}", thing);
        CheckStore(entry, memory.Store);
        return memory;
    }

    private Global LinkGlobal(ImportEntry entry, object thing)
    {
        var type = entry.Global;
        if (thing is not Global global
            || global.Kind != type.Kind
            || (global.Mutability == Mutability.Mutable) != type.Mutable)
        {
            throw Incompatible(entry, $"a global {type.Kind.Text()}, mutable: {type.Mutable}", thing);
        }

        CheckStore(entry, global.Store);
        return global;
    }

    private static bool Fits(Bounds wanted, uint size, uint? maximum) =>
        size >= wanted.Minimum && (wanted.Maximum is null || maximum <= wanted.Maximum);

    private void CheckStore(ImportEntry entry, Store found)
    {
        if (!ReferenceEquals(found, Store))
        {
            throw new WasmException(
                WasmErrorKind.Usage, $"expected '{entry.Module}' '{entry.Name}' of this store, found another store's");
        }
    }

    private static WasmException Incompatible(ImportEntry entry, string wanted, object? found) => new(
        WasmErrorKind.Unlinkable,
        $"incompatible import type: expected {wanted} for '{entry.Module}' '{entry.Name}', found {Describe(found)}");

    private static string Describe(object? found) => found switch
    {
        Function function => $"a function {function.Type}",
        Table table => $"a table of {table.Kind} with {table.Count} elements, maximum {table.Maximum}",
        Memory memory => $"a memory of {memory.GetSize()} pages, maximum {memory.Maximum}",
        Global global => $"a global {global.Kind.Text()}, {global.Mutability}",
        _ => "nothing of the kind",
    };

    private Memory? MakeMemory() =>
        _compiled.Definition.Memories is [var bounds, ..] ? new Memory(Store, bounds.Minimum, bounds.Maximum) : null;

    private void MakeTables()
    {
        var first = _compiled.Spaces.ImportedTables;
        var own = _compiled.Definition.Tables;
        for (var i = 0; i < own.Count; i++)
        {
            Tables[first + i] = new Table(
                Store, (TableKind)own[i].Element, null, own[i].Bounds.Minimum, own[i].Bounds.Maximum);
        }
    }

    private void MakeGlobals()
    {
        var first = _compiled.Spaces.ImportedGlobals;
        var own = _compiled.Definition.Globals;
        for (var i = 0; i < own.Count; i++)
        {
            var mutability = own[i].Type.Mutable ? Mutability.Mutable : Mutability.Immutable;
            Globals[first + i] = new Global(Store, Evaluate(own[i].Initial), mutability);
        }

        Global0 = Globals.ElementAtOrDefault(0)!;
        Global1 = Globals.ElementAtOrDefault(1)!;
        Global2 = Globals.ElementAtOrDefault(2)!;
        Global3 = Globals.ElementAtOrDefault(3)!;
    }

    private void MakeExports()
    {
        foreach (var export in _compiled.Definition.Exports)
        {
            var index = (int)export.Index;
            _exports[export.Name] = export.Kind switch
            {
                ExternKind.Function => FunctionAt(index),
                ExternKind.Table => Tables[index],
                ExternKind.Memory => Memory0,
                _ => Globals[index],
            };
        }
    }

    /// <summary>Elements before data, each in order; an active segment is dropped when it is in place.</summary>
    private void FillSegments()
    {
        var elements = _compiled.Definition.Elements;
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i].Mode == SegmentMode.Active)
            {
                var offset = (uint)Evaluate(elements[i].Offset).Bits;
                Bulk.TableInit((int)offset, 0, elements[i].Items.Length, this, (int)elements[i].Table, i);
            }

            if (elements[i].Mode != SegmentMode.Passive)
                DropElements(i);
        }

        var data = _compiled.Definition.Data;
        for (var i = 0; i < data.Count; i++)
        {
            if (data[i].Mode != SegmentMode.Active)
                continue;
            Bulk.MemoryInit((int)(uint)Evaluate(data[i].Offset).Bits, 0, data[i].Length, this, i);
            DropData(i);
        }
    }

    internal ValueBox Evaluate(in Constant constant) => constant.Kind switch
    {
        ConstantKind.Global => Globals[(int)constant.Index].Box,
        ConstantKind.Function => ValueBox.FromFunction(FunctionAt((int)constant.Index)),
        _ => new ValueBox(constant.Type, constant.Bits, null),
    };
}
