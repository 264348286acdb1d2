// Guests for tests from the text format. Enters: text, assembled by wabt's wat2wasm, or bytes. Leaves: guests and
// results as text. Always holds: every module goes through the meter; one text is assembled once in a process.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox.Engines;
using Wasmtime;

namespace EventSourced.Sandbox.Tests;

internal static class Wat
{
    public const long Plenty = long.MaxValue / 4;

    private static readonly ConcurrentDictionary<string, byte[]> Assembled = new();

    /// <summary>Without a pool: tests let go of their guests when the collector does.</summary>
    public static SandboxEngine Engine { get; } = new(new SandboxOptions { PooledGuests = 0 });

    /// <summary>
    /// The bytes of a module; with <paramref name="check"/> false also of one that does not validate.
    /// </summary>
    public static byte[] Bytes(string text, bool check = true) =>
        Assembled.GetOrAdd((check ? "" : "unchecked ") + text, _ => Assemble(text, check));

    public static Guest Instance(
        string text, long fuel = Plenty, long depth = 4_000, long memoryBytes = 1L << 30, Linker? linker = null) =>
        Instance(Bytes(text), fuel, depth, memoryBytes, linker);

    public static Guest Instance(
        byte[] bytes, long fuel = Plenty, long depth = 4_000, long memoryBytes = 1L << 30, Linker? linker = null)
    {
        var store = new GuestStore(Engine);
        linker ??= new Linker(Engine.Native);
        var limits = new GuestLimits(fuel, depth, memoryBytes);
        return Engine.OnGuestThread(() => Guest.Instantiate(Engine.Compile(bytes), store.Native, linker, limits));
    }

    /// <summary>
    /// Calls an export of a fresh guest; results as text: 5, nan as bits, several with spaces.
    /// </summary>
    public static string Call(string text, string export, params ValueBox[] arguments) =>
        Call(Instance(text), export, arguments);

    public static string Call(Guest guest, string export, params ValueBox[] arguments)
    {
        var function = guest.Native.GetFunction(export)
            ?? throw new InvalidOperationException($"expected an export '{export}', found none");
        var answer = Engine.OnGuestThread(() => guest.Run(() => function.Invoke(arguments)));
        return answer switch
        {
            null when function.Results.Count == 0 => "",
            object?[] several => string.Join(' ', several.Select(Text)),
            _ => Text(answer),
        };
    }

    /// <summary>The trap that a call ends in.</summary>
    public static TrapKind Trap(string text, string export, params ValueBox[] arguments) =>
        Assert.Throws<GuestTrapException>(() => Call(text, export, arguments)).Type;

    public static TrapKind Trap(Guest guest, string export, params ValueBox[] arguments) =>
        Assert.Throws<GuestTrapException>(() => Call(guest, export, arguments)).Type;

    /// <summary>What is wrong with a module that the assembler would refuse too.</summary>
    public static WasmException Invalid(string text)
    {
        var refusal = Meter.Validate(Bytes(text, check: false));
        Assert.NotNull(refusal);
        Assert.Equal(WasmErrorKind.Invalid, refusal.Kind);
        return refusal;
    }

    public static void Valid(string text) => Assert.Null(Meter.Validate(Bytes(text)));

    public static string Text(object? value) => value switch
    {
        float number => FloatText(number, BitConverter.SingleToUInt32Bits(number)),
        double number => FloatText(number, BitConverter.DoubleToUInt64Bits(number)),
        V128 vector => Convert.ToHexStringLower(vector.AsSpan()),
        null or Function { IsNull: true } => "null",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string FloatText(double value, ulong bits) =>
        double.IsNaN(value) ? $"nan:{bits:x}" : value.ToString("R", CultureInfo.InvariantCulture);

    private static byte[] Assemble(string text, bool check)
    {
        var file = Path.Combine(Path.GetTempPath(), $"sandbox-tests-{Guid.NewGuid():N}.wat");
        try
        {
            File.WriteAllText(file, text);
            var start = new ProcessStartInfo("wat2wasm") { RedirectStandardError = true };
            if (!check)
                start.ArgumentList.Add("--no-check");
            start.ArgumentList.Add(file);
            start.ArgumentList.Add("-o");
            start.ArgumentList.Add(file + ".wasm");
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"expected wat2wasm to assemble the text, found: {errors}");
            return File.ReadAllBytes(file + ".wasm");
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".wasm");
        }
    }
}
