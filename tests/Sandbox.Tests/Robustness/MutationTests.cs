// Random damage to real modules. Enters: a seed, and ES_WASM_MUTATIONS for more than the usual number of rounds (the
// full count is 1,000,000). Leaves: nothing, or the seed. Always holds: each damaged module is refused by name, or it
// validates; some of those that validate are compiled and run with little fuel, and may only return or trap.
using System.Globalization;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox.Engines;
using EventSourced.Testing;
using Wasmtime;
using ValueKind = Wasmtime.ValueKind;

namespace EventSourced.Sandbox.Tests.Robustness;

public class MutationTests
{
    private const int UsualRounds = 20_000;
    private const int RunOneOf = 20;

    private const string Victim = """
        (module
          (type $unary (func (param i32) (result i32)))
          (import "env" "log" (func $log (param i32)))
          (memory (export "memory") 1 4) (table (export "table") 4 8 funcref) (global $g (mut i32) (i32.const 7)) (global $h i64 (i64.const -1))
          (elem (i32.const 0) $double $recurse) (elem $passive func $double) (data (i32.const 8) "\01\02\03\04") (data $late "bytes")
          (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
          (func $recurse (type $unary)
            (if (result i32) (i32.gt_s (local.get 0) (i32.const 0))
              (then (call $recurse (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 3))))
          (func $pair (param i64) (result i64 f64) (local.get 0) (f64.convert_i64_s (local.get 0)))
          (func (export "run") (param i32 i64 f32 f64) (result i32) (local $i i32) (local $x f64)
            (block $done (loop $again
              (br_if $done (i32.ge_u (local.get $i) (i32.const 20)))
              (i32.store offset=4 (i32.shl (local.get $i) (i32.const 2)) (i32.xor (i32.load (local.get $i)) (global.get $g)))
              (local.set $x (f64.add (local.get $x) (f64.sqrt (f64.promote_f32 (local.get 2)))))
              (global.set $g (i32.rotl (global.get $g) (i32.rem_s (local.get $i) (i32.const 5))))
              (block $b (block $a (br_table $a $b $done (i32.and (local.get $i) (i32.const 1))))
                (drop (call_indirect (type $unary) (local.get $i) (i32.and (local.get $i) (i32.const 1)))))
              (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $again)))
            (call $pair (i64.div_s (local.get 1) (i64.const 3))) (local.set $x (f64.min (local.get $x))) (drop)
            (memory.init $late (i32.const 100) (i32.const 1) (i32.const 3)) (memory.copy (i32.const 200) (i32.const 100) (i32.const 8))
            (table.init $passive (i32.const 2) (i32.const 0) (i32.const 1)) (drop (memory.grow (i32.const 1)))
            (call $log (select (i32.trunc_sat_f64_s (local.get $x)) (local.get $i) (local.get 0)))
            (i32.add (local.get $i) (call_indirect (type $unary) (i32.const 4) (i32.const 2)))))
        """;

    [Fact]
    public void The_undamaged_module_runs()
    {
        using var engine = new SandboxEngine();
        Assert.Equal("28", Run(engine, Wat.Bytes(Victim)));
    }

    [Fact]
    public void A_damaged_module_is_refused_by_name_or_runs_within_its_fuel() => Seed.Run(random =>
    {
        var rounds = int.TryParse(
            Environment.GetEnvironmentVariable("ES_WASM_MUTATIONS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : UsualRounds;
        var original = Wat.Bytes(Victim);
        using var engine = new SandboxEngine(new SandboxOptions { CachedModules = 0 });
        var (valid, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var bytes = Damaged(original, random);
            if (Meter.Validate(bytes) is not null)
                refused++;
            else if (valid++ % RunOneOf == 0)
                Run(engine, bytes);
        }

        Assert.True(valid > 0 && refused > 0, $"expected valid and refused modules, found {valid} and {refused}");
    });

    /// <summary>
    /// Runs every export; only refusals and traps by name may come out, and none that is the engine's.
    /// </summary>
    private static string Run(SandboxEngine engine, byte[] bytes)
    {
        try
        {
            return engine.OnGuestThread(() => RunHere(engine, bytes));
        }
        catch (WasmException named)
        {
            Assert.NotEqual(WasmErrorKind.Engine, named.Kind);
            Assert.NotEqual(WasmErrorKind.Compile, named.Kind);
            return named.Message;
        }
    }

    private static string RunHere(SandboxEngine engine, byte[] bytes)
    {
        using var module = engine.Compile(bytes);
        using var store = new GuestStore(engine);
        using var linker = new Linker(engine.Native);
        linker.DefineFunction("env", "log", (int _) => { });
        var guest = Guest.Instantiate(module, store.Native, linker, new GuestLimits(20_000, 1_000, 64 << 16));
        var answers = new List<string>();
        foreach (var (_, function) in guest.Native.GetFunctions())
        {
            if (function.Parameters.Any(kind => kind is ValueKind.FuncRef or ValueKind.ExternRef or ValueKind.V128))
                continue;
            var answer = guest.Run(() => function.Invoke([.. function.Parameters.Select(Zero)]));
            answers.Add(answer is object?[] several ? string.Join(' ', several.Select(Wat.Text)) : Wat.Text(answer));
        }

        return string.Join(' ', answers);
    }

    private static ValueBox Zero(ValueKind kind) => kind switch
    {
        ValueKind.Int32 => 0,
        ValueKind.Int64 => 0L,
        ValueKind.Float32 => 0f,
        _ => 0d,
    };

    private static byte[] Damaged(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var hits = random.Next(1, 4); hits > 0; hits--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = bytes[..at];
                    hits = 0;
                    break;
                case 3:
                    bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
                    break;
                default:
                    bytes[at] = bytes[random.Next(bytes.Length)];
                    break;
            }

            if (bytes.Length == 0)
                break;
        }

        return bytes;
    }
}
