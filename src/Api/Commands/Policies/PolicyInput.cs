// What policies are asked, in the words of agents/policies. Enters: wishes with rows of one snapshot, documents.
// Leaves: JSON. Always holds: amounts are decimal text; numbers that JSON cannot carry exactly are the nearest that it
// can; counts are bounded by a named number of rows.
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Domain.Court;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;

namespace EventSourced.Api.Commands.Policies;

internal static class PolicyInput
{
    /// <summary>The bytes of a document that is part of an input.</summary>
    public const int MostDocument = 32 * 1024;

    /// <summary>POLICY_TASKS: the tasks of a client that are counted; more count as so many.</summary>
    public const int MostTasks = 2_000;

    private const long MostExact = (1L << 53) - 1;
    private const long DaySeconds = 86_400;
    private const string Capabilities = "capabilities";

    /// <summary>How documents of strangers are read.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Of a new task.</summary>
    public static async Task<JsonObject> OfTaskAsync(Wish wish)
    {
        var tasks = await wish.Rows.WhereAsync(
            Tasks.Fold, nameof(Tasks.State.Client), wish.By, MostTasks).ConfigureAwait(false);
        return new JsonObject
        {
            ["task"] = new JsonObject
            {
                ["budgetWei"] = $"{wish.Amount("terms.maxPrice")}",
                ["timeoutSeconds"] = Exact(wish.Amount("terms.deliverWindow")),
                // The chain names the specification by its hash and no size; the content store bounds it.
                ["inputBytes"] = 0,
                [Capabilities] = new JsonArray(Name(wish.Word("terms.domain"))),
            },
            ["client"] = new JsonObject
            {
                ["balanceWei"] = $"{await BalanceAsync(wish, Accounts.Credit(wish.By)).ConfigureAwait(false)}",
                ["openTasks"] = tasks.Count(
                    task => task.Status is not (Tasks.Status.Finalized or Tasks.Status.Cancelled)),
                ["submissionsToday"] = tasks.Count(task => task.CreatedAt.Seconds > wish.Now.Seconds - DaySeconds),
                ["banned"] = false,
            },
        };
    }

    /// <summary>Of a bid that is seen.</summary>
    public static Task<JsonObject> OfBidAsync(Wish wish) => OfBidAsync(wish, wish.Id("taskId"), wish.Id("agentId"));

    /// <summary>Of a bid that was hidden.</summary>
    public static async Task<JsonObject> OfRevealAsync(Wish wish)
    {
        var bid = await wish.Rows.FindAsync(Bids.Fold, wish.Id("bidId")).ConfigureAwait(false);
        return await OfBidAsync(wish, bid?.TaskId ?? 0, bid?.AgentId ?? 0).ConfigureAwait(false);
    }

    /// <summary>Of a purpose of data, with the consent and the purpose as their documents say them.</summary>
    public static JsonObject OfData(Wish wish, Datasets.State? dataset, JsonObject consent, JsonObject purpose)
    {
        // What the chain knows better than a document stands above it.
        consent["revoked"] = dataset is null || dataset.ManifestHash != wish.Word("manifestHash");
        purpose["party"] = $"did:es:{wish.Id("granteeId")}";
        purpose["retentionSeconds"] = Exact(wish.Amount("ttl"));
        return new JsonObject { ["consent"] = consent, ["request"] = purpose };
    }

    private static async Task<JsonObject> OfBidAsync(Wish wish, ulong taskId, ulong agentId)
    {
        var task = await wish.Rows.FindAsync(Tasks.Fold, taskId).ConfigureAwait(false);
        var terms = await wish.Rows.FindAsync(TaskTerms.Fold, taskId).ConfigureAwait(false);
        var agent = await wish.Rows.FindAsync(Agents.Fold, agentId).ConfigureAwait(false);
        var domain = task?.Domain ?? default;
        var esteem = await wish.Rows.FindAsync(
            Reputations.Fold, Reputations.KeyOf(agentId, domain)).ConfigureAwait(false);
        return new JsonObject
        {
            ["task"] = new JsonObject
            {
                ["budgetWei"] = $"{task?.MaxPrice ?? 0}",
                ["minimumReputation"] = Exact(task?.MinReputation ?? 0),
                [Capabilities] = new JsonArray(Name(domain)),
                ["timeoutSeconds"] = terms?.DeliverWindow ?? 0,
            },
            ["bid"] = new JsonObject
            {
                ["priceWei"] = $"{wish.Amount("price")}",
                // The chain has the moment; policies ask how long it takes from now on.
                ["etaSeconds"] = Exact((Int128)UInt128.Min(wish.Amount("eta"), MostExact) - wish.Now.Seconds),
            },
            ["agent"] = new JsonObject
            {
                ["reputation"] = Exact(esteem is null ? 0 : Narrow(esteem.Score)),
                ["revoked"] = agent is null or { Status: Agents.Status.Revoked },
                ["stakeWei"] = $"{await BalanceAsync(wish, Accounts.Stake(agentId)).ConfigureAwait(false)}",
                [Capabilities] = await CapabilitiesAsync(wish, agentId).ConfigureAwait(false),
            },
        };
    }

    // What an agent says that it can, and the domains in which it has worked.
    private static async Task<JsonArray> CapabilitiesAsync(Wish wish, ulong agentId)
    {
        var said = await wish.Rows.WhereAsync(
            AgentMetadata.Fold, nameof(AgentMetadata.State.AgentId), agentId, MostTasks).ConfigureAwait(false);
        var worked = await wish.Rows.WhereAsync(
            Reputations.Fold, nameof(Reputations.State.AgentId), agentId, MostTasks).ConfigureAwait(false);
        var names = said.Where(row => row.MetadataKey == Capabilities)
            .SelectMany(row => Encoding.UTF8.GetString(row.Value.Content)
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Concat(worked.Select(row => Name(row.Domain)));
        return new JsonArray([.. names.Distinct(StringComparer.Ordinal).Select(name => (JsonNode)name)]);
    }

    private static async Task<UInt128> BalanceAsync(Wish wish, Word account) =>
        (await wish.Rows.FindAsync(Balances.Fold, account).ConfigureAwait(false))?.Balance ?? 0;

    // A word that holds text shows it; another one its digits.
    private static string Name(Word word)
    {
        var bytes = word.ToArray().AsSpan().TrimEnd((byte)0);
        foreach (var letter in bytes)
            if (letter is < 0x20 or > 0x7e) return word.ToString();
        return Encoding.ASCII.GetString(bytes);
    }

    private static Int128 Narrow(Int256 value) => Int128.TryParse(value.ToString(), out var number)
        ? number : value.ToString().StartsWith('-') ? Int128.MinValue : Int128.MaxValue;

    private static long Exact(UInt128 value) => (long)UInt128.Min(value, MostExact);

    private static long Exact(Int128 value) => (long)Int128.Clamp(value, -MostExact, MostExact);
}
