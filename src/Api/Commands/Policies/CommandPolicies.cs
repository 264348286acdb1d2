// The operator's policies over commands: admission of tasks, bids, purposes of data. Enters: a wish that the state
// allows. Leaves: nothing against it, or the policy's refusal with its reason. Always holds: a command of a kind that
// has no policy is not asked about; the input follows from the snapshot and from content by hash alone, so anybody who
// has both gets the same decision.
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Api.Commands.Policies;

/// <summary>The answer of a policy.</summary>
/// <param name="Allow">Whether it allows.</param>
/// <param name="Reason">The rule that decided.</param>
/// <param name="Fault">Why it did not decide; null: it did.</param>
public sealed record PolicyAnswer(bool Allow, string Reason, string? Fault);

/// <summary>Lets the policy with a CID decide about an input, which is JSON in UTF-8.</summary>
public delegate Task<PolicyAnswer> AskPolicy(
    string policy, ReadOnlyMemory<byte> input, CancellationToken cancellation);

/// <summary>Finds content by its SHA-256; null: it is not kept.</summary>
public delegate Task<byte[]?> FindDocument(ReadOnlyMemory<byte> hash, CancellationToken cancellation);

/// <summary>The policies.</summary>
/// <param name="Ask">Lets a policy decide.</param>
/// <param name="Find">Finds documents that hashes on the chain stand for.</param>
public sealed record CommandPolicies(AskPolicy Ask, FindDocument Find)
{
    /// <summary>The CID of the policy about new tasks; null: none.</summary>
    public string? Tasks { get; init; }

    /// <summary>The CID of the policy about bids; null: none.</summary>
    public string? Bids { get; init; }

    /// <summary>The CID of the policy about purposes of data; null: none.</summary>
    public string? Data { get; init; }

    /// <summary>The members that the operator adds to each input: limits and terms.</summary>
    public JsonObject Terms { get; init; } = [];

    /// <summary>The refusal of a policy; null: none stands against the wish.</summary>
    internal async Task<Problem?> JudgeAsync(
        CommandEntry entry, Wish wish, ulong block, CancellationToken cancellation)
    {
        var (policy, read) = entry.Name switch
        {
            "tasks.create" => (Tasks, PolicyInput.OfTaskAsync),
            "tasks.placeBid" => (Bids, PolicyInput.OfBidAsync),
            "tasks.revealBid" => (Bids, PolicyInput.OfRevealAsync),
            "dataLeases.request" => (Data, (Func<Wish, Task<JsonObject>>)(given => OfDataAsync(given, cancellation))),
            _ => (null, PolicyInput.OfTaskAsync),
        };
        if (policy is null) return null;
        JsonObject input;
        try
        {
            input = await read(wish).ConfigureAwait(false);
        }
        catch (FormatException missing)
        {
            return new Problem(422, "DocumentMissing", missing.Message, "none that can be read") { Block = block };
        }

        foreach (var (name, value) in Terms) input[name] = value?.DeepClone();
        input["command"] = entry.Name;
        input["sender"] = wish.By.ToString();
        input["now"] = wish.Now.Seconds;
        var answer = await Ask(policy, JsonSerializer.SerializeToUtf8Bytes(input), cancellation).ConfigureAwait(false);
        return answer.Allow
            ? null
            : new Problem(
                422, "PolicyRefused", $"policy {policy} to allow it",
                Problem.Shown(answer.Fault is null ? answer.Reason : $"{answer.Reason}: {answer.Fault}"))
            {
                Block = block,
                Arguments = new Dictionary<string, string> { ["policy"] = policy, ["reason"] = answer.Reason },
            };
    }

    private async Task<JsonObject> OfDataAsync(Wish wish, CancellationToken cancellation)
    {
        var dataset = await wish.Rows.FindAsync(Datasets.Fold, wish.Word("datasetId")).ConfigureAwait(false);
        return PolicyInput.OfData(
            wish, dataset,
            await DocumentAsync(wish.Word("manifestHash"), "the consent", cancellation).ConfigureAwait(false),
            await DocumentAsync(wish.Word("purposeHash"), "the purpose", cancellation).ConfigureAwait(false));
    }

    private async Task<JsonObject> DocumentAsync(Word hash, string what, CancellationToken cancellation)
    {
        var wanted = $"{what} as an object of JSON with the SHA-256 {hash} among the content";
        var bytes = await Find(hash.ToArray(), cancellation).ConfigureAwait(false);
        try
        {
            return bytes is { Length: <= PolicyInput.MostDocument }
                && JsonNode.Parse(bytes, null, PolicyInput.Strict) is JsonObject document
                ? document : throw new FormatException(wanted);
        }
        catch (JsonException broken)
        {
            throw new FormatException(wanted, broken);
        }
    }
}
