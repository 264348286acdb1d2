// The agents that this process acts for. Enters: ids, keys and the duties of each agent. Leaves: the same by id. Always
// holds: an id stands once in each list; keys stay in memory and are written nowhere.
using System.Collections.Frozen;
using EventSourced.Ethereum;

namespace EventSourced.Workers.Hosted;

/// <summary>The price that an agent asks for its work.</summary>
/// <param name="Percent">The share of the highest price, in hundredths.</param>
/// <param name="Least">The lowest price that it works for.</param>
public sealed record BidRule(int Percent, UInt128 Least)
{
    /// <summary>The price for a task; null: the task pays too little.</summary>
    public UInt128? PriceFor(UInt128 most)
    {
        var price = most / 100 * (uint)Percent + most % 100 * (uint)Percent / 100;
        if (price < Least) price = Least;
        return price <= most && price > 0 ? price : null;
    }
}

/// <summary>An agent that works.</summary>
/// <param name="Id">Its id on the chain.</param>
/// <param name="Key">A key that may act for it.</param>
public sealed record HostedAgent(ulong Id, SigningKey Key)
{
    /// <summary>The modules that it offers; it prefers the first one where a task leaves the choice.</summary>
    public IReadOnlyList<Hash32> Modules { get; init; } = [];

    /// <summary>The service that does work where a task leaves the choice; null: none.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The capabilities that it offers, in the words of specifications.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The number of tasks that it may hold at once, bids included.</summary>
    public int Capacity { get; init; } = 4;

    /// <summary>The price of its bids; null: it never bids and only does the tasks that it is matched with.</summary>
    public BidRule? Bid { get; init; }
}

/// <summary>An agent that judges.</summary>
/// <param name="Id">Its id on the chain.</param>
/// <param name="Key">A key that may act for it.</param>
/// <param name="Challenges">Whether it checks delivered work and challenges wrong work.</param>
public sealed record HostedVerifier(ulong Id, SigningKey Key, bool Challenges);

/// <summary>All agents of this process.</summary>
public sealed class Roster : IDisposable
{
    private readonly FrozenDictionary<ulong, HostedAgent> _agents;
    private readonly FrozenDictionary<ulong, HostedVerifier> _verifiers;

    /// <summary>Makes a roster.</summary>
    public Roster(IEnumerable<HostedAgent> agents, IEnumerable<HostedVerifier> verifiers)
    {
        _agents = agents.ToFrozenDictionary(agent => agent.Id);
        _verifiers = verifiers.ToFrozenDictionary(verifier => verifier.Id);
        AgentIds = [.. _agents.Keys.Select(id => (long)id).Order()];
        VerifierIds = [.. _verifiers.Keys.Select(id => (long)id).Order()];
        Challengers = [.. _verifiers.Values.Where(verifier => verifier.Challenges).OrderBy(verifier => verifier.Id)];
    }

    /// <summary>The ids of all agents that work.</summary>
    public IReadOnlyList<long> AgentIds { get; }

    /// <summary>The ids of all agents that judge.</summary>
    public IReadOnlyList<long> VerifierIds { get; }

    /// <summary>The verifiers that challenge wrong work.</summary>
    public IReadOnlyList<HostedVerifier> Challengers { get; }

    /// <summary>All agents that work.</summary>
    public IEnumerable<HostedAgent> Agents => _agents.Values;

    /// <summary>An agent that works; null: it is not hosted here.</summary>
    public HostedAgent? Agent(ulong id) => _agents.GetValueOrDefault(id);

    /// <summary>An agent that judges; null: it is not hosted here.</summary>
    public HostedVerifier? Verifier(ulong id) => _verifiers.GetValueOrDefault(id);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var agent in _agents.Values) agent.Key.Dispose();
        foreach (var verifier in _verifiers.Values) verifier.Key.Dispose();
    }
}
