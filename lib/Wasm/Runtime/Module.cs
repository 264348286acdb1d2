// A compiled module. Enters: the bytes of a module. Leaves: its imports, exports and hash, ready to instantiate as
// often as wanted. Always holds: it decoded, validated and compiled; it has no state and serves many threads.
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Compile;
using EventSourced.Wasm.Validation;

namespace EventSourced.Wasm;

/// <summary>A decoded, validated and compiled module.</summary>
public sealed class Module : IDisposable
{
    private Module(string name, Hash256 hash, CompiledModule compiled)
    {
        Name = name;
        Hash = hash.Hex();
        Compiled = compiled;
        Imports = [.. ModuleInterface.Imports(compiled.Definition)];
        Exports = [.. ModuleInterface.Exports(compiled)];
    }

    /// <summary>The name the host gave.</summary>
    public string Name { get; }

    /// <summary>The SHA-256 of the module's bytes, in hex.</summary>
    public string Hash { get; }

    /// <summary>What the module needs, in its order.</summary>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>What the module offers, in its order.</summary>
    public IReadOnlyList<Export> Exports { get; }

    internal CompiledModule Compiled { get; }

    /// <summary>Decodes, validates and compiles a module, or takes it from the engine's cache.</summary>
    public static Module FromBytes(Engine engine, string name, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(name);
        CheckSize(engine, bytes.Length);
        var hash = Hash256.Of(bytes);
        return new Module(name, hash, engine.Compiled(name, bytes, hash));
    }

    /// <summary>Reads a module from a file.</summary>
    public static Module FromFile(Engine engine, string path) =>
        FromBytes(engine, Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path));

    /// <summary>Decodes and validates without compiling; gives what is wrong, or null.</summary>
    public static WasmException? Validate(Engine engine, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(engine);
        try
        {
            CheckSize(engine, bytes.Length);
            ModuleValidator.Validate(ModuleDecoder.Decode(bytes.ToArray(), engine.Limits), engine.Limits);
            return null;
        }
        catch (WasmException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Compiled code is collected when nothing refers to it; a module may also just be dropped.</summary>
    public void Dispose()
    {
    }

    private static void CheckSize(Engine engine, int length)
    {
        if (length > engine.Limits.ModuleBytes)
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected a module of at most {engine.Limits.ModuleBytes} bytes, found {length}");
        }
    }
}
