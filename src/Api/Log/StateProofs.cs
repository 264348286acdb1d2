// The proof of a thing's state under the published checkpoint. Enters: a thing. Leaves: a text that needs nobody to be
// online, or null where the checkpoint covers no such thing. Always holds: states are those of the checkpoint's block;
// a proof was verified before it leaves, so a row that was tampered with gives a fault and no proof; the tree is made
// when it is first asked for, and only what changed since is read for the next checkpoint.
using System.Buffers;
using System.Data;
using EventSourced.Api.Streams;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Api.Log;

/// <summary>Proves states.</summary>
internal sealed class StateProofs(NpgsqlDataSource database) : IDisposable
{
    private const string BlockLine = "final-block ";

    // One tree, moved by one request at a time.
    private readonly SemaphoreSlim _alone = new(1);
    private StateTree? _tree;
    private string _models = "";
    private long _block = -1;

    /// <summary>The proof of a thing's state; null where the published checkpoint does not cover it.</summary>
    internal async Task<string?> ProveAsync(Thing thing, CancellationToken cancellation)
    {
        if (!thing.Model.IsState || thing.Id.Any(char.IsControl)) return null;
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var snapshot = await connection
            .BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        var log = await LogTable.CheckpointsAsync(connection, cancellation).ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (log.Published is not { } text) return null;
        var signed = SignedCheckpoint.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        if (signed.Checkpoint.StateRoot is not { } root || BlockOf(signed.Checkpoint) is not { } block) return null;
        var state = await StateFold.Of(thing.Model).AsOfAsync(connection, thing, (ulong)block, cancellation)
            .ConfigureAwait(false);
        if (state is not { } json) return null;
        await _alone.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await MoveAsync(connection, progress.Models, block, root, cancellation).ConfigureAwait(false);
            var key = StateTree.KeyOf(thing.Id);
            if (_tree!.Prove(key) is not { } way) return null;
            var proof = new StateProof(thing.Id, json, way.Others, way.Siblings, signed);
            return proof.Holds ? $"{proof}" : throw new InvalidOperationException(
                $"expected the state of {thing.Id} under the published state root, found another: the rows are not those that were signed");
        }
        finally
        {
            _alone.Release();
        }
    }

    public void Dispose() => _alone.Dispose();

    private static long? BlockOf(Checkpoint head) =>
        head.Extensions.Where(line => line.StartsWith(BlockLine, StringComparison.Ordinal)).ToList() is [var only]
        && long.TryParse(
            only.Split(' ')[1], System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var block) ? block : null;

    private async Task MoveAsync(
        NpgsqlConnection connection, string models, long block, MerkleHash root, CancellationToken cancellation)
    {
        // A request that began earlier may come behind a later checkpoint's.
        if (_tree is null || _models != models || block < _block) await MakeAsync().ConfigureAwait(false);
        else if (block > _block) await ReadAsync(_block).ConfigureAwait(false);
        if (_tree!.Root() != root) await MakeAsync().ConfigureAwait(false);
        (_models, _block) = (models, block);

        Task MakeAsync()
        {
            _tree = new StateTree();
            return ReadAsync(-1);
        }

        async Task ReadAsync(long after)
        {
            // Until all of it is read, nothing of it may be taken for a tree.
            _block = -1;
            foreach (var model in ReadModels.All.Where(model => model.IsState))
                await model.Accept(new Reading(_tree!, connection, after, (ulong)block, cancellation))
                    .ConfigureAwait(false);
        }
    }

    private sealed class Reading(
        StateTree tree, NpgsqlConnection connection, long after, ulong block, CancellationToken cancellation)
        : IReadModelVisitor<Task>
    {
        public async Task Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            var table = new RowTable<TKey, TState>(model, ReadModelSchema.Serving);
            var json = new ArrayBufferWriter<byte>();
            var rows = table.AsOfAsync(connection, block, after, cancellation);
            await foreach (var (row, _) in rows.ConfigureAwait(false))
            {
                json.ResetWrittenCount();
                RowCodec<TState>.Shared.WriteJson(json, row.State);
                tree.Set(
                    StateTree.KeyOf($"{model.Fold.Name}-{model.KeyOf(row.State)}"),
                    StateTree.HashOf(json.WrittenSpan));
            }
        }
    }
}
