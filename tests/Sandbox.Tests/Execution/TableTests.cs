// Tables, references and globals. Specification 4.4.6 (table instructions), 4.4.2 (references), 4.4.5 (variables).
using Wasmtime;

namespace EventSourced.Sandbox.Tests.Execution;

[Trait("Specification", "4.4.6")]
public class TableTests
{
    private const string Text = """
        (module
          (table $e (export "e") 3 10 externref) (table $f 2 funcref)
          (elem $passive func $one $two $one) (elem declare func $two)
          (elem (table $f) (i32.const 0) func $one)
          (type $t (func (result i32)))
          (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
          (func (export "get") (param i32) (result externref) (table.get $e (local.get 0)))
          (func (export "set") (param i32 externref) (table.set $e (local.get 0) (local.get 1)))
          (func (export "size") (result i32) (table.size $e))
          (func (export "grow") (param externref i32) (result i32) (table.grow $e (local.get 0) (local.get 1)))
          (func (export "fill") (param i32 externref i32) (table.fill $e (local.get 0) (local.get 1) (local.get 2)))
          (func (export "copy") (param i32 i32 i32) (table.copy $e $e (local.get 0) (local.get 1) (local.get 2)))
          (func (export "init") (param i32 i32 i32) (table.init $f $passive (local.get 0) (local.get 1) (local.get 2)))
          (func (export "drop") (elem.drop $passive))
          (func (export "call") (param i32) (result i32) (call_indirect $f (type $t) (local.get 0)))
          (func (export "put") (param i32) (table.set $f (local.get 0) (ref.func $two)))
          (func (export "growf") (param i32) (result i32) (table.grow $f (ref.func $two) (local.get 0)))
          (func (export "fillf") (param i32 i32) (table.fill $f (local.get 0) (ref.null func) (local.get 1)))
          (func (export "nullf") (param i32) (result i32) (ref.is_null (table.get $f (local.get 0))))
          (func (export "null") (param externref) (result i32) (ref.is_null (local.get 0))))
        """;

    [Fact]
    public void Elements_are_read_written_and_grown_within_bounds()
    {
        var instance = Wat.Instance(Text);
        Assert.Equal("null", Wat.Call(instance, "get", 0));
        Wat.Call(instance, "set", 1, Extern("x"));
        Assert.Equal("x", Wat.Call(instance, "get", 1));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "get", 3));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "set", -1, Extern("y")));
        Assert.Equal("3", Wat.Call(instance, "grow", Extern("g"), 2));
        Assert.Equal("5", Wat.Call(instance, "size"));
        Assert.Equal("g", Wat.Call(instance, "get", 4));
        Assert.Equal("-1", Wat.Call(instance, "grow", Extern(null), 6));
        Assert.Equal("-1", Wat.Call(instance, "grow", Extern(null), -1));
        Assert.Equal("x", instance.Native.GetTable("e")!.GetElement(1));
    }

    [Fact]
    public void Fill_and_copy_check_their_whole_range_and_copies_may_overlap()
    {
        var instance = Wat.Instance(Text);
        Wat.Call(instance, "grow", Extern(null), 3);
        for (var i = 0; i < 6; i++)
            Wat.Call(instance, "set", i, Extern(i));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "fill", 5, Extern("z"), 2));
        Assert.Equal("5", Wat.Call(instance, "get", 5));
        Wat.Call(instance, "fill", 6, Extern("z"), 0);
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "fill", 7, Extern("z"), 0));
        Wat.Call(instance, "copy", 1, 0, 4);
        Assert.Equal("0 0 1 2 3 5", Contents(instance));
        Wat.Call(instance, "copy", 0, 2, 4);
        Assert.Equal("1 2 3 5 3 5", Contents(instance));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "copy", 3, 0, 4));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "copy", 0, 3, 4));
        Assert.Equal("1 2 3 5 3 5", Contents(instance));
    }

    [Fact]
    public void Segments_fill_tables_until_they_are_dropped()
    {
        var instance = Wat.Instance(Text);
        Assert.Equal("1", Wat.Call(instance, "call", 0));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "call", 1));
        Wat.Call(instance, "init", 0, 1, 2);
        Assert.Equal("2 1", $"{Wat.Call(instance, "call", 0)} {Wat.Call(instance, "call", 1)}");
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "init", 1, 0, 2));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "init", 0, 2, 2));
        Wat.Call(instance, "drop");
        Wat.Call(instance, "init", 0, 0, 0);
        Assert.Equal(TrapKind.TableFault, Wat.Trap(instance, "init", 0, 0, 1));
        Wat.Call(instance, "put", 1);
        Assert.Equal("2", Wat.Call(instance, "call", 1));
        Assert.Equal("2", Wat.Call(instance, "growf", 3));
        Assert.Equal("2", Wat.Call(instance, "call", 4));
        Wat.Call(instance, "fillf", 3, 2);
        Assert.Equal("0 1", $"{Wat.Call(instance, "nullf", 2)} {Wat.Call(instance, "nullf", 4)}");
    }

    [Fact]
    public void References_are_null_or_what_the_host_gave()
    {
        Assert.Equal("1", Wat.Call(Text, "null", Extern(null)));
        Assert.Equal("0", Wat.Call(Text, "null", Extern(new object())));
        const string functions = """
            (module (func $f (export "f") (result i32) (i32.const 5)) (global $g (mut funcref) (ref.func $f))
              (global $x (mut externref) (ref.null extern))
              (func (export "ref") (result funcref) (ref.func $f))
              (func (export "global") (result funcref) (global.get $g))
              (func (export "clear") (global.set $g (ref.null func)))
              (func (export "keep") (param externref) (result externref) (global.set $x (local.get 0)) (global.get $x))
              (func (export "select") (param externref externref i32) (result externref)
                (select (result externref) (local.get 0) (local.get 1) (local.get 2))))
            """;
        var instance = Wat.Instance(functions);
        Assert.False(((Function)instance.Native.GetFunction("ref")!.Invoke()!).IsNull);
        Assert.False(((Function)instance.Native.GetFunction("global")!.Invoke()!).IsNull);
        Wat.Call(instance, "clear");
        Assert.Equal("null", Wat.Call(instance, "global"));
        Assert.Equal("kept", Wat.Call(instance, "keep", Extern("kept")));
        Assert.Equal("b", Wat.Call(instance, "select", Extern("a"), Extern("b"), 0));
    }

    [Fact]
    public void Globals_of_every_type_keep_what_is_set()
    {
        var many = string.Concat(Enumerable.Range(0, 10).Select(i => $"(global $g{i} (mut i64) (i64.const {i}))"));
        var text = $$"""
            (module {{many}} (global $f (mut f32) (f32.const 1.5)) (global $c i32 (i32.const 77)) (global $d (export "d") (mut f64) (f64.const 2))
              (func (export "sum") (result i64) (global.set $g9 (i64.const 100)) (global.set $g0 (i64.const 1000))
                (i64.add (i64.add (global.get $g0) (global.get $g3)) (global.get $g9)))
              (func (export "f") (param f32) (result f32) (global.set $f (f32.add (global.get $f) (local.get 0))) (global.get $f))
              (func (export "c") (result i32) (global.get $c)) (func (export "d2") (result f64) (global.get $d)))
            """;
        var instance = Wat.Instance(text);
        Assert.Equal("1103", Wat.Call(instance, "sum"));
        Assert.Equal("4", Wat.Call(instance, "f", 2.5f));
        Assert.Equal("77", Wat.Call(instance, "c"));
        instance.Native.GetGlobal("d")!.SetValue(9.5);
        Assert.Equal("9.5", Wat.Call(instance, "d2"));
    }

    private static ValueBox Extern(object? value) => ValueBox.AsBox<object>(value);

    private static string Contents(Guest instance) =>
        string.Join(' ', Enumerable.Range(0, 6).Select(i => Wat.Call(instance, "get", i)));
}
