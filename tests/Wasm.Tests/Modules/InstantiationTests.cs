// Instantiation, linking, start functions and segments. Specification 4.5.3 (external typing), 4.5.4 (instantiation).
namespace EventSourced.Wasm.Tests.Modules;

[Trait("Specification", "4.5.4")]
public class InstantiationTests
{
    [Fact]
    public void The_start_function_runs_once_after_the_segments()
    {
        const string text = """
            (module (memory (export "m") 1) (data (i32.const 0) "\05")
              (global (export "g") (mut i32) (i32.const 0))
              (func $start (global.set 0 (i32.add (global.get 0) (i32.load8_u (i32.const 0))))) (start $start))
            """;
        Assert.Equal(5, Wat.Instance(text).GetGlobal("g")!.GetValue());
    }

    [Fact]
    public void A_trapping_start_function_fails_the_instantiation()
    {
        var trap = Assert.Throws<TrapException>(() => Wat.Instance("(module (func $s (unreachable)) (start $s))"));
        Assert.Equal(TrapCode.Unreachable, trap.Type);
    }

    [Fact]
    public void An_active_segment_out_of_bounds_traps_after_the_ones_before_it()
    {
        var store = new Store(Wat.Engine);
        var memory = new Memory(store, 1);
        var linker = new Linker(Wat.Engine);
        linker.Define("m", "m", memory);
        var trap = Assert.Throws<TrapException>(() => Wat.Instance(
            """(module (import "m" "m" (memory 1)) (data (i32.const 0) "abc") (data (i32.const 65534) "xyz"))""", store, linker));
        Assert.Equal(TrapCode.MemoryOutOfBounds, trap.Type);
        Assert.Equal("abc", memory.ReadString(0, 3));
        Assert.Equal(0, memory.ReadByte(65_534));
        Wat.Instance("""(module (import "m" "m" (memory 1)) (data (i32.const 65536) ""))""", store, linker);
        Assert.Throws<TrapException>(() =>
            Wat.Instance("""(module (import "m" "m" (memory 1)) (data (i32.const 65537) ""))""", store, linker));
    }

    [Fact]
    public void An_element_segment_out_of_bounds_traps_after_the_ones_before_it()
    {
        var store = new Store(Wat.Engine);
        var table = new Table(store, TableKind.FuncRef, null, 3);
        var linker = new Linker(Wat.Engine);
        linker.Define("m", "t", table);
        var trap = Assert.Throws<TrapException>(() => Wat.Instance(
            """
            (module (import "m" "t" (table 3 funcref)) (func $f (result i32) (i32.const 9))
              (elem (i32.const 0) $f) (elem (i32.const 2) $f $f))
            """,
            store,
            linker));
        Assert.Equal(TrapCode.TableOutOfBounds, trap.Type);
        Assert.Equal(9, Assert.IsType<Function>(table.GetElement(0)).Invoke());
        Assert.Null(table.GetElement(2));
    }

    [Fact]
    public void Offsets_and_initial_values_may_come_from_imported_globals()
    {
        var store = new Store(Wat.Engine);
        var linker = new Linker(Wat.Engine);
        linker.Define("env", "base", new Global(store, 100, Mutability.Immutable));
        var instance = Wat.Instance(
            """
            (module (import "env" "base" (global $b i32)) (memory (export "m") 1) (data (global.get $b) "hi")
              (global (export "copy") i32 (global.get $b)) (global $own i32 (i32.const 3))
              (func (export "f") (result i32) (i32.add (global.get $b) (global.get $own))))
            """,
            store,
            linker);
        Assert.Equal("hi", instance.GetMemory("m")!.ReadString(100, 2));
        Assert.Equal(100, instance.GetGlobal("copy")!.GetValue());
        Assert.Equal("103", Wat.Call(instance, "f"));
    }

    [Fact]
    public void Instances_share_functions_memories_tables_and_globals_by_linking()
    {
        var store = new Store(Wat.Engine);
        var linker = new Linker(Wat.Engine);
        var first = Wat.Instance(
            """
            (module (memory (export "memory") 1 4) (table (export "table") 4 funcref) (global (export "counter") (mut i64) (i64.const 5))
              (func $double (export "double") (param i32) (result i32) (i32.mul (i32.const 2) (i32.load (local.get 0))))
              (func (export "pair") (result i32 i64) (i32.const 1) (i64.const 2))
              (elem (i32.const 1) $double))
            """,
            store,
            linker);
        linker.DefineInstance("first", first);
        var second = Wat.Instance(
            """
            (module (import "first" "memory" (memory 1)) (import "first" "table" (table 2 funcref))
              (import "first" "counter" (global $c (mut i64))) (import "first" "double" (func $double (param i32) (result i32)))
              (import "first" "pair" (func $pair (result i32 i64))) (type $t (func (param i32) (result i32)))
              (func $own (param i32) (result i32) (i32.add (call $double (local.get 0)) (i32.const 1000)))
              (elem (i32.const 0) $own $double)
              (func (export "run") (result i32)
                (i32.store (i32.const 8) (i32.const 21)) (global.set $c (i64.add (global.get $c) (i64.const 1)))
                (i32.add (call $double (i32.const 8)) (call_indirect (type $t) (i32.const 8) (i32.const 0))))
              (func (export "pair") (result i64)
                (call $pair) (i32.wrap_i64) (i32.add) (i64.extend_i32_s))
              (func (export "grow") (result i32) (memory.grow (i32.const 1))))
            """,
            store,
            linker);
        Assert.Equal("1084", Wat.Call(second, "run"));
        Assert.Equal(6L, first.GetGlobal("counter")!.GetValue());
        Assert.Equal("3", Wat.Call(second, "pair"));
        Assert.Equal("1", Wat.Call(second, "grow"));
        Assert.Equal(2, first.GetMemory("memory")!.GetSize());
        var own = Assert.IsType<Function>(first.GetTable("table")!.GetElement(0));
        Assert.Equal(1042, own.Invoke(8));
    }

    [Theory]
    [InlineData("""(import "e" "missing" (func))""", "unknown import")]
    [InlineData("""(import "none" "f" (func))""", "unknown import")]
    [InlineData("""(import "e" "f" (func (param i32)))""", "incompatible import type")]
    [InlineData("""(import "e" "f" (func (result i32)))""", "incompatible import type")]
    [InlineData("""(import "e" "f" (memory 1))""", "incompatible import type")]
    [InlineData("""(import "e" "g" (func))""", "incompatible import type")]
    [InlineData("""(import "e" "g" (global i64))""", "incompatible import type")]
    [InlineData("""(import "e" "g" (global (mut i32)))""", "incompatible import type")]
    [InlineData("""(import "e" "m" (memory 3))""", "incompatible import type")]
    [InlineData("""(import "e" "m" (memory 1 3))""", "incompatible import type")]
    [InlineData("""(import "e" "unbounded" (memory 1 3))""", "incompatible import type")]
    [InlineData("""(import "e" "t" (table 11 funcref))""", "incompatible import type")]
    [InlineData("""(import "e" "t" (table 10 19 funcref))""", "incompatible import type")]
    [InlineData("""(import "e" "t" (table 10 externref))""", "incompatible import type")]
    public void An_import_of_another_type_does_not_link(string import, string message)
    {
        var (store, linker) = Environment();
        var refusal = Assert.Throws<WasmException>(() => Wat.Instance($"(module {import})", store, linker));
        Assert.Equal(WasmErrorKind.Unlinkable, refusal.Kind);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""(import "e" "f" (func))""")]
    [InlineData("""(import "e" "g" (global i32))""")]
    [InlineData("""(import "e" "m" (memory 2))""")]
    [InlineData("""(import "e" "m" (memory 0 5))""")]
    [InlineData("""(import "e" "t" (table 10 20 funcref))""")]
    [InlineData("""(import "e" "t" (table 0 30 funcref))""")]
    public void An_import_of_a_fitting_type_links(string import)
    {
        var (store, linker) = Environment();
        Assert.NotNull(Wat.Instance($"(module {import})", store, linker));
    }

    [Fact]
    public void Imports_and_exports_of_a_module_are_described_in_order()
    {
        using var module = Wat.Module("""
            (module (import "a" "f" (func (param i32) (result i64))) (import "a" "m" (memory 1 2)) (import "b" "g" (global (mut f32)))
              (import "b" "t" (table 1 externref)) (func (export "run")) (export "again" (func 0)) (export "mem" (memory 0)))
            """);
        Assert.Equal(
            [
                "FunctionImport { ModuleName = a, Name = f, Type = (i32) -> (i64) }",
                "MemoryImport { ModuleName = a, Name = m, Minimum = 1, Maximum = 2 }",
                "GlobalImport { ModuleName = b, Name = g, Kind = Float32, Mutability = Mutable }",
                "TableImport { ModuleName = b, Name = t, Kind = ExternRef, Minimum = 1, Maximum =  }",
            ],
            module.Imports.Select(import => import.ToString()));
        Assert.Equal(
            [
                "FunctionExport { Name = run, Type = () -> () }",
                "FunctionExport { Name = again, Type = (i32) -> (i64) }",
                "MemoryExport { Name = mem, Minimum = 1, Maximum = 2 }",
            ],
            module.Exports.Select(export => export.ToString()));
    }

    private static (Store Store, Linker Linker) Environment()
    {
        var store = new Store(Wat.Engine);
        var linker = new Linker(Wat.Engine);
        linker.DefineFunction("e", "f", () => { });
        linker.Define("e", "g", new Global(store, 7, Mutability.Immutable));
        linker.Define("e", "m", new Memory(store, 2, 4));
        linker.Define("e", "unbounded", new Memory(store, 2));
        linker.Define("e", "t", new Table(store, TableKind.FuncRef, null, 10, 20));
        return (store, linker);
    }
}
