// es wasm: runs agents and proves their runs. Enters: a module and its input, or a receipt. Leaves: on standard output
// the receipt (run) or the verdict (verify), and an exit code. Always holds: the content folder keeps by hash
// everything that a receipt names, so that `verify RECEIPT` needs nothing else.
using System.CommandLine;
using EventSourced.Metering;
using EventSourced.Sandbox;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Host;

/// <summary>The commands `wasm run` and `wasm verify`.</summary>
public static class WasmCommands
{
    private const int Refuted = 1;
    private const int Unreadable = 2;
    private const int NotExited = 70;

    /// <summary>The command `wasm` with its subcommands.</summary>
    public static Command Create() =>
        new("wasm", "Run WebAssembly agents deterministically, and prove what they did.")
        {
            CreateRun(), CreateVerify(),
        };

    private static Command CreateRun()
    {
        var module = new Argument<string>("MODULE") { Description = "The agent: a WASI module with _start." };
        var input = new Option<string?>("--input") { Description = "What standard input holds; nothing without." };
        var output = new Option<string?>("--output") { Description = "Where its output goes; else to standard error." };
        var receipt = new Option<string?>("--receipt") { Description = "Also write the receipt to this file." };
        var arguments = new Option<string[]>("--arg") { Description = "An argument of the agent; repeatable." };
        var environment = new Option<string[]>("--env") { Description = "NAME=VALUE; repeatable." };
        var files = new Option<string[]>("--file") { Description = "PATH=FILE, readable by the agent; repeatable." };
        var seed = new Option<ulong>("--seed") { Description = "What random numbers derive from." };
        var start = new Option<ulong>("--clock") { Description = "What the clock shows, in nanoseconds since 1970." };
        var step = new Option<ulong>("--clock-step") { Description = "By how much each look moves the clock on." };
        var fuel = new Option<long>("--fuel") { DefaultValueFactory = _ => new ExecutionLimits().Fuel };
        var memory = new Option<long>("--memory-bytes")
        {
            DefaultValueFactory = _ => new ExecutionLimits().MemoryBytes,
        };
        var content = ContentOption();
        var command = new Command("run", "Runs an agent and prints its receipt as canonical JSON.")
        {
            module, input, output, receipt, arguments, environment, files, seed, start, step, fuel, memory, content,
        };
        command.SetAction((parsed, cancellation) => GuardedAsync(async () =>
        {
            var execution = new Execution
            {
                Module = await ReadAsync(parsed.GetValue(module)!, cancellation).ConfigureAwait(false),
                Input = parsed.GetValue(input) is { } path
                    ? await ReadAsync(path, cancellation).ConfigureAwait(false)
                    : ReadOnlyMemory<byte>.Empty,
                Arguments = parsed.GetValue(arguments) ?? [],
                Environment = Pairs(parsed.GetValue(environment)).ToDictionary(),
                Files = await FilesAsync(parsed.GetValue(files), cancellation).ConfigureAwait(false),
                RandomSeed = parsed.GetValue(seed),
                ClockStartNanoseconds = parsed.GetValue(start),
                ClockStepNanoseconds = parsed.GetValue(step),
                Limits = new ExecutionLimits
                {
                    Fuel = Within(parsed.GetValue(fuel), "--fuel"),
                    MemoryBytes = Within(parsed.GetValue(memory), "--memory-bytes"),
                },
            };
            var folder = new ContentFolder(parsed.GetValue(content)!);
            return await RunAsync(execution, folder, parsed.GetValue(output), parsed.GetValue(receipt), cancellation)
                .ConfigureAwait(false);
        }));
        return command;
    }

    private static Command CreateVerify()
    {
        var receipt = new Argument<string>("RECEIPT") { Description = "The file that holds the receipt." };
        var content = ContentOption();
        var command = new Command("verify", "Runs a receipt's work again and names every difference.")
        {
            receipt, content,
        };
        command.SetAction((parsed, cancellation) => GuardedAsync(async () =>
        {
            var json = await ReadAsync(parsed.GetValue(receipt)!, cancellation).ConfigureAwait(false);
            using var engine = new SandboxEngine();
            var verifier = new ReceiptVerifier(engine, new ContentFolder(parsed.GetValue(content)!).Find);
            var differences = verifier.Verify(json, cancellation);
            foreach (var difference in differences)
                Console.WriteLine(difference);
            Console.WriteLine(differences.Count == 0
                ? $"verified: receipt {Receipt.Parse(json, out _).ReceiptHash} is true"
                : $"refuted: {differences.Count} difference(s)");
            return differences.Count == 0 ? 0 : Refuted;
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        Execution execution, ContentFolder content, string? output, string? receipt, CancellationToken cancellation)
    {
        using var engine = new SandboxEngine();
        var result = execution.Run(engine, cancellation);
        foreach (var bytes in execution.Files.Values.Prepend(execution.Input).Prepend(execution.Module))
            await content.AddAsync(bytes, cancellation).ConfigureAwait(false);
        await content.AddAsync(result.Output, cancellation).ConfigureAwait(false);
        await WriteAsync(result.ErrorOutput, null, cancellation).ConfigureAwait(false);
        await WriteAsync(result.Output, output, cancellation).ConfigureAwait(false);
        byte[] json = [.. result.Receipt.ToJson(), (byte)'\n'];
        if (receipt is not null)
            await File.WriteAllBytesAsync(receipt, json, cancellation).ConfigureAwait(false);
        using var standardOutput = Console.OpenStandardOutput();
        await standardOutput.WriteAsync(json, cancellation).ConfigureAwait(false);
        return result.Receipt.Exit.Code ?? NotExited;
    }

    private static async Task WriteAsync(ReadOnlyMemory<byte> bytes, string? path, CancellationToken cancellation)
    {
        using var stream = path is null ? Console.OpenStandardError() : File.Create(path);
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
    }

    // A mistake by a person ends in one line, not in a stack trace.
    private static async Task<int> GuardedAsync(Func<Task<int>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException
            or WasmException)
        {
            await Console.Error.WriteLineAsync($"es wasm: {wrong.Message}").ConfigureAwait(false);
            return Unreadable;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellation) =>
        await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);

    private static async Task<Dictionary<string, ReadOnlyMemory<byte>>> FilesAsync(
        string[]? given, CancellationToken cancellation)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var (path, file) in Pairs(given))
            files[path] = await ReadAsync(file, cancellation).ConfigureAwait(false);
        return files;
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string[]? given) =>
        (given ?? []).Select(pair => pair.Split('=', 2) is [{ Length: > 0 } name, var value]
            ? (name, value)
            : throw new ArgumentException($"expected NAME=VALUE, found '{pair}'"));

    private static long Within(long limit, string name) => limit is > 0 and <= ExecutionLimits.Most
        ? limit
        : throw new ArgumentException($"expected {name} from 1 to {ExecutionLimits.Most}, found {limit}");

    private static Option<string> ContentOption() => new("--content")
    {
        Description = "The folder of content by hash.",
        DefaultValueFactory = _ => Path.Combine(Environment.GetEnvironmentVariable("ES_DATA") ?? ".data", "wasm"),
    };
}
