// Modules for tests from the text format. Enters: text, assembled by wabt's wat2wasm, or bytes. Leaves: modules,
// instances and results as text. Always holds: one text is assembled once in a process.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EventSourced.Wasm.Tests;

internal static class Wat
{
    private static readonly ConcurrentDictionary<string, byte[]> Assembled = new();

    public static Engine Engine { get; } = new();

    /// <summary>
    /// The bytes of a module; with <paramref name="check"/> false also of one that does not validate.
    /// </summary>
    public static byte[] Bytes(string text, bool check = true) =>
        Assembled.GetOrAdd((check ? "" : "unchecked ") + text, _ => Assemble(text, check));

    public static Module Module(string text, Engine? engine = null) =>
        Wasm.Module.FromBytes(engine ?? Engine, "test", Bytes(text));

    public static Instance Instance(string text, Store? store = null, Linker? linker = null)
    {
        store ??= new Store(Engine);
        return (linker ?? new Linker(store.Engine)).Instantiate(store, Module(text, store.Engine));
    }

    /// <summary>
    /// Calls an export of a fresh instance; results as text: i32:5, nan as bits, several with spaces.
    /// </summary>
    public static string Call(string text, string export, params ValueBox[] arguments) =>
        Call(Instance(text), export, arguments);

    public static string Call(Instance instance, string export, params ValueBox[] arguments)
    {
        var function = instance.GetFunction(export)
            ?? throw new InvalidOperationException($"expected an export '{export}', found none");
        var results = new ValueBox[function.Type.Results.Count];
        function.Invoke(arguments, results);
        return string.Join(' ', results.Select(Text));
    }

    /// <summary>The trap that a call ends in.</summary>
    public static TrapCode Trap(string text, string export, params ValueBox[] arguments) =>
        Assert.Throws<TrapException>(() => Call(text, export, arguments)).Type;

    public static TrapCode Trap(Instance instance, string export, params ValueBox[] arguments) =>
        Assert.Throws<TrapException>(() => Call(instance, export, arguments)).Type;

    /// <summary>What is wrong with a module that the assembler would refuse too.</summary>
    public static WasmException Invalid(string text)
    {
        var refusal = Wasm.Module.Validate(Engine, Bytes(text, check: false));
        Assert.NotNull(refusal);
        Assert.Equal(WasmErrorKind.Invalid, refusal.Kind);
        return refusal;
    }

    public static void Valid(string text) => Assert.Null(Wasm.Module.Validate(Engine, Bytes(text)));

    public static string Text(ValueBox box) => box.Kind switch
    {
        ValueKind.Int32 => box.AsInt32().ToString(CultureInfo.InvariantCulture),
        ValueKind.Int64 => box.AsInt64().ToString(CultureInfo.InvariantCulture),
        ValueKind.Float32 => FloatText(box.AsSingle(), box.ToBits()),
        ValueKind.Float64 => FloatText(box.AsDouble(), box.ToBits()),
        _ => box.ToObject()?.ToString() ?? "null",
    };

    private static string FloatText(double value, ulong bits) =>
        double.IsNaN(value) ? $"nan:{bits:x}" : value.ToString("R", CultureInfo.InvariantCulture);

    private static byte[] Assemble(string text, bool check)
    {
        var file = Path.Combine(Path.GetTempPath(), $"wasm-tests-{Guid.NewGuid():N}.wat");
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
