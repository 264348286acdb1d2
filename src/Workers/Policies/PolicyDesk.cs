// Policies over commands: a decision by the module that a CID names. Enters: the CID, input JSON. Leaves: a decision
// with its reason. Always holds: only the module with that hash decides; a module that is missing, is no policy or
// fails decides against the command; a limited number is held ready, and the least recently asked one goes first; a
// module that is no policy is compiled once and not at each question.
using EventSourced.Content;
using EventSourced.Metering;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Policies;

namespace EventSourced.Workers.Policies;

/// <summary>Finds the bytes of a policy; null: no place has them.</summary>
public delegate Task<byte[]?> FindPolicy(Cid policy, CancellationToken cancellation);

/// <summary>Asks policies; safe to use from many threads.</summary>
public sealed class PolicyDesk(SandboxEngine engine, FindPolicy find, PolicyLimits? limits = null)
{
    /// <summary>POLICIES: the largest number of policies that are held ready.</summary>
    public const int MostReady = 128;

    private readonly Dictionary<Cid, LinkedListNode<(Cid Cid, Task<Ready?> Ready)>> _byCid = [];
    private readonly LinkedList<(Cid Cid, Task<Ready?> Ready)> _byUse = [];
    private readonly Lock _lock = new();

    /// <summary>The number of policies that are held now.</summary>
    public int Held
    {
        get
        {
            lock (_lock) return _byUse.Count;
        }
    }

    /// <summary>Lets a policy decide about an input, which is JSON in UTF-8.</summary>
    public async Task<PolicyDecision> DecideAsync(
        Cid policy, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        if (!policy.IsRawBlock) return Against($"expected the CID of a module, found {policy.Kind}");
        var ready = await Find(policy).WaitAsync(cancellation).ConfigureAwait(false);
        // A missing module may still come. A module that is no policy never becomes one.
        if (ready is null) Forget(policy);
        return ready is null ? Against($"expected policy {policy} among the content, found none")
            : ready.Policy is null ? Against(ready.Fault!)
            : ready.Policy.Evaluate(input.Span, cancellation);
    }

    private Task<Ready?> Find(Cid policy)
    {
        lock (_lock)
        {
            if (_byCid.TryGetValue(policy, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value.Ready;
            }

            // The cancellation of one caller must not end work on which other callers wait.
            var loading = Task.Run(() => LoadAsync(policy));
            _byCid.Add(policy, _byUse.AddFirst((policy, loading)));
            if (_byUse.Count > MostReady)
            {
                _byCid.Remove(_byUse.Last!.Value.Cid);
                _byUse.RemoveLast();
            }

            return loading;
        }
    }

    private void Forget(Cid policy)
    {
        lock (_lock)
        {
            if (_byCid.Remove(policy, out var node)) _byUse.Remove(node);
        }
    }

    private async Task<Ready?> LoadAsync(Cid policy)
    {
        byte[]? bytes;
        try
        {
            bytes = await find(policy, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            Forget(policy);
            throw;
        }

        if (bytes is null) return null;
        try
        {
            return new Ready(Policy.Load(engine, bytes, limits), null);
        }
        catch (WasmException refusal)
        {
            return new Ready(null, refusal.Message);
        }
    }

    private static PolicyDecision Against(string fault) => new(false, PolicyDecision.FailedReason, fault, 0);

    private sealed record Ready(Policy? Policy, string? Fault);
}
