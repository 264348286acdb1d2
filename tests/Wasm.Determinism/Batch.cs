// A batch of random programs in our engine. Enters: a seed and a count. Leaves: a line a program in the shape of
// v8.mjs, with the fuel at its end. Always holds: a program's line depends on seed and index alone.
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace EventSourced.Wasm.Determinism;

/// <summary>Runs and writes batches of programs.</summary>
public static class Batch
{
    /// <summary>More than any program can use, so that running out is a fault of the engine.</summary>
    public const ulong Fuel = 1_000_000_000;

    /// <summary>The plain program, for an engine that canonicalizes NaNs, or the guarded one, for any.</summary>
    public static byte[] Program(int seed, int index, bool guards) =>
        ProgramPlan.Module(new Dice(((ulong)(uint)seed << 32) | (uint)index).Next(), guards);

    /// <summary>Runs programs one after another.</summary>
    public static IEnumerable<string> Run(int seed, int count)
    {
        // An engine's cache would only keep programs that never come again.
        var config = new Config().WithLimits(new Limits { CachedModules = 1 });
        using var engine = new Engine(config);
        for (var index = 0; index < count; index++)
            yield return $"{index} {Line(engine, Program(seed, index, guards: false))}";
    }

    /// <summary>Writes guarded programs to a file, each after its length, for v8.mjs.</summary>
    public static void Write(int seed, int count, string path)
    {
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[4];
        for (var index = 0; index < count; index++)
        {
            var module = Program(seed, index, guards: true);
            BinaryPrimitives.WriteInt32LittleEndian(length, module.Length);
            file.Write(length);
            file.Write(module);
        }
    }

    private static string Line(Engine engine, byte[] program)
    {
        var store = new Store(engine) { Fuel = Fuel };
        var instance = new Instance(store, Module.FromBytes(engine, "random", program));
        var outcome = Outcome(instance.GetFunction<long>("run")!);
        instance.GetAction("dump")!();
        var memory = instance.GetMemory("memory")!;
        var hash = Convert.ToHexStringLower(SHA256.HashData(memory.GetSpan()));
        return string.Create(
            CultureInfo.InvariantCulture, $"{outcome} {memory.GetSize()} {hash} {store.FuelConsumed}");
    }

    private static string Outcome(Func<long> run)
    {
        try
        {
            return run().ToString("x16", CultureInfo.InvariantCulture);
        }
        catch (TrapException trap)
        {
            return trap.Type switch
            {
                TrapCode.IntegerDivisionByZero => "divide-by-zero",
                TrapCode.IntegerOverflow or TrapCode.BadConversionToInteger => "unrepresentable",
                TrapCode.MemoryOutOfBounds => "memory",
                TrapCode.TableOutOfBounds or TrapCode.UndefinedElement => "table",
                TrapCode.IndirectCallToNull or TrapCode.BadSignature => "table",
                TrapCode.Unreachable => "unreachable",
                _ => trap.Type.ToString(),
            };
        }
    }
}
