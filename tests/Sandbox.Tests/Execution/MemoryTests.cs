// Loads, stores, growth and bulk memory. Specification 4.4.7 (memory instructions).
namespace EventSourced.Sandbox.Tests.Execution;

[Trait("Specification", "4.4.7")]
public class MemoryTests
{
    private static readonly (string Load, string Result, int Bytes)[] Loads =
    [
        ("i32.load", "i32", 4), ("i64.load", "i64", 8), ("f32.load", "f32", 4), ("f64.load", "f64", 8),
        ("i32.load8_s", "i32", 1), ("i32.load8_u", "i32", 1), ("i32.load16_s", "i32", 2), ("i32.load16_u", "i32", 2),
        ("i64.load8_s", "i64", 1), ("i64.load8_u", "i64", 1), ("i64.load16_s", "i64", 2), ("i64.load16_u", "i64", 2),
        ("i64.load32_s", "i64", 4), ("i64.load32_u", "i64", 4),
    ];

    private static readonly (string Store, string Operand, int Bytes)[] Stores =
    [
        ("i32.store", "i32", 4), ("i64.store", "i64", 8), ("f32.store", "f32", 4), ("f64.store", "f64", 8),
        ("i32.store8", "i32", 1), ("i32.store16", "i32", 2),
        ("i64.store8", "i64", 1), ("i64.store16", "i64", 2), ("i64.store32", "i64", 4),
    ];

    [Fact]
    public void Narrow_loads_extend_by_sign_or_zero_little_endian()
    {
        const string text = """
            (module (memory 1) (data (i32.const 0) "\80\ff\fe\fd\fc\fb\fa\f9\01")
              (func (export "8s") (result i32) (i32.load8_s (i32.const 0)))
              (func (export "8u") (result i32) (i32.load8_u (i32.const 0)))
              (func (export "16s") (result i32) (i32.load16_s (i32.const 0)))
              (func (export "16u") (result i32) (i32.load16_u (i32.const 0)))
              (func (export "32") (result i32) (i32.load offset=1 (i32.const 0)))
              (func (export "64s") (result i64) (i64.load32_s (i32.const 0)))
              (func (export "64u") (result i64) (i64.load32_u (i32.const 0)))
              (func (export "64") (result i64) (i64.load offset=1 (i32.const 0)))
              (func (export "648s") (result i64) (i64.load8_s (i32.const 0)))
              (func (export "648u") (result i64) (i64.load8_u (i32.const 0)))
              (func (export "6416s") (result i64) (i64.load16_s (i32.const 0)))
              (func (export "6416u") (result i64) (i64.load16_u (i32.const 0))))
            """;
        var instance = Wat.Instance(text);
        (string, string)[] expected =
        [
            ("8s", "-128"), ("8u", "128"), ("16s", "-128"), ("16u", "65408"), ("32", "-50462977"),
            ("64s", "-33620096"), ("64u", "4261347200"), ("64", "142420823427120895"), ("648s", "-128"),
            ("648u", "128"), ("6416s", "-128"), ("6416u", "65408"),
        ];
        foreach (var (export, value) in expected)
            Assert.Equal($"{export} {value}", $"{export} {Wat.Call(instance, export)}");
    }

    [Fact]
    public void Every_load_reaches_the_last_byte_and_traps_one_beyond()
    {
        foreach (var (load, result, bytes) in Loads)
        {
            var instance = Wat.Instance($"""
                (module (memory 1)
                  (func (export "at") (param i32) (result {result}) ({load} (local.get 0)))
                  (func (export "offset") (param i32) (result {result}) ({load} offset=65528 (local.get 0)))
                  (func (export "far") (param i32) (result {result}) ({load} offset=0xffffffff (local.get 0)))
                  (func (export "constant") (result {result}) ({load} (i32.const {65_537 - bytes})))
                  (func (export "last") (result {result}) ({load} (i32.const {65_536 - bytes}))))
                """);
            Assert.Equal("0", Wat.Call(instance, "at", 65_536 - bytes));
            Assert.Equal("0", Wat.Call(instance, "offset", 8 - bytes));
            Assert.Equal("0", Wat.Call(instance, "last"));
            foreach (var address in new[] { 65_537 - bytes, 65_536, -1, -bytes, int.MinValue, int.MaxValue })
                Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "at", address));
            Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "offset", 9 - bytes));
            Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "offset", -65_528));
            Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "constant"));
            foreach (var address in new[] { 0, 1, 65_536, -1 })
                Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "far", address));
        }
    }

    [Fact]
    public void Every_store_reaches_the_last_byte_and_writes_nothing_when_it_traps()
    {
        foreach (var (store, operand, bytes) in Stores)
        {
            var instance = Wat.Instance($"""
                (module (memory (export "m") 1)
                  (func (export "at") (param i32) ({store} (local.get 0) ({operand}.const 0x01020304)))
                  (func (export "constant") ({store} (i32.const {65_537 - bytes}) ({operand}.const 1))))
                """);
            var memory = instance.Native.GetMemory("m")!;
            foreach (var address in new[] { 65_537 - bytes, 65_536, -1, -bytes })
                Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "at", address));
            Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "constant"));
            Assert.Equal(-1, memory.GetSpan(0, (int)memory.GetLength()).IndexOfAnyExcept((byte)0));
            Wat.Call(instance, "at", 65_536 - bytes);
            Assert.InRange(
                memory.GetSpan(0, (int)memory.GetLength()).IndexOfAnyExcept((byte)0), 65_536 - bytes, 65_535);
        }
    }

    [Fact]
    public void A_store_evaluates_address_and_value_in_order_and_keeps_only_its_bytes()
    {
        const string text = """
            (module (memory (export "m") 1) (data (i32.const 0) "\ff\ff\ff\ff\ff\ff\ff\ff")
              (func $address (result i32) (i32.store (i32.const 16) (i32.const 3)) (i32.const 0))
              (func (export "f") (result i64)
                (i64.store16 (call $address) (i64.add (i64.load (i32.const 16)) (i64.const 0x1122334455667788)))
                (i64.load (i32.const 0))))
            """;
        Assert.Equal("-34933", Wat.Call(text, "f"));
    }

    [Fact]
    public void Growth_answers_the_old_size_and_refuses_beyond_the_maximum()
    {
        const string text = """
            (module (memory (export "m") 1 3)
              (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
              (func (export "size") (result i32) (memory.size))
              (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
              (func (export "grow-and-load") (result i32) (drop (memory.grow (i32.const 1))) (i32.load (i32.const 65536))))
            """;
        var instance = Wat.Instance(text);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "load", 65_536));
        Assert.Equal("0", Wat.Call(instance, "grow-and-load"));
        Assert.Equal("2", Wat.Call(instance, "grow", 1));
        Assert.Equal("3", Wat.Call(instance, "size"));
        Assert.Equal("-1", Wat.Call(instance, "grow", 1));
        Assert.Equal("-1", Wat.Call(instance, "grow", -1));
        Assert.Equal("3", Wat.Call(instance, "grow", 0));
        Assert.Equal("0", Wat.Call(instance, "load", 3 * 65_536 - 4));
        Assert.Equal(3, instance.Native.GetMemory("m")!.GetSize());
    }

    [Fact]
    public void A_callee_that_grows_the_memory_is_seen_by_its_callers()
    {
        const string text = """
            (module (memory 1) (type $t (func)) (table funcref (elem $grow))
              (func $grow (drop (memory.grow (i32.const 1))) (i32.store (i32.const 65536) (i32.const 42)))
              (func (export "direct") (result i32) (drop (i32.load (i32.const 0))) (call $grow) (i32.load (i32.const 65536)))
              (func (export "indirect") (result i32)
                (drop (i32.load (i32.const 0))) (call_indirect (type $t) (i32.const 0)) (i32.load (i32.const 65536))))
            """;
        Assert.Equal("42", Wat.Call(text, "direct"));
        Assert.Equal("42", Wat.Call(text, "indirect"));
    }

    [Fact]
    public void Fill_copy_and_init_check_their_whole_range_before_they_write()
    {
        const string text = """
            (module (memory (export "m") 1) (data $d "abcdef")
              (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
              (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
              (func (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
              (func (export "drop") (data.drop $d)))
            """;
        var instance = Wat.Instance(text);
        var memory = instance.Native.GetMemory("m")!;
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "fill", 65_530, 1, 7));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "fill", 65_537, 1, 0));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "fill", 1, 1, -1));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "init", 0, 3, 4));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "copy", 65_530, 0, 7));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "copy", 0, 65_530, 7));
        Assert.Equal(-1, memory.GetSpan(0, (int)memory.GetLength()).IndexOfAnyExcept((byte)0));
        Wat.Call(instance, "fill", 65_536, 1, 0);
        Wat.Call(instance, "init", 100, 1, 5);
        Wat.Call(instance, "copy", 102, 100, 5);
        Assert.Equal("bcbcdef", memory.ReadString(100, 7));
        Wat.Call(instance, "copy", 100, 102, 5);
        Assert.Equal("bcdefef", memory.ReadString(100, 7));
        Wat.Call(instance, "fill", 100, 0x141, 3);
        Assert.Equal("AAAefef", memory.ReadString(100, 7));
        Wat.Call(instance, "drop");
        Wat.Call(instance, "drop");
        Wat.Call(instance, "init", 0, 0, 0);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(instance, "init", 0, 0, 1));
    }
}
