// Compiled modules by the SHA-256 of their bytes. Enters: a compiled module. Leaves: the same one while it is among
// the most recently used. Always holds: never more than its capacity; the least recently used goes first.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EventSourced.Wasm.Compile;

namespace EventSourced.Wasm;

/// <summary>A SHA-256, comparable.</summary>
internal readonly record struct Hash256(ulong A, ulong B, ulong C, ulong D)
{
    public static Hash256 Of(ReadOnlySpan<byte> bytes)
    {
        Span<ulong> words = stackalloc ulong[4];
        SHA256.HashData(bytes, MemoryMarshal.AsBytes(words));
        return new Hash256(words[0], words[1], words[2], words[3]);
    }

    public string Hex()
    {
        Span<ulong> words = [A, B, C, D];
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(words));
    }
}

internal sealed class ModuleCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, LinkedListNode<(Hash256 Hash, CompiledModule Module)>> _byHash = [];
    private readonly LinkedList<(Hash256 Hash, CompiledModule Module)> _byUse = new();

    public bool TryGet(Hash256 hash, [NotNullWhen(true)] out CompiledModule? module)
    {
        lock (_gate)
        {
            module = null;
            if (!_byHash.TryGetValue(hash, out var node))
                return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            module = node.Value.Module;
            return true;
        }
    }

    public void Put(Hash256 hash, CompiledModule module)
    {
        lock (_gate)
        {
            if (capacity == 0 || _byHash.ContainsKey(hash))
                return;
            if (_byHash.Count >= capacity)
            {
                _byHash.Remove(_byUse.Last!.Value.Hash);
                _byUse.RemoveLast();
            }

            _byHash[hash] = _byUse.AddFirst((hash, module));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _byHash.Clear();
            _byUse.Clear();
        }
    }
}
