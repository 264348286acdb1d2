// The world that a guest may see. Enters: arguments, environment, standard input, input files, a clock and a seed, all
// given by the host. Leaves: a configuration that a store takes. Always holds: nothing in it comes from the machine, so
// that equal configurations give equal runs.
using System.Text;

namespace EventSourced.Sandbox.Wasi;

/// <summary>The world of a WASI guest, in the words of the Wasmtime package where it has them.</summary>
public sealed class WasiWorld
{
    private readonly List<byte[]> _arguments = [];
    private readonly List<byte[]> _environment = [];

    /// <summary>Bytes that standard output and standard error may take, each.</summary>
    public int OutputLimitBytes { get; private set; } = 16 << 20;

    /// <summary>The content of standard input.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; private set; }

    /// <summary>The files that the guest can read.</summary>
    public InputFiles Files { get; } = new();

    /// <summary>The seed of random_get.</summary>
    public ulong RandomSeed { get; private set; }

    /// <summary>The first reading of the clocks, in nanoseconds since 1970.</summary>
    public ulong ClockStartNanoseconds { get; private set; }

    /// <summary>By how much each look at a clock moves all clocks on; zero for clocks that stand still.</summary>
    public ulong ClockStepNanoseconds { get; private set; }

    internal IReadOnlyList<byte[]> Arguments => _arguments;

    internal IReadOnlyList<byte[]> Environment => _environment;

    /// <summary>Adds arguments; by habit the first is the program's name.</summary>
    public WasiWorld WithArgs(params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
            _arguments.Add(Terminated(argument, nameof(arguments)));
        return this;
    }

    /// <summary>Adds one variable of the environment.</summary>
    public WasiWorld WithEnvironmentVariable(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('=', StringComparison.Ordinal))
            throw new ArgumentException($"expected a name without '=', found '{name}'", nameof(name));
        _environment.Add(Terminated($"{name}={value}", nameof(value)));
        return this;
    }

    /// <summary>Sets what standard input holds.</summary>
    public WasiWorld WithStandardInput(ReadOnlyMemory<byte> bytes)
    {
        StandardInput = bytes;
        return this;
    }

    /// <summary>Adds a file for reading, by its path from the root, with slashes.</summary>
    public WasiWorld WithInputFile(string path, ReadOnlyMemory<byte> content)
    {
        Files.Add(path, content);
        return this;
    }

    /// <summary>Sets the seed of random_get.</summary>
    public WasiWorld WithRandomSeed(ulong seed)
    {
        RandomSeed = seed;
        return this;
    }

    /// <summary>Clocks that always show one time.</summary>
    public WasiWorld WithFixedClock(ulong nanoseconds) => WithLogicalClock(nanoseconds, 0);

    /// <summary>Clocks that move on by a step whenever the guest looks at one.</summary>
    public WasiWorld WithLogicalClock(ulong startNanoseconds, ulong stepNanoseconds)
    {
        ClockStartNanoseconds = startNanoseconds;
        ClockStepNanoseconds = stepNanoseconds;
        return this;
    }

    /// <summary>Bounds standard output and standard error, each; a write beyond is refused whole.</summary>
    public WasiWorld WithOutputLimit(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        OutputLimitBytes = bytes;
        return this;
    }

    private static byte[] Terminated(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("expected text without a zero character, found one", name);
        return Encoding.UTF8.GetBytes(text + "\0");
    }
}
