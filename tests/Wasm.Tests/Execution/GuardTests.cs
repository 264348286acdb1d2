// Accesses that share a bounds check behave like accesses that have their own. Specification 4.4.7. Random straight code over
// two addresses near the memory's end runs in the engine and in a model of a few lines; results, traps, and what was written
// before a trap are equal. A failure prints the seed.
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using EventSourced.Testing;

namespace EventSourced.Wasm.Tests.Execution;

[Trait("Specification", "4.4.7")]
public class GuardTests
{
    private const int Programs = 60;
    private const int Runs = 24;
    private const int MostSteps = 14;

    private enum Kind { Load, Store, StoreByte, Divide, Note, Advance, Far }

    private readonly record struct Step(Kind Kind, int Base, int Offset);

    [Fact]
    public void A_store_before_a_failing_access_is_seen_and_one_behind_it_is_not()
    {
        var instance = Wat.Instance("""
            (module (memory (export "memory") 1) (func (export "f") (param i32) (result i32)
              (i32.store (local.get 0) (i32.const 1)) (i32.store offset=4 (local.get 0) (i32.const 2))
              (i32.store offset=8 (local.get 0) (i32.const 3)) (i32.store offset=0 (local.get 0) (i32.const 4))
              (i32.load offset=4 (local.get 0))))
            """);
        Assert.Equal(TrapCode.MemoryOutOfBounds, Wat.Trap(instance, "f", 65_528));
        var memory = instance.GetMemory("memory")!;
        Assert.Equal((1, 2), (memory.ReadInt32(65_528), memory.ReadInt32(65_532)));
        Assert.Equal("2", Wat.Call(instance, "f", 65_524));
        Assert.Equal(4, memory.ReadInt32(65_524));
    }

    [Fact]
    public void A_division_by_zero_before_a_failing_access_is_the_trap()
    {
        const string text = """
            (module (memory 1) (func (export "f") (param i32 i32) (result i32)
              (local.set 1 (i32.div_u (i32.load (local.get 0)) (local.get 1)))
              (i32.add (local.get 1) (i32.add (i32.load offset=4 (local.get 0)) (i32.load offset=8 (local.get 0))))))
            """;
        Assert.Equal(TrapCode.IntegerDivisionByZero, Wat.Trap(text, "f", 65_528, 0));
        Assert.Equal(TrapCode.MemoryOutOfBounds, Wat.Trap(text, "f", 65_528, 1));
        Assert.Equal("0", Wat.Call(text, "f", 65_524, 1));
    }

    [Fact]
    public void Random_straight_code_is_guarded_without_a_trace() => Seed.Run(random =>
    {
        var programs = Enumerable.Range(0, Programs).Select(_ => Steps(random)).ToArray();
        var module = Wat.Module(Text(programs));
        for (var program = 0; program < Programs; program++)
        {
            for (var run = 0; run < Runs; run++)
            {
                var (a, b, divisor) = (Address(random), Address(random), random.Next(4) == 0 ? 0 : 1);
                var memory = new byte[Memory.PageSize];
                var expected = Model(programs[program], memory, a, b, divisor);
                using var store = new Store(Wat.Engine);
                var instance = new Instance(store, module);
                var found = Outcome(instance, program, a, b, divisor);
                Assert.True(expected == found, $"program {program} at {a}, {b}: expected {expected}, found {found}");
                Assert.True(
                    instance.GetMemory("memory")!.GetSpan().SequenceEqual(memory), $"program {program} at {a}, {b}: memory differs");
            }
        }
    });

    private static Step[] Steps(Random random) =>
    [
        .. Enumerable.Range(0, 3 + random.Next(MostSteps)).Select(_ =>
            new Step((Kind)random.Next((int)Kind.Far + 1), random.Next(2), random.Next(24))),
    ];

    // Mostly near the end, where the last accesses of a span fail and the first do not; now and then from the last 4 GiB.
    private static int Address(Random random) => random.Next(8) switch
    {
        0 => random.Next(Memory.PageSize - 64),
        1 => -1 - random.Next(40),
        _ => Memory.PageSize - random.Next(48),
    };

    private static string Text(Step[][] programs)
    {
        var text = new StringBuilder("""(module (memory (export "memory") 1) (global $g (export "g") (mut i32) (i32.const 0))""");
        for (var i = 0; i < programs.Length; i++)
        {
            // The loop makes every function one that the JIT sees turning.
            text.Append(CultureInfo.InvariantCulture, $"""
                (func (export "{i}") (param $a i32) (param $b i32) (param $divisor i32) (result i32) (local $sum i32) (local $turn i32)
                (loop $again
                """);
            foreach (var step in programs[i])
                text.AppendLine(StepText(step));
            text.AppendLine("(br_if $again (i32.lt_u (local.tee $turn (i32.add (local.get $turn) (i32.const 1))) (i32.const 2))))");
            text.AppendLine("(local.get $sum))");
        }

        return text.Append(')').ToString();
    }

    private static string StepText(Step step)
    {
        var at = $"offset={step.Offset} (local.get {(step.Base == 0 ? "$a" : "$b")})";
        return step.Kind switch
        {
            Kind.Load => $"(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load {at})))",
            Kind.Store => $"(i32.store {at} (i32.add (local.get $sum) (i32.const {step.Offset + 1})))",
            Kind.StoreByte => $"(i32.store8 {at} (i32.const {step.Offset + 7}))",
            Kind.Divide => "(local.set $sum (i32.div_u (local.get $sum) (local.get $divisor)))",
            Kind.Note => "(global.set $g (i32.add (global.get $g) (i32.const 1)))",
            Kind.Advance => step.Base == 0
                ? "(local.set $a (i32.add (local.get $a) (i32.const 2)))"
                : "(local.set $b (i32.add (local.get $b) (i32.const 2)))",
            _ => $"(local.set $sum (i32.xor (local.get $sum) (i32.load16_u offset=0x{uint.MaxValue - 8:x} (local.get $a))))",
        };
    }

    private static string Outcome(Instance instance, int program, int a, int b, int divisor)
    {
        string result;
        try
        {
            result = Wat.Call(instance, $"{program}", a, b, divisor);
        }
        catch (TrapException trap)
        {
            result = $"{trap.Type}";
        }

        return $"{result} {instance.GetGlobal("g")!.GetValue()}";
    }

    private static string Model(Step[] steps, byte[] memory, int a, int b, int divisor)
    {
        var (sum, notes) = (0, 0);
        for (var turn = 0; turn < 2; turn++)
        {
            foreach (var step in steps)
            {
                var address = (uint)(step.Base == 0 ? a : b) + (long)step.Offset;
                var size = step.Kind switch { Kind.Load or Kind.Store => 4, Kind.StoreByte => 1, _ => 0 };
                if (step.Kind == Kind.Far)
                    (address, size) = ((uint)a + (long)(uint.MaxValue - 8), 2);
                if (size > 0 && address + size > memory.Length)
                    return $"{TrapCode.MemoryOutOfBounds} {notes}";
                if (step.Kind == Kind.Divide && divisor == 0)
                    return $"{TrapCode.IntegerDivisionByZero} {notes}";
                var place = memory.AsSpan((int)(size > 0 ? address : 0));
                switch (step.Kind)
                {
                    case Kind.Load: sum = unchecked((sum * 31) + BinaryPrimitives.ReadInt32LittleEndian(place)); break;
                    case Kind.Store: BinaryPrimitives.WriteInt32LittleEndian(place, unchecked(sum + step.Offset + 1)); break;
                    case Kind.StoreByte: place[0] = (byte)(step.Offset + 7); break;
                    case Kind.Note: notes++; break;
                    case Kind.Advance when step.Base == 0: a = unchecked(a + 2); break;
                    case Kind.Advance: b = unchecked(b + 2); break;
                }
            }
        }

        return $"{sum.ToString(CultureInfo.InvariantCulture)} {notes}";
    }
}
