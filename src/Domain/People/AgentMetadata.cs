// An agent's word about itself under a key of its choice: did, card, capabilities, price, endpoint. The reserved key of
// its wallet is kept with the agent and not here. Always holds: the value is the one that the registry's `getMetadata`
// answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one metadata value of an agent.</summary>
public static class AgentMetadata
{
    // Events

    /// <summary>Routes metadata, which stand in their agent's stream, to their value.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("agent-metadata", Evolve)
        .Also<MetadataSet>(OfFreeKey);

    // State

    /// <summary>A value that an agent's owner set under a key.</summary>
    /// <param name="Key">The agent and the hash of the metadata key. The hash stands in because a key may be of any
    /// length.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="MetadataKey">The metadata key.</param>
    /// <param name="Value">The value; empty once it is cleared.</param>
    /// <param name="FirstSetAt">The time at which the value was first set.</param>
    /// <param name="SetAt">The time at which the value was last set.</param>
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
