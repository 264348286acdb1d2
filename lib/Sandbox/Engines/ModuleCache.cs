// Compiled modules by the hash of their original bytes. Enters: compiled modules. Leaves: the same. Always holds: the
// number of modules is bounded, and the one that was asked for longest ago goes first; a removed one stays whole for
// its present holders, and the garbage collector frees it.
namespace EventSourced.Sandbox.Engines;

internal sealed class ModuleCache(int limit) : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<GuestModule>> _byHash = new(StringComparer.Ordinal);
    private readonly LinkedList<GuestModule> _byUse = [];
    private readonly Lock _lock = new();

    public GuestModule? Find(string hash)
    {
        lock (_lock)
        {
            if (!_byHash.TryGetValue(hash, out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Keeps a module, or gives the one that another thread compiled meanwhile.</summary>
    public GuestModule Add(GuestModule module)
    {
        lock (_lock)
        {
            if (_byHash.TryGetValue(module.Hash, out var known))
                return known.Value;
            if (limit == 0)
                return module;
            _byHash.Add(module.Hash, _byUse.AddFirst(module));
            if (_byHash.Count > limit)
            {
                _byHash.Remove(_byUse.Last!.Value.Hash);
                _byUse.RemoveLast();
            }

            return module;
        }
    }

    public void Dispose()
    {
        foreach (var module in _byUse)
            module.Dispose();
    }
}
