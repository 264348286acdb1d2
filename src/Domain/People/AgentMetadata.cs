// What an agent says about itself under a key of its choice: did, card, capabilities, price, endpoint. The reserved key
// of its wallet is not here but in the agent. Always holds: the value is the one that the registry's `getMetadata`
// answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one metadata value of an agent.</summary>
public static class AgentMetadata
{
    // Events

    /// <summary>How metadata, which stand in their agent's stream, reach their value.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("agent-metadata", Evolve)
        .Also<MetadataSet>(OfFreeKey);

    // State

    /// <summary>A metadata value.</summary>
    /// <param name="Key">The agent, and the hash of the metadata key: the key itself may be of any length.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="MetadataKey">The metadata key.</param>
    /// <param name="Value">The value; empty once it is cleared.</param>
    /// <param name="FirstSetAt">When it was first set.</param>
    /// <param name="SetAt">When it was last set.</param>
    public sealed record State(
        string Key, ulong AgentId, string MetadataKey, Bytes Value, Instant FirstSetAt, Instant SetAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, MetadataSet e) => new State(KeyOf(e), e.AgentId, e.MetadataKey, e.MetadataValue, at.Time, at.Time),
        (_, MetadataSet e) => state with { Value = e.MetadataValue, SetAt = at.Time },
        _ => null,
    };

    private static bool OfFreeKey(MetadataSet e, out string key)
    {
        var isFree = e.MetadataKey != Agents.WalletKey;
        key = isFree ? KeyOf(e) : "";
        return isFree;
    }

    private static string KeyOf(MetadataSet e) => $"{e.AgentId}-{e.IndexedMetadataKey}";
}
