// The loop of the keepers. Enters: the index's notifications of batches, a timer, the rows. Leaves: one durable message
// for each due thing, in one transaction with its row. Always holds: any number of processes run it beside each other
// and take a thing once; a thing that one process misses another sees, since all memory is in rows.
using EventSourced.Tables;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;
using Wolverine.Marten;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Keeping;

/// <summary>Looks for due things.</summary>
public sealed class Reconciler(
    NpgsqlDataSource source, IDocumentStore store, IServiceScopeFactory scopes, KeeperWork work) : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);
    private long _counted;
    private volatile KeepingFigures _figures = KeepingFigures.None;

    /// <summary>The due things at the last count.</summary>
    public KeepingFigures Figures => _figures;

    /// <summary>Runs until cancelled; faults of database and node pause it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var listening = ListenAsync(cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var taken = work.Account() is null ? 0 : await LookAsync(cancellation).ConfigureAwait(false);
                if (taken < work.Options.LookBatch)
                    await _woken.WaitAsync(work.Options.LookEvery, cancellation).ConfigureAwait(false);
                await Task.Delay(work.Options.LeastPause, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (IsSurvived(fault))
            {
                work.Log.KeeperFaultSurvived(fault.Message);
                await Task.Delay(work.Options.FaultPause, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _woken.Dispose();

    /// <summary>Looks once.</summary>
    /// <returns>The number of things that were taken.</returns>
    public async Task<int> LookAsync(CancellationToken cancellation)
    {
        await DutyTable.LearnAsync(source, work.Options, cancellation).ConfigureAwait(false);
        var session = store.LightweightSession();
        await using var closing = session.ConfigureAwait(false);
        await session.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var connection = session.Connection!;
        if (!await Moment.IsIndexedAsync(connection, cancellation).ConfigureAwait(false)
            || await Moment.ReadAsync(connection, work.Actor, cancellation).ConfigureAwait(false) is not { } now)
            return 0;
        await Statements.KeepAsync(source, cancellation).ConfigureAwait(false);
        var duties = await TakeAsync(connection, now, cancellation).ConfigureAwait(false);
        if (duties.Count > 0)
        {
            work.Log.KeeperDue(duties.Count);
            var scope = scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            var outbox = scope.ServiceProvider.GetRequiredService<IMartenOutbox>();
            outbox.Enroll(session);
            foreach (var duty in duties)
                await outbox.PublishAsync(duty, new DeliveryOptions { DeduplicationId = duty.DeduplicationId })
                    .ConfigureAwait(false);
            await session.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }

        await CountAsync(now, cancellation).ConfigureAwait(false);
        return duties.Count;
    }

    private async Task<List<Duty>> TakeAsync(
        NpgsqlConnection connection, Moment now, CancellationToken cancellation)
    {
        var batch = new NpgsqlBatch(connection);
        await using var disposing = batch.ConfigureAwait(false);
        foreach (var keeper in work.Options.Keepers)
            batch.BatchCommands.Add(DutyTable.Take(keeper, now, work.Options));
        var duties = new List<Duty>();
        var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        do
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                duties.Add(new Duty(
                    reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3),
                    reader.GetInt32(4)));
        }
        while (await reader.NextResultAsync(cancellation).ConfigureAwait(false));
        return duties;
    }

    private async Task CountAsync(Moment now, CancellationToken cancellation)
    {
        if (_counted != 0 && TimeProvider.System.GetElapsedTime(_counted) < work.Options.CountEvery) return;
        _figures = await KeepingFigures.ReadAsync(source, work, now, cancellation).ConfigureAwait(false);
        _counted = TimeProvider.System.GetTimestamp();
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
                await using var closing = connection.ConfigureAwait(false);
                connection.Notification += (_, _) => Wake();
                await BatchChannel.ListenAsync(connection, cancellation).ConfigureAwait(false);
                Wake();
                while (true) await connection.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException)
            {
                await Task.Delay(work.Options.FaultPause, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // The loop is awake already.
        }
    }

    private static bool IsSurvived(Exception fault) =>
        fault is NpgsqlException or IOException or RpcException or TimeoutException or InvalidOperationException;
}
