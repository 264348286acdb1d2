// The things that violated integrity: their events are stored and no longer believed. Enters: subjects, from the fold
// and from the database. Leaves: whether a thing is one of them. Always holds: until a cut, nothing leaves the
// quarantine.
namespace EventSourced.Indexer.Fold;

/// <summary>Quarantined things by the names of their streams.</summary>
internal sealed class Quarantine
{
    private readonly HashSet<string> _subjects = [];

    internal int Count => _subjects.Count;

    internal void Add(string subject) => _subjects.Add(subject);

    // The name is only made if the quarantine has any thing.
    internal bool Has<TKey>(string fold, TKey key) => _subjects.Count > 0 && _subjects.Contains($"{fold}-{key}");

    /// <summary>Begins anew with the quarantine of the database: a cut may have changed it.</summary>
    internal void Reset(IEnumerable<string> subjects)
    {
        _subjects.Clear();
        _subjects.UnionWith(subjects);
    }
}
