// One fold with its table: states in a bounded cache, changes on their way to the database, deadlines in order. Enters: events for
// keys. Leaves: rows in a batch's buffers. Always holds: a state in memory is the newest; a superseded row of an earlier block goes to
// the history before the new one takes its place; a thing that the current batch or the one being written has touched is never evicted.
using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using EventSourced.Domain;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Projections.Tables;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>A fold's table, whatever its types.</summary>
internal abstract class Table(ReadModel model, string schema)
{
    internal ReadModel Model { get; } = model;

    internal string Schema { get; } = schema;

    internal string Name => $"{Schema}.{Model.Table}";

    /// <summary>Buffers of batches that are done.</summary>
    internal ConcurrentStack<TableWrite> Spare { get; } = [];

    /// <summary>Gives back the buffers of batches that are done.</summary>
    internal void ReturnBuffers()
    {
        while (Spare.TryPop(out var spare)) spare.Dispose();
    }

    /// <summary>Whether keys were asked for that are not in the cache.</summary>
    internal abstract bool HasWanted { get; }

    /// <summary>The earliest deadline, in seconds, or the end of time.</summary>
    internal abstract long NextDue { get; }

    /// <summary>How many things are in the cache.</summary>
    internal abstract int Cached { get; }

    /// <summary>Reads the rows of the keys that were asked for.</summary>
    internal abstract Task LoadWantedAsync(NpgsqlConnection connection, long batch, CancellationToken cancellation);

    /// <summary>Reads whether the table is empty, and every deadline.</summary>
    internal abstract Task StartAsync(NpgsqlConnection connection, IReadOnlySet<string> quarantined, CancellationToken cancellation);

    /// <summary>Writes every changed row into the batch.</summary>
    internal abstract void Flush(Batch batch);

    /// <summary>Shows every state that changed since the last call to the state root.</summary>
    internal abstract void Hash(StateRoot root);

    /// <summary>Shows every stored row to the state root.</summary>
    internal abstract Task HashAllAsync(NpgsqlConnection connection, StateRoot root, CancellationToken cancellation);

    /// <summary>Takes the table, its deadlines and its part of the root back to a block, in the caller's transaction.</summary>
    internal abstract Task CutAsync(NpgsqlConnection connection, ulong block, StateRoot root, CancellationToken cancellation);

    /// <summary>Forgets what older batches used, where there is more than a bound.</summary>
    internal abstract void Evict(int most, long usedBefore);

    /// <summary>Takes the first deadline that is due; null where its thing must be loaded first, or has moved on since.</summary>
    internal abstract DerivedEvent? TakeDue(long now, long batch, out bool isReady);
}

/// <summary>A fold's table.</summary>
internal sealed class Table<TKey, TState>(ReadModel<TKey, TState> model, string schema) : Table(model, schema)
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private const int HashedAtOnce = 512;
    private const int NameBytes = 128;

    private readonly RowCodec<TState> _codec = RowCodec<TState>.Shared;
    private readonly Dictionary<TKey, Slot<TKey, TState>> _slots = [];
    private readonly List<Slot<TKey, TState>> _dirty = [];
    private readonly List<Slot<TKey, TState>> _unhashed = [];
    private readonly HashSet<TKey> _wanted = [];
    private readonly PriorityQueue<TKey, (long Due, TKey Key)> _deadlines = new(Comparer<(long Due, TKey Key)>.Create(
        static (left, right) => left.Due != right.Due ? left.Due.CompareTo(right.Due) : Order(left.Key, right.Key)));

    private readonly int _fields = model.Columns.Count + (model.HasVersion ? 1 : 0) + (model.HasDeadline ? 1 : 0) + 1;
    private IReadOnlySet<string> _quarantined = new HashSet<string>();

    // Whether every row of the table is in the cache, so that what is not there does not exist.
    private bool _isComplete = true;

    internal Fold<TKey, TState> Fold => model.Fold;

    /// <summary>Whether rows are written once and forgotten: each event makes one of its own, and no root asks for them.</summary>
    internal bool IsWrittenOnce { get; } = model.Fold.IsByPlace && !model.IsState && !model.HasVersion && !model.HasDeadline;

    internal override bool HasWanted => _wanted.Count > 0;

    internal override int Cached => _slots.Count;

    internal override long NextDue =>
        _deadlines.TryPeek(out _, out var next) ? next.Due : long.MaxValue;

    /// <summary>Whether a thing can be moved now; where not, it is asked for.</summary>
    internal bool IsReady(TKey key)
    {
        if (_isComplete || IsWrittenOnce || _slots.ContainsKey(key)) return true;
        _wanted.Add(key);
        return false;
    }

    /// <summary>The thing of a key, which is ready.</summary>
    internal Slot<TKey, TState> Take(TKey key, long batch)
    {
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = new Slot<TKey, TState>(key);
            _slots.Add(key, slot);
        }

        slot.UsedIn = batch;
        return slot;
    }

    /// <summary>The stream of a thing, for one more event.</summary>
    internal BulkStream StreamOf(Slot<TKey, TState> slot)
    {
        slot.Stream ??= slot.Version == 0
            ? BulkAppend.StartStream($"{Fold.Name}-{slot.Key}")
            : BulkAppend.ContinueStream($"{Fold.Name}-{slot.Key}", slot.Version);
        return slot.Stream;
    }

    /// <summary>Writes the row that an event makes; false where the event must not happen.</summary>
    internal bool Record(ChainEvent happened, in At at, Batch batch)
    {
        if (Fold.Evolve(null, happened, at) is not { } row) return false;
        Write(batch.Of(this).Inserts, row, 0, at.Block, null);
        return true;
    }

    /// <summary>Moves a thing by an event; false where the event must not happen in its state.</summary>
    internal bool Evolve(Slot<TKey, TState> slot, ChainEvent happened, in At at, bool isHome, Batch batch)
    {
        if (slot.IsQuarantined)
        {
            if (isHome) slot.Version++;
            return true;
        }

        var next = Fold.Evolve(slot.State, happened, at);
        // A first event that makes another thing than the one it was routed to must not have happened either.
        if (next is null || (slot.State is null && !model.KeyOf(next).Equals(slot.Key)))
        {
            slot.IsQuarantined = true;
            if (isHome) slot.Version++;
            return false;
        }

        if (isHome || !ReferenceEquals(next, slot.State)) Change(slot, next, at.Block, isHome, batch);
        return true;
    }

    private void Change(Slot<TKey, TState> slot, TState next, ulong block, bool isHome, Batch batch)
    {
        if (slot.State is not null && slot.ValidFrom != block)
            Write(batch.Of(this).History, slot.State!, slot.StateVersion, slot.ValidFrom, block);
        slot.State = next;
        slot.ValidFrom = block;
        if (isHome) slot.Version++;
        slot.StateVersion = slot.Version;
        if (!slot.IsDirty)
        {
            slot.IsDirty = true;
            _dirty.Add(slot);
        }

        if (model.IsState && !slot.IsUnhashed)
        {
            slot.IsUnhashed = true;
            _unhashed.Add(slot);
        }

        Queue(slot);
    }

    private void Queue(Slot<TKey, TState> slot)
    {
        if (Fold.NextDeadline is null) return;
        var due = DueOf(slot.State!);
        if (due == slot.QueuedDue) return;
        slot.QueuedDue = due;
        if (due != 0) _deadlines.Enqueue(slot.Key, (due, slot.Key));
    }

    private long DueOf(TState state) => Fold.NextDeadline!(state) is { } deadline ? deadline.Due.Seconds : 0;

    internal override DerivedEvent? TakeDue(long now, long batch, out bool isReady)
    {
        isReady = true;
        if (!_deadlines.TryPeek(out var key, out var next) || next.Due > now) return null;
        isReady = IsReady(key);
        if (!isReady) return null;
        // One entry a call, void or not: what is void must not bring the next one forward before another table's.
        _deadlines.Dequeue();
        var slot = Take(key, batch);
        if (slot.State is null || slot.IsQuarantined || slot.QueuedDue != next.Due) return null;
        slot.QueuedDue = 0;
        return Fold.NextDeadline!(slot.State) is { } deadline && deadline.Due.Seconds == next.Due
            ? Fold.Passed!(slot.State, deadline)
            : null;
    }

    internal override void Flush(Batch batch)
    {
        if (_dirty.Count == 0) return;
        var write = batch.Of(this);
        foreach (var slot in _dirty)
        {
            Write(slot.IsStored ? write.Updates : write.Inserts, slot.State!, slot.StateVersion, slot.ValidFrom, null);
            slot.IsStored = true;
            slot.IsDirty = false;
        }

        _dirty.Clear();
    }

    // The row as it holds; with the block at which it ceased to hold, for the history.
    private void Write(CopyBuffer rows, TState state, long version, ulong validFrom, ulong? until)
    {
        rows.Row((short)(_fields + (until is null ? 0 : 1)));
        _codec.Write(rows, state);
        if (model.HasVersion) rows.Int64(version);
        if (model.HasDeadline)
        {
            if (DueOf(state) is not 0 and var due) rows.Int64(due);
            else rows.Null();
        }

        rows.Int64((long)validFrom);
        if (until is { } block) rows.Int64((long)block);
    }

    internal override void Hash(StateRoot root)
    {
        Hash(root, CollectionsMarshal.AsSpan(_unhashed));
        _unhashed.Clear();
    }

    private void Hash(StateRoot root, ReadOnlySpan<Slot<TKey, TState>> slots)
    {
        for (; slots.Length > HashedAtOnce; slots = slots[HashedAtOnce..]) Hash(root, slots[..HashedAtOnce]);
        foreach (var slot in slots)
        {
            if (slot.Root is not null) continue;
            WriteName(root.Texts.Room, slot.Key);
            root.Texts.End();
        }

        var names = root.Texts.Hash();
        var next = 0;
        foreach (var slot in slots) slot.Root ??= names[next++];
        foreach (var slot in slots)
        {
            _codec.WriteJson(root.Texts.Room, slot.State!);
            root.Texts.End();
        }

        var states = root.Texts.Hash();
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i].IsUnhashed = false;
            root.Set(slots[i].Root!.Value, states[i]);
        }
    }

    private void WriteName(ArrayBufferWriter<byte> room, TKey key)
    {
        for (var length = NameBytes; ; length *= 2)
        {
            if (!Utf8.TryWrite(room.GetSpan(length), CultureInfo.InvariantCulture, $"{Fold.Name}-{key}", out var written)) continue;
            room.Advance(written);
            return;
        }
    }

    internal override void Evict(int most, long usedBefore)
    {
        if (_slots.Count <= most) return;
        var surplus = _slots.Count - most * 3 / 4;
        List<TKey> evicted = [];
        foreach (var slot in _slots.Values)
        {
            if (evicted.Count == surplus) break;
            if (slot.UsedIn < usedBefore && !slot.IsDirty && !slot.IsUnhashed && !slot.IsQuarantined) evicted.Add(slot.Key);
        }

        foreach (var key in evicted) _slots.Remove(key);
        if (evicted.Count > 0) _isComplete = false;
    }

    internal override async Task StartAsync(
        NpgsqlConnection connection, IReadOnlySet<string> quarantined, CancellationToken cancellation)
    {
        _quarantined = quarantined;
        await using (var any = new NpgsqlCommand($"select exists (select from {Name})", connection))
            _isComplete = !(bool)(await any.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (!model.HasDeadline || _isComplete) return;
        await using var command = new NpgsqlCommand(
            $"select {model.Columns[0].Name}, due_at from {Name} where due_at is not null", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var key = Wire.Read<TKey>(reader, 0);
            _deadlines.Enqueue(key, (reader.GetInt64(1), key));
        }
    }

    internal override async Task LoadWantedAsync(NpgsqlConnection connection, long batch, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"{Select} where {model.Columns[0].Name} = any($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = KeyArray(_wanted) });
        await using (var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) Add(reader, batch);
        }

        // What has no row does not exist yet. A quarantined row stood still while its stream went on.
        foreach (var key in _wanted)
        {
            if (!_slots.TryGetValue(key, out var slot)) Quarantine(slot = Take(key, batch));
            if (slot.IsQuarantined && model.HasVersion)
                slot.Version = await VersionAsync(connection, key, cancellation).ConfigureAwait(false);
        }

        _wanted.Clear();
    }

    private async Task<long> VersionAsync(NpgsqlConnection connection, TKey key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce((select version from mt_streams where id = $1), 0)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = $"{Fold.Name}-{key}" });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    internal override async Task HashAllAsync(NpgsqlConnection connection, StateRoot root, CancellationToken cancellation)
    {
        if (!model.IsState) return;
        await using var command = new NpgsqlCommand(Select, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<Slot<TKey, TState>> some = new(HashedAtOnce);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var state = _codec.Read(reader);
            some.Add(new Slot<TKey, TState>(model.KeyOf(state)) { State = state });
            if (some.Count == HashedAtOnce) Show();
        }

        Show();

        void Show()
        {
            Hash(root, CollectionsMarshal.AsSpan(some));
            some.Clear();
        }
    }

    internal override async Task CutAsync(
        NpgsqlConnection connection, ulong block, StateRoot root, CancellationToken cancellation)
    {
        var columns = ReadModelSchema.ColumnsOf(model);
        var key = model.Columns[0].Name;
        var gone = await KeysAsync($"delete from {Name} where valid_from > $1 returning {key}").ConfigureAwait(false);
        var back = await KeysAsync(
            $"""
            insert into {Name} ({columns})
            select {columns} from {Name}_history where {ReadModelSchema.AnySpan} and valid_to > $1 and valid_from <= $1 returning {key}
            """).ConfigureAwait(false);
        await KeysAsync($"delete from {Name}_history where {ReadModelSchema.AnySpan} and valid_to > $1 returning {key}").ConfigureAwait(false);
        // Whether something is quarantined may have been decided by what is cut.
        foreach (var doubtful in _slots.Values.Where(slot => slot.IsQuarantined).ToList()) _slots.Remove(doubtful.Key);
        foreach (var lost in gone)
        {
            _slots.Remove(lost);
            if (model.IsState) root.Remove($"{Fold.Name}-{lost}");
        }

        _isComplete = false;
        _wanted.UnionWith(back);
        if (_wanted.Count > 0) await LoadWantedAsync(connection, 0, cancellation).ConfigureAwait(false);
        Slot<TKey, TState>[] restored = [.. back.Select(key => _slots[key])];
        if (model.IsState) Hash(root, restored);
        foreach (var slot in restored)
            if (slot.QueuedDue != 0) _deadlines.Enqueue(slot.Key, (slot.QueuedDue, slot.Key));

        async Task<List<TKey>> KeysAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            command.Parameters.AddWithValue((long)block);
            await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            var keys = new List<TKey>();
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) keys.Add(Wire.Read<TKey>(reader, 0));
            return keys;
        }
    }

    private string Select =>
        $"select {string.Join(", ", model.Columns.Select(column => column.Name))}"
        + $"{(model.HasVersion ? ", stream_version" : "")}, valid_from from {Name}";

    private void Add(NpgsqlDataReader reader, long batch)
    {
        var state = _codec.Read(reader);
        var slot = new Slot<TKey, TState>(model.KeyOf(state))
        {
            State = state,
            IsStored = true,
            UsedIn = batch,
        };
        var next = model.Columns.Count;
        if (model.HasVersion) slot.Version = slot.StateVersion = reader.GetInt64(next++);
        slot.ValidFrom = (ulong)reader.GetInt64(next);
        // Whatever waits for it was queued when the row was written, or at the start.
        if (model.HasDeadline) slot.QueuedDue = DueOf(state);
        Quarantine(slot);
        _slots[slot.Key] = slot;
    }

    private void Quarantine(Slot<TKey, TState> slot) =>
        slot.IsQuarantined = _quarantined.Count > 0 && _quarantined.Contains($"{Fold.Name}-{slot.Key}");

    private static object KeyArray(HashSet<TKey> keys) => keys switch
    {
        HashSet<ulong> numbers => numbers.Select(key => checked((long)key)).ToArray(),
        HashSet<string> texts => texts.ToArray(),
        HashSet<Word> words => words.Select(word =>
        {
            var bytes = new byte[Word.Length];
            word.WriteTo(bytes);
            return bytes;
        }).ToArray(),
        HashSet<Address> addresses => addresses.Select(address =>
        {
            var bytes = new byte[Address.Length];
            address.WriteTo(bytes);
            return bytes;
        }).ToArray(),
        _ => throw new NotSupportedException($"expected a key of numbers, words, addresses or text, found {typeof(TKey)}"),
    };

    // Text by its units, never by a culture.
    private static int Order(TKey left, TKey right) => left is string text
        ? string.CompareOrdinal(text, (string)(object)right)
        : left.CompareTo(right);
}
