// States -> the state root: each thing's name and canonical JSON are hashed, many at once. Enters: tables with their
// changes, or every stored row. Leaves: the root's leaves. Always holds: the hash of a thing depends on its name and
// its state alone.
using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Hashing;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Prove;

/// <summary>Shows new states to the state root.</summary>
internal sealed class StateHasher(StateRoot root) : IStateTableVisitor<int>
{
    private const int HashedAtOnce = 512;
    private const int NameBytes = 128;

    /// <summary>Shows every change since the last call.</summary>
    internal void ShowChanges(IEnumerable<StateTable> tables)
    {
        foreach (var table in tables) table.Accept(this);
    }

    /// <summary>Shows every stored row.</summary>
    internal async Task ShowStoredAsync(
        NpgsqlConnection connection, IEnumerable<StateTable> tables, CancellationToken cancellation)
    {
        var stored = new Stored(this, connection, cancellation);
        foreach (
            var table in tables.Where(table => table.Model.IsState)) await table.Accept(stored).ConfigureAwait(false);
    }

    public int Visit<TKey, TState>(StateTable<TKey, TState> table)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class
    {
        foreach (var gone in table.Forgotten) root.Remove($"{table.Fold.Name}-{gone}");
        table.Forgotten.Clear();
        var shown = table.Unhashed.Count;
        Show(table.Fold.Name, CollectionsMarshal.AsSpan(table.Unhashed));
        table.Unhashed.Clear();
        return shown;
    }

    private void Show<TKey, TState>(string fold, ReadOnlySpan<Slot<TKey, TState>> slots)
        where TState : class
    {
        for (; slots.Length > HashedAtOnce; slots = slots[HashedAtOnce..]) Show(fold, slots[..HashedAtOnce]);
        foreach (var slot in slots)
        {
            if (slot.Root is not null) continue;
            WriteName(fold, slot.Key);
            root.Texts.End();
        }

        var names = root.Texts.Hash();
        var next = 0;
        foreach (var slot in slots) slot.Root ??= names[next++];
        var write = RowCodec<TState>.Shared.WriteJson;
        foreach (var slot in slots)
        {
            write(root.Texts.Room, slot.State!);
            root.Texts.End();
        }

        var states = root.Texts.Hash();
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i].IsUnhashed = false;
            root.Set(slots[i].Root!.Value, states[i]);
        }
    }

    private void WriteName<TKey>(string fold, TKey key)
    {
        for (var length = NameBytes; ; length *= 2)
        {
            if (!Utf8.TryWrite(root.Texts.Room.GetSpan(length), CultureInfo.InvariantCulture, $"{fold}-{key}",
                out var written)) continue;
            root.Texts.Room.Advance(written);
            return;
        }
    }

    private sealed class Stored(StateHasher hasher, NpgsqlConnection connection, CancellationToken cancellation)
        : IStateTableVisitor<Task>
    {
        public async Task Visit<TKey, TState>(StateTable<TKey, TState> table)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            List<Slot<TKey, TState>> some = new(HashedAtOnce);
            await table.Rows.ReadAllAsync(connection, Add, cancellation).ConfigureAwait(false);
            Show();

            void Add(StoredRow<TState> row)
            {
                some.Add(new Slot<TKey, TState>(table.KeyOf(row.State)) { State = row.State });
                if (some.Count == HashedAtOnce) Show();
            }

            void Show()
            {
                hasher.Show(table.Fold.Name, CollectionsMarshal.AsSpan(some));
                some.Clear();
            }
        }
    }
}
