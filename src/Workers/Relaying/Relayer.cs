// The relayer: accepted commands go to the chain, each at most once, and their fate is written down. Enters: a
// database, a node, keys. Leaves: transactions on the chain, facts in journals. Always holds: any number of processes
// may run on the same accounts; each may die at any moment; every decision is in the database first. All processes sign
// and send; the one that holds the chain's lock watches blocks and mends.
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.Ethereum.Rpc;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Workers.Relaying;

/// <summary>A running relayer.</summary>
public sealed class Relayer : IDisposable
{
    private const long WatchLock = 0x6573_7761_0000_0000;

    private readonly RelayDesk _desk;
    private readonly CommandChanges _changes;
    private readonly SigningStep _signing;
    private readonly Sender _sender;
    private readonly Watch _watch;
    private readonly Mending _mending;
    private readonly SemaphoreSlim _wake = new(1, 1);
    private readonly SemaphoreSlim _watchWake = new(1, 1);

    /// <summary>Makes a relayer. It does nothing before it runs.</summary>
    /// <param name="source">The database, with the tables of commands.</param>
    /// <param name="store">Marten, with the journal.</param>
    /// <param name="client">The node.</param>
    /// <param name="keys">The accounts.</param>
    /// <param name="changes">The channel of changes; the caller lets it run.</param>
    /// <param name="options">The limits.</param>
    /// <param name="log">The log of its events.</param>
    /// <param name="order">Orders messages about changes; null: no messages are ordered.</param>
    /// <param name="time">The clock of its pauses.</param>
    public Relayer(
        NpgsqlDataSource source, IDocumentStore store, EthereumClient client, Keyring keys, CommandChanges changes,
        RelayerOptions options, ILogger log, OrderMessages? order = null, TimeProvider? time = null)
    {
        _changes = changes ?? throw new ArgumentNullException(nameof(changes));
        _desk = new RelayDesk(source, store, client, keys, options, order, log, time ?? TimeProvider.System);
        _signing = new SigningStep(_desk);
        _sender = new Sender(_desk);
        _watch = new Watch(_desk);
        _mending = new Mending(_desk, _sender, _watch);
    }

    /// <summary>Whether this process watches the chain.</summary>
    public bool Leads { get; private set; }

    /// <summary>The present figures, by one question to the database.</summary>
    public Task<RelayerFigures> FiguresAsync(CancellationToken cancellation) =>
        RelayerFigures.ReadAsync(_desk, Leads, cancellation);

    /// <summary>Ends the relayer. The caller must have cancelled its run before.</summary>
    public void Dispose()
    {
        _wake.Dispose();
        _watchWake.Dispose();
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _changes.Waiting += Wake;
        try
        {
            await AccountsAsync(cancellation).ConfigureAwait(false);
            // A part that stops takes all others with it: a relayer that signs nothing and looks alive is worse than a
            // red one.
            using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task[] parts =
            [
                SurvivingAsync("signing", SignAsync, all.Token),
                SurvivingAsync("sending", _sender.RunAsync, all.Token),
                SurvivingAsync("watching", LeadAsync, all.Token),
                SurvivingAsync("accounts", KeepAccountsAsync, all.Token),
            ];
            await Task.WhenAny(parts).ConfigureAwait(false);
            await all.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(parts).ConfigureAwait(false);
        }
        finally
        {
            _changes.Waiting -= Wake;
        }
    }

    private static bool IsSurvivable(Exception fault) => fault switch
    {
        NpgsqlException or RpcException or IOException or TimeoutException => true,
        // Marten and the driver wrap the original fault. An exhausted pool is a transient fault.
        { InnerException: { } inner } => IsSurvivable(inner),
        _ => fault is ObjectDisposedException { ObjectName: "Npgsql.NpgsqlConnection" },
    };

    private void Wake()
    {
        Signal(_wake);
        Signal(_watchWake);
    }

    private static void Signal(SemaphoreSlim wake)
    {
        // One pending signal is enough.
        if (wake.CurrentCount > 0) return;
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two signals came at once.
        }
    }

    // A fault of database or node pauses a part; its work is in the database. Any other fault is a broken invariant and
    // stops the relayer.
    private async Task SurvivingAsync(string part, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await work(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (IsSurvivable(fault))
            {
                _desk.Log.RelayFaultSurvived(part, fault.Message);
                await Task.Delay(_desk.Options.FaultPause, _desk.Time,
                    cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Faults of the first look are treated like those of any later one.
    private async Task AccountsAsync(CancellationToken cancellation)
    {
        try
        {
            await _desk.Accounts.LookAsync(_desk.Client, cancellation).ConfigureAwait(false);
        }
        catch (RpcException fault)
        {
            _desk.Log.RelayFaultSurvived("accounts", fault.Message);
        }
    }

    private async Task SignAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var signed = await _signing.RunAsync(cancellation).ConfigureAwait(false);
            await _sender.EnqueueAsync(signed, cancellation).ConfigureAwait(false);
            if (signed.Count < _desk.Options.Batch)
                await _wake.WaitAsync(_desk.Options.LookAgain, cancellation).ConfigureAwait(false);
            await Task.Delay(_desk.Options.SignEvery, _desk.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task KeepAccountsAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_desk.Options.AccountsEvery, _desk.Time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            await _desk.Accounts.LookAsync(_desk.Client, cancellation).ConfigureAwait(false);
    }

    // The lock ends with its connection: if this process dies, another one watches.
    private async Task LeadAsync(CancellationToken cancellation)
    {
        var connection = await _desk.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        try
        {
            while (!await TryLockAsync(connection, cancellation).ConfigureAwait(false))
                await Task.Delay(_desk.Options.MendEvery, _desk.Time, cancellation).ConfigureAwait(false);
            Leads = true;
            _desk.Log.Leads();
            await WatchAsync(connection, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Leads = false;
            _watch.Forget();
            await ReleaseAsync(connection).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Transactions that a dead process left unsent are sent at once.
        var isUrgent = true;
        var checkedAt = _desk.Time.GetTimestamp();
        var busyAt = checkedAt;
        while (true)
        {
            isUrgent |= await _watch.LookAsync(cancellation).ConfigureAwait(false);
            await _mending.LookAsync(isUrgent, cancellation).ConfigureAwait(false);
            isUrgent = false;
            if (_desk.Time.GetElapsedTime(checkedAt) > _desk.Options.MendEvery)
            {
                checkedAt = _desk.Time.GetTimestamp();
                await AskAsync(connection, "select 1", cancellation).ConfigureAwait(false);
            }

            // While commands are on their way, a new block is seen soon. At other times nobody waits for one.
            if (await _watchWake.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false)
                || _mending.IsAnyOpen) busyAt = _desk.Time.GetTimestamp();
            if (_desk.Time.GetElapsedTime(busyAt) < _desk.Options.BusyFor)
                await Task.Delay(_desk.Options.HeadPoll, _desk.Time, cancellation).ConfigureAwait(false);
            else if (await _watchWake.WaitAsync(_desk.Options.IdleHeadPoll, cancellation).ConfigureAwait(false))
                busyAt = _desk.Time.GetTimestamp();
        }
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (bool)(
            await AskAsync(connection, $"select pg_try_advisory_lock({LockKey})", cancellation).ConfigureAwait(false))!;

    private long LockKey => WatchLock ^ (long)_desk.Options.ChainId;

    private async Task ReleaseAsync(NpgsqlConnection connection)
    {
        try
        {
            // Without this, a pooled connection would keep the lock.
            await AskAsync(
                connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
        {
            // The lock ended with its connection.
        }
    }

    private static async Task<object?> AskAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(question, connection);
        await using var disposing = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }
}
