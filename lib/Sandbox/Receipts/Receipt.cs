// The receipt of an execution: the module, its input, its limits, and its output. Enters: an execution's facts, or
// canonical JSON. Leaves: canonical JSON (RFC 8785) whose member receiptHash is the SHA-256 of the rest, the hash that
// goes on chain. Always holds: reading and writing again gives the same bytes; names are stored and never change.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Sandbox.Receipts;

/// <summary>The provable facts about one execution.</summary>
public sealed record Receipt
{
    /// <summary>The shape of this receipt; stored, never rename.</summary>
    public const string Schema = "eventsourced-execution-receipt/1";

    /// <summary>Bytes that a receipt may have.</summary>
    public const int LimitBytes = 1 << 20;

    /// <summary>The engine that gives these results, fuel and traps.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>SHA-256 of the module.</summary>
    public required string ModuleHash { get; init; }

    /// <summary>SHA-256 of standard input.</summary>
    public required string InputHash { get; init; }

    /// <summary>Arguments after the program's name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>SHA-256 of each input file, by path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>The seed of the guest's random numbers.</summary>
    public required ulong RandomSeed { get; init; }

    /// <summary>The first reading of the clocks.</summary>
    public required ulong ClockStartNanoseconds { get; init; }

    /// <summary>By how much each look moved the clocks on.</summary>
    public required ulong ClockStepNanoseconds { get; init; }

    /// <summary>The limits of the run.</summary>
    public required ExecutionLimits Limits { get; init; }

    /// <summary>The end of the run.</summary>
    public required ExecutionExit Exit { get; init; }

    /// <summary>SHA-256 of standard output.</summary>
    public required string OutputHash { get; init; }

    /// <summary>SHA-256 of standard error.</summary>
    public required string ErrorOutputHash { get; init; }

    /// <summary>The resources that the run consumed.</summary>
    public required long FuelUsed { get; init; }

    /// <summary>The most memory that the run had.</summary>
    public required long MemoryPeakBytes { get; init; }

    /// <summary>SHA-256 of the canonical JSON without this member.</summary>
    public string ReceiptHash => Execution.HashOf(HashedText());

    /// <summary>
    /// The canonical JSON without receiptHash: the bytes that <see cref="ReceiptHash"/> is the hash of.
    /// </summary>
    public byte[] HashedText() => CanonicalJson.Of(Members());

    /// <summary>The receipt as canonical JSON.</summary>
    public byte[] ToJson()
    {
        var members = Members();
        members["receiptHash"] = ReceiptHash;
        return CanonicalJson.Of(members);
    }

    /// <summary>
    /// Reads a receipt. Throws <see cref="FormatException"/> where the text is not the canonical form of one; a
    /// receiptHash that does not fit is no fault of form and shows when the receipt is verified.
    /// </summary>
    public static Receipt Parse(ReadOnlyMemory<byte> json, out string claimedHash)
    {
        if (json.Length > LimitBytes)
            throw new FormatException($"expected a receipt of at most {LimitBytes} bytes, found {json.Length}");
        try
        {
            var strict = new JsonDocumentOptions { AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(json, strict);
            var receipt = ReceiptReader.Read(document.RootElement);
            claimedHash = ReceiptReader.Hash(document.RootElement, "receiptHash");
            var canonical = receipt.Members();
            canonical["receiptHash"] = claimedHash;
            CheckCanonical(json.Span, CanonicalJson.Of(canonical));
            return receipt;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new FormatException($"expected a receipt as JSON, found: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>
    /// Reads the text that a receipt's hash stands for: a receipt without its member receiptHash. Throws
    /// <see cref="FormatException"/> where it is not the canonical form of one.
    /// </summary>
    public static Receipt ParseHashedText(ReadOnlyMemory<byte> json)
    {
        if (json.Length > LimitBytes)
            throw new FormatException($"expected a receipt of at most {LimitBytes} bytes, found {json.Length}");
        if (json.Span is not [.., (byte)'}'])
            throw new FormatException($"expected the text of a receipt to end in '}}', found another end");
        // The reader knows one form of a receipt; the member that is missing here is put where every reader takes it.
        var hash = Execution.HashOf(json.Span);
        byte[] whole = [.. json.Span[..^1], .. System.Text.Encoding.ASCII.GetBytes($",\"receiptHash\":\"{hash}\"}}")];
        try
        {
            var strict = new JsonDocumentOptions { AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(whole, strict);
            var receipt = ReceiptReader.Read(document.RootElement);
            CheckCanonical(json.Span, receipt.HashedText());
            return receipt;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new FormatException($"expected a receipt as JSON, found: {unreadable.Message}", unreadable);
        }
    }

    internal JsonObject Members() => new()
    {
        ["arguments"] = new JsonArray([.. Arguments.Select(argument => JsonValue.Create(argument))]),
        ["clock"] = new JsonObject
        {
            ["startNanoseconds"] = Text(ClockStartNanoseconds),
            ["stepNanoseconds"] = Text(ClockStepNanoseconds),
        },
        ["engineVersion"] = EngineVersion,
        ["environment"] = Map(Environment),
        ["errorOutputHash"] = ErrorOutputHash,
        ["exit"] = Exit.Code is { } code
            ? new JsonObject { ["code"] = code, ["kind"] = Exit.Kind }
            : new JsonObject { ["kind"] = Exit.Kind, ["reason"] = Exit.Reason },
        ["files"] = Map(Files),
        ["fuelUsed"] = FuelUsed,
        ["inputHash"] = InputHash,
        ["limits"] = new JsonObject
        {
            ["callDepth"] = Limits.CallDepth,
            ["fuel"] = Limits.Fuel,
            ["memoryBytes"] = Limits.MemoryBytes,
            ["outputBytes"] = Limits.OutputBytes,
        },
        ["memoryPeakBytes"] = MemoryPeakBytes,
        ["moduleHash"] = ModuleHash,
        ["outputHash"] = OutputHash,
        ["randomSeed"] = Text(RandomSeed),
        ["schema"] = Schema,
    };

    // 64 unsigned bits do not fit JSON's numbers.
    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Map(IReadOnlyDictionary<string, string> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));

    private static void CheckCanonical(ReadOnlySpan<byte> found, ReadOnlySpan<byte> canonical)
    {
        found = found is [.. var line, (byte)'\n'] ? line : found;
        if (found.SequenceEqual(canonical))
            return;
        throw new FormatException(
            $"expected canonical JSON, found another form at byte {found.CommonPrefixLength(canonical)}");
    }
}
