// The proof or refutation of a receipt. Enters: a receipt, and content by hash. Leaves: every difference between the
// receipt's claims and a second run of the same work; none means that the receipt is true. Always holds: content counts
// only under its own hash; a claim that asks for more than the verifier grants is named, never run.
using System.Text.Json;
using EventSourced.Sandbox.Engines;

namespace EventSourced.Sandbox.Receipts;

/// <summary>One thing that the receipt claims and that is not so.</summary>
/// <param name="Where">The member of the receipt, such as "outputHash" or "limits.fuel".</param>
/// <param name="Claimed">The claim of the receipt.</param>
/// <param name="Found">The found value.</param>
public sealed record ReceiptDifference(string Where, string Claimed, string Found)
{
    /// <summary>The difference as a sentence.</summary>
    public override string ToString() => $"{Where}: the receipt claims {Claimed}, found {Found}";
}

/// <summary>Re-executes what receipts claim.</summary>
/// <param name="engine">The engine to run on.</param>
/// <param name="content">Finds content by its SHA-256 in hex; null where there is none.</param>
public sealed class ReceiptVerifier(SandboxEngine engine, Func<string, ReadOnlyMemory<byte>?> content)
{
    /// <summary>The most that this verifier grants a run.</summary>
    public ExecutionLimits Most { get; init; } = new()
    {
        Fuel = 100_000_000_000,
        MemoryBytes = 1L << 30,
        CallDepth = 100_000,
        OutputBytes = 64 << 20,
    };

    /// <summary>All differences; an empty list where the receipt is true.</summary>
    public IReadOnlyList<ReceiptDifference> Verify(ReadOnlyMemory<byte> json, CancellationToken cancellation = default)
    {
        Receipt receipt;
        string claimedHash;
        try
        {
            receipt = Receipt.Parse(json, out claimedHash);
        }
        catch (FormatException malformed)
        {
            return [new ReceiptDifference("form", "to be a receipt", malformed.Message)];
        }

        var differences = new List<ReceiptDifference>();
        Compare(differences, "receiptHash", claimedHash, receipt.ReceiptHash);
        try
        {
            if (Work(receipt, differences) is { } work)
                CompareAll(differences, receipt, work.Run(engine, cancellation).Receipt);
        }
        catch (ArgumentException impossible)
        {
            // A path or a variable's name that no execution accepts, so that none can have run.
            differences.Add(new ReceiptDifference("form", "a run that can be", impossible.Message));
        }

        return differences;
    }

    private Execution? Work(Receipt receipt, List<ReceiptDifference> differences)
    {
        var before = differences.Count;
        CheckLimit(differences, "limits.fuel", receipt.Limits.Fuel, Most.Fuel);
        CheckLimit(differences, "limits.memoryBytes", receipt.Limits.MemoryBytes, Most.MemoryBytes);
        CheckLimit(differences, "limits.callDepth", receipt.Limits.CallDepth, Most.CallDepth);
        CheckLimit(differences, "limits.outputBytes", receipt.Limits.OutputBytes, Most.OutputBytes);
        if (receipt.Limits.CallDepth == 0)
            differences.Add(new ReceiptDifference("limits.callDepth", "0", "that a run needs at least 1"));
        var module = Content(differences, "moduleHash", receipt.ModuleHash);
        var input = Content(differences, "inputHash", receipt.InputHash);
        var files = receipt.Files.ToDictionary(
            file => file.Key, file => Content(differences, $"files.{file.Key}", file.Value));
        if (differences.Count > before)
            return null;
        return new Execution
        {
            Module = module,
            Input = input,
            Arguments = receipt.Arguments,
            Environment = receipt.Environment,
            Files = files,
            RandomSeed = receipt.RandomSeed,
            ClockStartNanoseconds = receipt.ClockStartNanoseconds,
            ClockStepNanoseconds = receipt.ClockStepNanoseconds,
            Limits = receipt.Limits,
        };
    }

    private ReadOnlyMemory<byte> Content(List<ReceiptDifference> differences, string where, string hash)
    {
        if (content(hash) is not { } bytes)
        {
            differences.Add(new ReceiptDifference(where, hash, "no content with that hash"));
            return default;
        }

        var found = Execution.HashOf(bytes.Span);
        Compare(differences, where, hash, found);
        return bytes;
    }

    /// <summary>The claims in which one receipt differs from another.</summary>
    public static IReadOnlyList<ReceiptDifference> Differences(Receipt claimed, Receipt found)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(found);
        var differences = new List<ReceiptDifference>();
        CompareAll(differences, claimed, found);
        return differences;
    }

    // Member by member of the two receipts' JSON, so that no member can be forgotten here.
    private static void CompareAll(List<ReceiptDifference> differences, Receipt claimed, Receipt found)
    {
        var shown = Leaves(found.Members());
        foreach (var (where, text) in Leaves(claimed.Members()))
            Compare(differences, where, text, shown.GetValueOrDefault(where, "nothing"));
        foreach (var (where, text) in shown.Where(leaf => !Leaves(claimed.Members()).ContainsKey(leaf.Key)))
            Compare(differences, where, "nothing", text);
    }

    private static Dictionary<string, string> Leaves(System.Text.Json.Nodes.JsonNode members)
    {
        var leaves = new Dictionary<string, string>();
        Walk("", JsonSerializer.SerializeToElement(members));
        return leaves;

        void Walk(string where, JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                leaves[where] = value.ToString();
                return;
            }

            foreach (var member in value.EnumerateObject())
                Walk(where.Length == 0 ? member.Name : $"{where}.{member.Name}", member.Value);
        }
    }

    private static void CheckLimit(List<ReceiptDifference> differences, string where, long claimed, long most)
    {
        if (claimed > most)
            differences.Add(new ReceiptDifference(where, $"{claimed}", $"that this verifier grants at most {most}"));
    }

    private static void Compare(List<ReceiptDifference> differences, string where, string claimed, string found)
    {
        if (claimed != found)
            differences.Add(new ReceiptDifference(where, claimed, found));
    }
}
