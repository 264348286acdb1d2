// The documents that were read, validated and compiled before, found by their raw bytes: two documents that differ in
// one byte are two. Bounded: an entry that nobody used since the last sweep makes room for a new one. Only good
// documents enter, so that nonsense cannot push them out.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal sealed class DocumentCache(int capacity)
{
    private const int MaxSecondChances = 32;

    private readonly ConcurrentDictionary<byte[], CachedDocument> _documents = new(RawBytes.Instance);
    private readonly ConcurrentQueue<byte[]> _order = new();

    public int Count => _documents.Count;

    public CachedDocument? Find(ReadOnlySpan<byte> source)
    {
        if (!_documents.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(source, out var found))
            return null;
        found.WasUsed = true;
        return found;
    }

    public void Add(CachedDocument document)
    {
        var key = document.Document.Source.ToArray();
        if (capacity == 0 || !_documents.TryAdd(key, document))
            return;
        _order.Enqueue(key);
        for (var chances = 0; _documents.Count > capacity && _order.TryDequeue(out var oldest); chances++)
        {
            if (chances < MaxSecondChances && _documents.TryGetValue(oldest, out var candidate) && candidate.WasUsed)
            {
                candidate.WasUsed = false;
                _order.Enqueue(oldest);
            }
            else
            {
                _documents.TryRemove(oldest, out _);
            }
        }
    }

    private sealed class RawBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly RawBytes Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        // Seeded anew in each process, so that nobody can prepare documents that collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

/// <summary>A good document and the plans of its operations.</summary>
internal sealed class CachedDocument(Schema schema, DocumentNode document)
{
    private readonly ConcurrentDictionary<string, PlannedOperation> _operations = new(StringComparer.Ordinal);
    private PlannedOperation? _only;

    public DocumentNode Document => document;

    public bool WasUsed { get; set; }

    public PlannedOperation Operation(string? name)
    {
        if (name is null)
            return _only ??= new(OperationPlan.Find(schema, document, null));
        return _operations.TryGetValue(name, out var known)
            ? known
            : _operations[name] = new(OperationPlan.Find(schema, document, name));
    }
}

/// <summary>A plan, and for which sizes its cost is known to be within the limit.</summary>
internal sealed class PlannedOperation(OperationPlan plan)
{
    // The variables that may be sizes of lists: nothing else of a request changes its cost.
    private readonly ImmutableArray<string> _sizes =
    [
        .. plan.Operation.VariableDefinitions.Where(variable => variable.Type is
            NamedTypeNode { Name: "Int" } or NonNullTypeNode { Type: NamedTypeNode { Name: "Int" } })
            .Select(variable => variable.Name),
    ];

    // The sizes that were checked last; clients mostly ask with the same ones.
    private object?[]? _checked;

    public OperationPlan Plan => plan;

    public void CheckCost(IReadOnlyDictionary<string, object?> variables, Limits.RequestLimits limits)
    {
        if (_checked is { } last && IsSame(last, variables))
            return;
        new Limits.OperationCost(plan.Schema, plan.Document, limits).Check(plan.Operation, variables);
        _checked = [.. _sizes.Select(variables.GetValueOrDefault)];
    }

    private bool IsSame(object?[] last, IReadOnlyDictionary<string, object?> variables)
    {
        for (var at = 0; at < last.Length; at++)
        {
            if (!Equals(last[at], variables.GetValueOrDefault(_sizes[at])))
                return false;
        }

        return true;
    }
}
