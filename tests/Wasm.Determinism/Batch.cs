// A batch of random programs in the sandbox. Enters: a seed and a count. Leaves: a line a program in the shape of
// v8.mjs: index, result or trap, pages, the memory's hash, fuel. Always holds: a program's line depends on seed and
// index alone.
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox;
using EventSourced.Sandbox.Engines;
using Wasmtime;

namespace EventSourced.Wasm.Determinism;

/// <summary>Runs and writes batches of programs.</summary>
public static class Batch
{
    /// <summary>More than any program can use, so that running out is a fault of the meter.</summary>
    public const long Fuel = 1_000_000_000;

    /// <summary>Frames that may nest; also in v8.mjs.</summary>
    public const long CallDepth = 1_000;

    /// <summary>The program of a seed and an index.</summary>
    public static byte[] Program(int seed, int index) =>
        ProgramPlan.Module(new Dice(((ulong)(uint)seed << 32) | (uint)index).Next());

    /// <summary>Runs programs one after another.</summary>
    public static IEnumerable<string> Run(int seed, int count)
    {
        // A cache would only keep programs that never come again.
        using var engine = new SandboxEngine(new SandboxOptions { CachedModules = 0 });
        using var linker = new Linker(engine.Native);
        for (var index = 0; index < count; index++)
        {
            var program = Program(seed, index);
            yield return $"{index} {engine.OnGuestThread(() => Line(engine, linker, program))}";
        }
    }

    /// <summary>Writes rewritten programs to a file, each after its length, for v8.mjs.</summary>
    public static void Write(int seed, int count, string path)
    {
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[4];
        for (var index = 0; index < count; index++)
        {
            var module = Meter.Rewrite(Program(seed, index)).Bytes.Span;
            BinaryPrimitives.WriteInt32LittleEndian(length, module.Length);
            file.Write(length);
            file.Write(module);
        }
    }

    private static string Line(SandboxEngine engine, Linker linker, byte[] program)
    {
        using var module = engine.Compile(program);
        using var store = new GuestStore(engine);
        var guest = Guest.Instantiate(module, store.Native, linker, new GuestLimits(Fuel, CallDepth, 1L << 30));
        var outcome = Outcome(guest, guest.Native.GetFunction<long>("run")!);
        guest.Run(guest.Native.GetAction("dump")!);
        var memory = guest.Memory!;
        var hash = Convert.ToHexStringLower(SHA256.HashData(memory.GetSpan(0, (int)memory.GetLength())));
        return string.Create(
            CultureInfo.InvariantCulture, $"{outcome} {memory.GetSize()} {hash} {guest.FuelUsed}");
    }

    private static string Outcome(Guest guest, Func<long> run)
    {
        try
        {
            return guest.Run(run).ToString("x16", CultureInfo.InvariantCulture);
        }
        catch (GuestTrapException trap)
        {
            return trap.Type.ToString();
        }
    }
}
