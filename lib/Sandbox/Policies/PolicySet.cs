// Policies by hash: a task, a market or a consent names a hash on chain, and only the module with that hash decides.
// Enters: modules. Leaves: decisions. Always holds: a missing policy decides against.
using System.Collections.Concurrent;
using EventSourced.Metering;
using EventSourced.Sandbox.Engines;

namespace EventSourced.Sandbox.Policies;

/// <summary>The policies that a host knows; safe to use from many threads.</summary>
public sealed class PolicySet(SandboxEngine engine, PolicyLimits? limits = null)
{
    /// <summary>Policies that one set keeps.</summary>
    public const int Limit = 1_000;

    private readonly ConcurrentDictionary<string, Policy> _policies = new(StringComparer.Ordinal);

    /// <summary>The hashes of all policies, in ordinal order.</summary>
    public IReadOnlyList<string> Hashes => [.. _policies.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a policy and gives its hash; adding it again changes nothing.</summary>
    public string Add(ReadOnlySpan<byte> module)
    {
        var policy = Policy.Load(engine, module, limits);
        if (_policies.Count >= Limit && !_policies.ContainsKey(policy.Hash))
            throw new WasmException(WasmErrorKind.Limit, $"expected at most {Limit} policies, found one more");
        _policies.TryAdd(policy.Hash, policy);
        return policy.Hash;
    }

    /// <summary>The policy with this hash, or null.</summary>
    public Policy? Find(string hash) => _policies.GetValueOrDefault(hash);

    /// <summary>Lets the policy with this hash decide about an input, which is JSON in UTF-8.</summary>
    public PolicyDecision Evaluate(string hash, ReadOnlySpan<byte> input, CancellationToken cancellation = default) =>
        Find(hash)?.Evaluate(input, cancellation)
        ?? PolicyDecision.Failed($"expected a known policy, found hash {hash}", 0);
}
