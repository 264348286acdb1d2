// The specification of a task, as docs/execution.md fixes it. Enters: the bytes with the hash specHash. Leaves: a
// specification, or a FormatException that says what was expected and found. Always holds: everything that can affect a
// run stands in it or has the default of that page; an unknown member of the work makes it unreadable, since it could
// change the work.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Ethereum;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Workers.Documents;

/// <summary>The specification of a task.</summary>
/// <param name="Title">The title, for people.</param>
/// <param name="Capability">The capability that a bidding agent must offer.</param>
/// <param name="Work">The work to run.</param>
public sealed record TaskSpecification(string? Title, string? Capability, Work Work)
{
    /// <summary>The shape of the document; stored, never rename.</summary>
    public const string Schema = "eventsourced-task/1";

    /// <summary>The largest size of a specification in bytes.</summary>
    public const int MostBytes = 65_536;

    /// <summary>Reads a specification.</summary>
    public static TaskSpecification Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MostBytes)
            throw new FormatException($"expected a specification of at most {MostBytes} bytes, found {json.Length}");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || SpecificationText.Find(root, "schema") is not { } schema)
                throw new FormatException($"expected an object with the schema {Schema}, found none");
            if (schema != Schema) throw new FormatException($"schema: expected {Schema}, found '{schema}'");
            if (!root.TryGetProperty("work", out var work) || work.ValueKind != JsonValueKind.Object)
                throw new FormatException("work: expected an object, found none");
            return new TaskSpecification(
                SpecificationText.Find(root, "title"), SpecificationText.Find(root, "capability"),
                SpecificationText.ReadWork(work));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new FormatException($"expected a specification as JSON, found: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>As canonical JSON.</summary>
    public byte[] ToJson()
    {
        var members = new JsonObject { ["schema"] = Schema, ["work"] = Work.Members() };
        if (Title is not null) members["title"] = Title;
        if (Capability is not null) members["capability"] = Capability;
        return CanonicalJson.Of(members);
    }
}

/// <summary>The work to run and its input.</summary>
/// <param name="Input">The hash of standard input.</param>
public sealed record Work(Hash32 Input)
{
    /// <summary>The limits that a specification has by default. Stored by every receipt; never change.</summary>
    public static ExecutionLimits Usual { get; } = new()
    {
        Fuel = 1_000_000_000,
        MemoryBytes = 64 << 20,
        CallDepth = 2_000,
        OutputBytes = 1 << 20,
    };

    /// <summary>The highest limits that a specification may grant.</summary>
    public static ExecutionLimits Most { get; } = new()
    {
        Fuel = 10_000_000_000,
        MemoryBytes = 256 << 20,
        CallDepth = 4_000,
        OutputBytes = 16 << 20,
    };

    /// <summary>The hash of the module; null: the agent chooses.</summary>
    public Hash32? Module { get; init; }

    /// <summary>The arguments after the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The hash of each input file, by path.</summary>
    public IReadOnlyDictionary<string, Hash32> Files { get; init; } = new Dictionary<string, Hash32>();

    /// <summary>The seed of random numbers.</summary>
    public ulong RandomSeed { get; init; }

    /// <summary>The first reading of the clocks.</summary>
    public ulong ClockStartNanoseconds { get; init; }

    /// <summary>The step by which each look moves the clocks on.</summary>
    public ulong ClockStepNanoseconds { get; init; }

    /// <summary>The limits of the run.</summary>
    public ExecutionLimits Limits { get; init; } = Usual;

    /// <summary>The run, with the bytes of all its content.</summary>
    public Execution Over(
        ReadOnlyMemory<byte> module, ReadOnlyMemory<byte> input,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        return new Execution
        {
            Module = module,
            Input = input,
            Arguments = Arguments,
            Environment = Environment,
            Files = files,
            RandomSeed = RandomSeed,
            ClockStartNanoseconds = ClockStartNanoseconds,
            ClockStepNanoseconds = ClockStepNanoseconds,
            Limits = Limits,
        };
    }

    internal JsonObject Members()
    {
        var members = new JsonObject
        {
            ["input"] = ContentIds.CidOf(Input),
            ["arguments"] = new JsonArray([.. Arguments.Select(text => JsonValue.Create(text))]),
            ["environment"] = new JsonObject(
                Environment.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
            ["files"] = new JsonObject(Files.Select(
                pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, ContentIds.CidOf(pair.Value)))),
            ["randomSeed"] = RandomSeed.ToString(CultureInfo.InvariantCulture),
            ["clock"] = new JsonObject
            {
                ["startNanoseconds"] = ClockStartNanoseconds.ToString(CultureInfo.InvariantCulture),
                ["stepNanoseconds"] = ClockStepNanoseconds.ToString(CultureInfo.InvariantCulture),
            },
            ["limits"] = new JsonObject
            {
                ["fuel"] = Limits.Fuel,
                ["memoryBytes"] = Limits.MemoryBytes,
                ["callDepth"] = Limits.CallDepth,
                ["outputBytes"] = Limits.OutputBytes,
            },
        };
        if (Module is { } module) members["module"] = ContentIds.CidOf(module);
        return members;
    }
}
