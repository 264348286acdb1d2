// Work to run: a module, its input, and everything else that a run could depend on. Enters: the conditions that a host
// or a receipt names. Leaves: output and a receipt. Always holds: equal executions give equal receipts on every
// machine, or none at all when the host cancels.
using System.Security.Cryptography;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Wasi;
using Wasmtime;

namespace EventSourced.Sandbox.Receipts;

/// <summary>The limits of one execution. They are part of its receipt, because a limit that is hit shows.</summary>
public sealed record ExecutionLimits
{
    /// <summary>The largest number that JSON carries exactly: no limit is above it.</summary>
    public const long Most = (1L << 53) - 1;

    /// <summary>Operators that may run.</summary>
    public long Fuel { get; init; } = 10_000_000_000;

    /// <summary>Bytes of memory.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Calls that may nest in one another.</summary>
    public long CallDepth { get; init; } = 2_000;

    /// <summary>Bytes of standard output and of standard error, each.</summary>
    public long OutputBytes { get; init; } = 16 << 20;
}

/// <summary>A run of a module: everything it can depend on.</summary>
public sealed record Execution
{
    /// <summary>The module's bytes.</summary>
    public required ReadOnlyMemory<byte> Module { get; init; }

    /// <summary>The content of standard input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Arguments after the program's name, which is always "agent".</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment; the guest sees it in ordinal order of names.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Files for reading, by path.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } =
        new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>The seed of the guest's random numbers.</summary>
    public ulong RandomSeed { get; init; }

    /// <summary>The first reading of the clocks, in nanoseconds since 1970.</summary>
    public ulong ClockStartNanoseconds { get; init; }

    /// <summary>By how much each look at a clock moves it on.</summary>
    public ulong ClockStepNanoseconds { get; init; }

    /// <summary>The limits of the run.</summary>
    public ExecutionLimits Limits { get; init; } = new();

    /// <summary>Runs the module's _start and gives output and receipt; throws only where the host cancels, or the
    /// engine gives up before the meter does.</summary>
    public ExecutionResult Run(SandboxEngine engine, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.OnGuestThread(() => RunHere(engine, cancellation));
    }

    private ExecutionResult RunHere(SandboxEngine engine, CancellationToken cancellation)
    {
        var process = new WasiProcess(World());
        cancellation.ThrowIfCancellationRequested();
        var room = engine.RoomFor(Limits.Fuel, cancellation);
        using var store = new GuestStore(room, process, cancellation);
        var exit = Exit(room, Math.Min(Limits.CallDepth, engine.Options.CallDepth), store, process, cancellation);
        var receipt = new Receipt
        {
            EngineVersion = SandboxEngine.Version,
            ModuleHash = HashOf(Module.Span),
            InputHash = HashOf(Input.Span),
            Arguments = Arguments,
            Environment = Environment,
            Files = Files.ToDictionary(file => file.Key, file => HashOf(file.Value.Span)),
            RandomSeed = RandomSeed,
            ClockStartNanoseconds = ClockStartNanoseconds,
            ClockStepNanoseconds = ClockStepNanoseconds,
            Limits = Limits,
            Exit = exit,
            OutputHash = HashOf(process.Output),
            ErrorOutputHash = HashOf(process.ErrorOutput),
            FuelUsed = process.FuelUsed,
            MemoryPeakBytes = process.MemoryBytes,
        };
        return new ExecutionResult(receipt, process.Output, process.ErrorOutput);
    }

    internal static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static bool IsStart(ModuleExport export) =>
        export is { Name: "_start", Type: { Parameters.Count: 0, Results.Count: 0 } };

    private WasiWorld World()
    {
        var world = new WasiWorld()
            .WithArgs(["agent", .. Arguments])
            .WithStandardInput(Input)
            .WithRandomSeed(RandomSeed)
            .WithLogicalClock(ClockStartNanoseconds, ClockStepNanoseconds)
            .WithOutputLimit((int)Math.Min(Limits.OutputBytes, int.MaxValue));
        foreach (var (name, value) in Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            world.WithEnvironmentVariable(name, value);
        foreach (var (path, content) in Files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            world.WithInputFile(path, content);
        return world;
    }

    private ExecutionExit Exit(
        EngineRoom room, long depth, GuestStore store, WasiProcess process, CancellationToken cancellation)
    {
        try
        {
            var module = room.Compile(Module.Span);
            if (!module.Metered.Exports.Any(IsStart))
                return ExecutionExit.Refused(WasmErrorKind.Unlinkable);
            var limits = new GuestLimits(Limits.Fuel, depth, Math.Min(Limits.MemoryBytes, Meter.PagesMost << 16));
            var guest = Guest.Instantiate(module, store.Native, room.Wasi, limits, process);
            guest.Run(guest.Native.GetAction("_start")!);
            return ExecutionExit.Exited(0);
        }
        catch (WasiExitException ended)
        {
            return ExecutionExit.Exited(ended.ExitCode);
        }
        catch (GuestTrapException trap) when (trap.Type == TrapKind.Interrupted)
        {
            throw new OperationCanceledException("the execution was cancelled", trap, cancellation);
        }
        catch (GuestTrapException trap)
        {
            return ExecutionExit.Trapped(trap.Message);
        }
        catch (WasmException refusal) when (refusal.Kind is not (WasmErrorKind.Engine or WasmErrorKind.Usage))
        {
            return ExecutionExit.Refused(refusal.Kind);
        }
    }
}

/// <summary>The result of a run.</summary>
/// <param name="Receipt">The provable facts about the run.</param>
/// <param name="Output">Standard output.</param>
/// <param name="ErrorOutput">Standard error.</param>
public sealed record ExecutionResult(Receipt Receipt, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> ErrorOutput);

/// <summary>The end of a run.</summary>
/// <param name="Kind">"exited", "trapped" or "refused"; stored, never rename.</param>
/// <param name="Code">The exit code of a guest that exited.</param>
/// <param name="Reason">The trap in the words of the specification's tests, or why the module was refused.</param>
public sealed record ExecutionExit(string Kind, int? Code, string? Reason)
{
    /// <summary>The guest returned (0) or called proc_exit.</summary>
    public static ExecutionExit Exited(int code) => new("exited", code, null);

    /// <summary>The guest trapped.</summary>
    public static ExecutionExit Trapped(string words) => new("trapped", null, words);

    /// <summary>The module never ran: malformed, invalid, not linkable, over a limit.</summary>
    public static ExecutionExit Refused(WasmErrorKind kind) => new("refused", null, kind switch
    {
        WasmErrorKind.Malformed => "malformed",
        WasmErrorKind.Invalid => "invalid",
        WasmErrorKind.Unlinkable => "unlinkable",
        WasmErrorKind.Limit => "limit",
        WasmErrorKind.Unsupported => "unsupported",
        WasmErrorKind.Reserved => "reserved",
        _ => "other",
    });
}
