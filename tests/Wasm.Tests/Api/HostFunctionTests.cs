// Functions of the host as guests see them. Specification 4.4.10.4 (host functions).
namespace EventSourced.Wasm.Tests.Api;

[Trait("Specification", "4.4.10")]
public class HostFunctionTests
{
    [Fact]
    public void A_delegate_becomes_a_function_of_its_types()
    {
        var linker = new Linker(Wat.Engine);
        linker.DefineFunction("h", "mix", (int a, long b, float c, double d) => a + b + c + d);
        linker.DefineFunction("h", "pair", (int a) => (a + 1, (long)a * 2));
        linker.DefineFunction("h", "same", (object? value) => value);
        var instance = Wat.Instance(
            """
            (module (import "h" "mix" (func $mix (param i32 i64 f32 f64) (result f64)))
              (import "h" "pair" (func $pair (param i32) (result i32 i64)))
              (import "h" "same" (func $same (param externref) (result externref)))
              (func (export "mix") (result f64) (call $mix (i32.const 1) (i64.const 2) (f32.const 0.5) (f64.const 0.25)))
              (func (export "pair") (result i64) (local i64) (call $pair (i32.const 20)) (local.set 0) (i64.extend_i32_s) (local.get 0) (i64.add))
              (func (export "same") (param externref) (result externref) (call $same (local.get 0))))
            """,
            linker: linker);
        Assert.Equal("3.75", Wat.Call(instance, "mix"));
        Assert.Equal("61", Wat.Call(instance, "pair"));
        Assert.Equal("token", Wat.Call(instance, "same", ValueBox.FromExtern("token")));
    }

    [Fact]
    public void A_callback_over_boxes_gets_and_gives_every_kind()
    {
        var linker = new Linker(Wat.Engine);
        var type = new FunctionType(
            [ValueKind.Int32, ValueKind.Float64, ValueKind.ExternRef], [ValueKind.ExternRef, ValueKind.Int64, ValueKind.Float32]);
        linker.DefineFunction("h", "f", type, (_, arguments, results) =>
        {
            results[0] = arguments[2];
            results[1] = (long)arguments[0].AsInt32();
            results[2] = (float)arguments[1].AsDouble();
        });
        var instance = Wat.Instance(
            """
            (module (import "h" "f" (func $f (param i32 f64 externref) (result externref i64 f32)))
              (func (export "f") (param externref) (result externref i64 f32) (call $f (i32.const -4) (f64.const 1.5) (local.get 0))))
            """,
            linker: linker);
        Assert.Equal("x -4 1.5", Wat.Call(instance, "f", ValueBox.FromExtern("x")));
    }

    [Fact]
    public void The_caller_gives_access_to_the_guests_memory_and_fuel()
    {
        var linker = new Linker(Wat.Engine);
        var heard = "";
        linker.DefineFunction("h", "log", (Caller caller, int address, int length) =>
        {
            heard += caller.GetMemory("memory")!.ReadString(address, length);
            caller.ChargeFuel(1_000);
        });
        var store = new Store(Wat.Engine, "data") { Fuel = 10_000 };
        var instance = Wat.Instance(
            """
            (module (import "h" "log" (func $log (param i32 i32))) (memory (export "memory") 1) (data (i32.const 8) "hello")
              (func (export "run") (call $log (i32.const 8) (i32.const 5))))
            """,
            store,
            linker);
        instance.GetAction("run")!();
        Assert.Equal("hello", heard);
        Assert.Equal(1_010UL, store.FuelConsumed);
        store.Fuel = 500;
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "run"));
    }

    [Fact]
    public void What_the_host_throws_comes_back_wrapped_and_never_as_a_trap()
    {
        var linker = new Linker(Wat.Engine);
        linker.DefineFunction("h", "throw", void () => throw new IndexOutOfRangeException("mine"));
        linker.DefineFunction("h", "named", void () => throw new WasmException(WasmErrorKind.Usage, "as it is"));
        var instance = Wat.Instance(
            """
            (module (import "h" "throw" (func $t)) (import "h" "named" (func $n))
              (func (export "t") (call $t)) (func (export "n") (call $n)))
            """,
            linker: linker);
        var wrapped = Assert.Throws<WasmException>(() => Wat.Call(instance, "t"));
        Assert.Equal(WasmErrorKind.Host, wrapped.Kind);
        Assert.IsType<IndexOutOfRangeException>(wrapped.InnerException);
        Assert.Equal("as it is", Assert.Throws<WasmException>(() => Wat.Call(instance, "n")).Message);
    }

    [Fact]
    public void Host_and_guest_call_one_another_until_the_depth_is_used_up()
    {
        var linker = new Linker(Wat.Engine);
        var calls = 0;
        linker.DefineFunction("h", "again", (Caller caller) =>
        {
            calls++;
            caller.GetFunction("run")!.Invoke();
        });
        var instance = Wat.Instance(
            """(module (import "h" "again" (func $again)) (func (export "run") (call $again)))""", linker: linker);
        Assert.Equal(TrapCode.StackOverflow, Wat.Trap(instance, "run"));
        Assert.InRange(calls, 100, 1_000);
        var first = calls;
        Assert.Equal(TrapCode.StackOverflow, Wat.Trap(instance, "run"));
        Assert.Equal(2 * first, calls);
    }

    [Fact]
    public void A_delegate_of_other_types_is_refused()
    {
        var store = new Store(Wat.Engine);
        var refusal = Assert.Throws<WasmException>(() => Function.FromCallback(store, (string text) => text.Length));
        Assert.Equal(WasmErrorKind.Usage, refusal.Kind);
    }

    [Fact]
    public void A_wrong_result_of_a_callback_is_refused()
    {
        var store = new Store(Wat.Engine);
        var function = Function.FromCallback(
            store, new FunctionType([], [ValueKind.Int32]), (_, _, results) => results[0] = 5L);
        Assert.Throws<WasmException>(() => function.Invoke());
        Assert.Equal(WasmErrorKind.Usage, Assert.Throws<WasmException>(() => function.Invoke(1)).Kind);
    }
}
