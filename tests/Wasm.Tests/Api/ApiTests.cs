// The public API in the words of the Wasmtime package: typed delegates, memories, tables, globals, linker, cache.
namespace EventSourced.Wasm.Tests.Api;

public class ApiTests
{
    private const string Arithmetic = """
        (module
          (func (export "nothing")) (func (export "take") (param i32)) (func (export "take2") (param i64 f32))
          (func (export "five") (result i32) (i32.const 5))
          (func (export "negate") (param f64) (result f64) (f64.neg (local.get 0)))
          (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
          (func (export "pick") (param externref externref i32) (result externref)
            (select (result externref) (local.get 0) (local.get 1) (local.get 2)))
          (func (export "trap") (unreachable)) (memory (export "memory") 1))
        """;

    [Fact]
    public void Exports_become_typed_delegates_where_the_types_fit()
    {
        var instance = Wat.Instance(Arithmetic);
        instance.GetAction("nothing")!();
        instance.GetAction<int>("take")!(1);
        instance.GetAction<long, float>("take2")!(1, 2);
        Assert.Equal(5, instance.GetFunction<int>("five")!());
        Assert.Equal(-2.5, instance.GetFunction<double, double>("negate")!(2.5));
        Assert.Equal(7, instance.GetFunction<int, int, int>("add")!(3, 4));
        Assert.Equal("b", instance.GetFunction<object, object, int, object>("pick")!("a", "b", 0));
        Assert.Null(instance.GetFunction<long, int, int>("add"));
        Assert.Null(instance.GetFunction<int, int>("add"));
        Assert.Null(instance.GetAction("five"));
        Assert.Null(instance.GetFunction("memory"));
        Assert.Null(instance.GetMemory("add"));
        Assert.Null(instance.GetFunction("none"));
        Assert.Equal(TrapCode.Unreachable, Assert.Throws<TrapException>(() => instance.GetAction("trap")!()).Type);
    }

    [Fact]
    public void Invoke_gives_null_one_value_or_an_array()
    {
        var instance = Wat.Instance("""(module (func (export "two") (result i32 f64) (i32.const 1) (f64.const 2)) (func (export "none")))""");
        Assert.Null(instance.GetFunction("none")!.Invoke());
        Assert.Equal(new object[] { 1, 2.0 }, instance.GetFunction("two")!.Invoke());
    }

    [Fact]
    public void Wrong_arguments_are_refused_before_the_guest_runs()
    {
        var add = Wat.Instance(Arithmetic).GetFunction("add")!;
        Assert.Equal(WasmErrorKind.Usage, Assert.Throws<WasmException>(() => add.Invoke(1)).Kind);
        Assert.Equal(WasmErrorKind.Usage, Assert.Throws<WasmException>(() => add.Invoke(1, 2L)).Kind);
    }

    [Fact]
    public void Memory_reads_and_writes_every_width_and_strings()
    {
        var memory = new Memory(new Store(Wat.Engine), 1, 2);
        memory.WriteByte(0, 0xFE);
        memory.WriteInt16(2, -2);
        memory.WriteInt32(4, 0x01020304);
        memory.WriteInt64(8, long.MinValue);
        memory.WriteSingle(16, 1.5f);
        memory.WriteDouble(24, -2.5);
        Assert.Equal(4, memory.ReadByte(4));
        Assert.Equal((0xFE, -2, 0x01020304), (memory.ReadByte(0), memory.ReadInt16(2), memory.ReadInt32(4)));
        Assert.Equal((long.MinValue, 1.5f, -2.5), (memory.ReadInt64(8), memory.ReadSingle(16), memory.ReadDouble(24)));
        Assert.Equal(7, memory.WriteString(100, "grüße"));
        Assert.Equal("grüße", memory.ReadString(100, 7));
        Assert.Equal("grüße", memory.ReadNullTerminatedString(100));
        Assert.Throws<WasmException>(() => memory.ReadInt32(65_533));
        Assert.Throws<WasmException>(() => memory.GetSpan(-1, 1).Length);
        Assert.Throws<WasmException>(() => memory.ReadNullTerminatedString(65_536));
        Assert.Equal(1, memory.Grow(1));
        Assert.Equal(131_072, memory.GetLength());
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => memory.Grow(1)).Kind);
        Assert.Throws<WasmException>(() => new Memory(new Store(Wat.Engine), 2, 1));
    }

    [Fact]
    public void Tables_and_globals_check_kinds_bounds_and_mutability()
    {
        var store = new Store(Wat.Engine);
        var table = new Table(store, TableKind.ExternRef, "x", 2, 3);
        Assert.Equal("x", table.GetElement(1));
        table.SetElement(0, 5);
        Assert.Equal(2u, table.Grow(1, null));
        Assert.Equal(3u, table.GetSize());
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => table.Grow(1, null)).Kind);
        Assert.Throws<WasmException>(() => table.GetElement(3));
        var functions = new Table(store, TableKind.FuncRef, null, 1);
        Assert.Throws<WasmException>(() => functions.SetElement(0, "no function"));
        var other = Function.FromCallback(new Store(Wat.Engine), () => { });
        Assert.Throws<WasmException>(() => functions.SetElement(0, other));
        var global = new Global(store, ValueKind.Float32, 1.5f, Mutability.Mutable);
        global.SetValue(2.5f);
        Assert.Equal(2.5f, global.GetValue());
        Assert.Throws<ArgumentException>(() => global.SetValue("text"));
        Assert.Throws<WasmException>(() => new Global(store, 1, Mutability.Immutable).SetValue(2));
    }

    [Fact]
    public void A_linker_may_forbid_shadowing()
    {
        var linker = new Linker(Wat.Engine) { AllowShadowing = false };
        linker.DefineFunction("m", "f", () => { });
        Assert.Throws<WasmException>(() => linker.DefineFunction("m", "f", () => { }));
        linker.AllowShadowing = true;
        linker.DefineFunction("m", "f", () => { });
    }

    [Fact]
    public void Things_of_another_store_or_engine_are_refused()
    {
        var linker = new Linker(Wat.Engine);
        linker.Define("e", "g", new Global(new Store(Wat.Engine), 1, Mutability.Immutable));
        var refusal = Assert.Throws<WasmException>(() =>
            Wat.Instance("""(module (import "e" "g" (global i32)))""", linker: linker));
        Assert.Equal(WasmErrorKind.Usage, refusal.Kind);
        using var engine = new Engine();
        Assert.Throws<WasmException>(() => linker.Instantiate(new Store(engine), Wat.Module(Arithmetic)));
        Assert.Throws<WasmException>(() => new Instance(new Store(engine), Wat.Module(Arithmetic)));
    }

    [Fact]
    public void A_compiled_module_is_found_again_by_its_hash()
    {
        using var engine = new Engine(new Config().WithLimits(new Limits { CachedModules = 2 }));
        var one = Wat.Module("(module)", engine);
        Assert.Same(one.Compiled, Wat.Module("(module)", engine).Compiled);
        Assert.Equal("93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476", one.Hash);
        Wat.Module("(module (func))", engine);
        Wat.Module("(module (func) (func))", engine);
        Assert.NotSame(one.Compiled, Wat.Module("(module)", engine).Compiled);
    }

    [Fact]
    public void Warming_up_compiles_and_runs()
    {
        using var engine = new Engine();
        engine.WarmUp();
        engine.WarmUp();
    }

    [Fact]
    public void Boxes_know_their_kind()
    {
        Assert.Equal(ValueBox.FromInt32(5), 5);
        Assert.NotEqual(ValueBox.FromInt64(5), (ValueBox)5);
        Assert.True(ValueBox.FromSingle(1) == 1f && ValueBox.FromDouble(1) != 1f);
        Assert.Throws<InvalidCastException>(() => ValueBox.FromInt32(1).AsInt64());
        Assert.Throws<ArgumentException>(() => ValueBox.FromBits(ValueKind.FuncRef, 1));
        Assert.Equal("i32:-1", ValueBox.FromInt32(-1).ToString());
        Assert.Equal(ValueKind.Int32, default(ValueBox).Kind);
        Assert.Null(ValueBox.FromFunction(null).AsFunction());
        Assert.Equal(ValueBox.FromObject(5u, ValueKind.Int32), 5);
        Assert.Equal(3, new HashSet<ValueBox> { 1, 1L, 1f, ValueBox.FromInt32(1) }.Count);
    }
}
