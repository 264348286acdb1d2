// The loop that finds jobs and works on them. Enters: a function that finds jobs, functions that do them, the table.
// Leaves: ended jobs. Always holds: the number of jobs at once is limited; a claim is renewed while its job is worked
// on, and work with a lost claim is cancelled; a fault pauses that one job, and after a number of faults a person must
// look; the claims of a process that dies end by themselves.
using System.Collections.Concurrent;
using EventSourced.Ethereum.Rpc;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Workers.Queueing;

/// <summary>Works on jobs until cancelled.</summary>
/// <param name="table">The jobs.</param>
/// <param name="find">Finds the present jobs in the read models.</param>
/// <param name="work">One attempt at a job, for each kind.</param>
/// <param name="agents">The agents whose jobs are done.</param>
/// <param name="options">The bounds.</param>
/// <param name="log">The log of its events.</param>
/// <param name="time">The clock of its pauses.</param>
public sealed class JobLoop(
    JobTable table, Func<CancellationToken, Task<IReadOnlyCollection<FoundJob>>> find,
    IReadOnlyDictionary<JobKind, Func<HeldJob, CancellationToken, Task<JobEnd>>> work, IReadOnlyList<long> agents,
    JobOptions options, ILogger log, TimeProvider time) : IDisposable
{
    // The client waits for the execution, a panel has hours for its votes, and an agent with enough work makes no more
    // bids.
    private static readonly JobKind[] Urgency = [JobKind.Execute, JobKind.Vote, JobKind.Check, JobKind.Bid];

    private readonly Guid _worker = Guid.NewGuid();
    private readonly ConcurrentDictionary<string, HeldClaim> _held = new();
    private readonly SemaphoreSlim _wake = new(1, 1);

    /// <summary>The number of jobs that ended in this process.</summary>
    public long Ended => Volatile.Read(ref _ended);

    private long _ended;

    /// <summary>Tells the loop that there may be work.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount > 0) return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two signals came at once.
        }
    }

    /// <summary>Works until cancelled, and then gives the claims back.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var renewing = RenewAsync(stop.Token);
        try
        {
            await LookAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var key in _held.Keys) await LoseAsync(key).ConfigureAwait(false);
            await Task.WhenAll(_held.Values.Select(held => held.Running))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    private static bool IsTransient(Exception fault) => fault switch
    {
        NpgsqlException or RpcException or IOException or TimeoutException or HttpRequestException => true,
        { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    private async Task LookAsync(CancellationToken cancellation)
    {
        var forgotten = time.GetTimestamp();
        while (true)
        {
            try
            {
                var found = await find(cancellation).ConfigureAwait(false);
                await table.AddAsync(found, cancellation).ConfigureAwait(false);
                await ClaimAsync(cancellation).ConfigureAwait(false);
                if (time.GetElapsedTime(forgotten) > options.ForgetEvery)
                {
                    forgotten = time.GetTimestamp();
                    await table.ForgetAsync(cancellation).ConfigureAwait(false);
                }
            }
            catch (Exception fault) when (IsTransient(fault) && !cancellation.IsCancellationRequested)
            {
                log.JobLookFailed(fault.Message);
                await Task.Delay(options.FirstPause, time, cancellation).ConfigureAwait(false);
            }

            await _wake.WaitAsync(options.LookEvery, cancellation).ConfigureAwait(false);
            await Task.Delay(options.LeastPause, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ClaimAsync(CancellationToken cancellation)
    {
        var free = options.Parallel - _held.Count;
        if (free <= 0) return;
        var rooms = Urgency.Where(work.ContainsKey).Select(kind => KeyValuePair.Create(
            kind, options.ParallelOfKind - _held.Values.Count(claim => claim.Kind == kind))).ToArray();
        var claimed = await table.ClaimAsync(
            rooms, agents, _worker, options.Hold, free, cancellation).ConfigureAwait(false);
        foreach (var job in claimed)
        {
            // The earlier attempt lost its claim but has not ended yet. The new claim ends by itself, and a later look
            // takes it.
            if (_held.ContainsKey(job.Key)) continue;
            var lost = new CancellationTokenSource(options.LongestGo, time);
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The job is added to the held ones before it runs, so that it is there when it ends.
            _held[job.Key] = new HeldClaim(
                job.Kind, lost, Task.Run(() => GoAsync(job, lost, begin.Task), CancellationToken.None));
            begin.SetResult();
        }
    }

    private async Task GoAsync(Job job, CancellationTokenSource lost, Task begin)
    {
        await begin.ConfigureAwait(false);
        try
        {
            var end = await work[job.Kind](new HeldJob(job, table, _worker), lost.Token).ConfigureAwait(false);
            switch (end)
            {
                case JobEnd.Done done:
                    await table.DoneAsync(job.Key, _worker, done.Reason, CancellationToken.None).ConfigureAwait(false);
                    log.JobDone(job.Key, done.Reason);
                    Interlocked.Increment(ref _ended);
                    break;
                case JobEnd.Later later:
                    await table.LaterAsync(
                        job.Key, _worker, later.After, later.Reason, CancellationToken.None).ConfigureAwait(false);
                    log.JobLater(job.Key, later.Reason);
                    break;
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            log.JobLeft(job.Key);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            await FailAsync(job, fault).ConfigureAwait(false);
        }
        finally
        {
            _held.TryRemove(job.Key, out _);
            lost.Dispose();
            Wake();
        }
    }

    private async Task FailAsync(Job job, Exception fault)
    {
        log.JobFailed(fault, job.Key, job.Faults + 1, fault.Message);
        try
        {
            await table.FaultAsync(
                job.Key, _worker, options.PauseAfter(job.Faults), options.MostFaults, fault.Message,
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException unreachable)
        {
            // The claim ends by itself, and the job is found again.
            log.JobLookFailed(unreachable.Message);
        }
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.RenewEvery, time);
        var renewed = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            string[] keys = [.. _held.Keys];
            try
            {
                var held = keys.Length == 0
                    ? [] : await table.RenewAsync(_worker, options.Hold, keys, cancellation).ConfigureAwait(false);
                renewed = time.GetTimestamp();
                foreach (var key in keys.Where(key => !held.Contains(key))) await LoseAsync(key).ConfigureAwait(false);
            }
            catch (NpgsqlException fault)
            {
                log.JobLookFailed(fault.Message);
                // Other processes may have taken the jobs by now.
                if (time.GetElapsedTime(renewed) < options.Hold) continue;
                foreach (var key in keys) await LoseAsync(key).ConfigureAwait(false);
            }
        }
    }

    private async Task LoseAsync(string key)
    {
        // A job that has ended in the meantime was not lost.
        if (!_held.TryGetValue(key, out var held)) return;
        try
        {
            await held.Lost.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The job ended between these two lines.
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await table.ReleaseAsync(_worker, CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException fault)
        {
            log.JobLookFailed(fault.Message);
        }
    }
}

/// <summary>A claim of this process.</summary>
internal sealed record HeldClaim(JobKind Kind, CancellationTokenSource Lost, Task Running);

/// <summary>A job in the view of the code that works on it.</summary>
public sealed class HeldJob(Job job, JobTable table, Guid worker)
{
    /// <summary>The job.</summary>
    public Job Job => job;

    /// <summary>The final decision; null: none.</summary>
    public string? Kept { get; private set; } = job.Kept;

    /// <summary>Makes a final decision: the decision of the first holder is valid for all.</summary>
    public async Task<string> KeepOnceAsync(string decision, CancellationToken cancellation) => Kept =
        await table.KeepOnceAsync(job.Key, worker, decision, cancellation).ConfigureAwait(false)
            ?? throw new OperationCanceledException(
                $"expected to hold job {job.Key}, found that another does", cancellation);

    /// <summary>Records the present step.</summary>
    public Task StepAsync(string step, CancellationToken cancellation) =>
        table.StepAsync(job.Key, worker, step, cancellation);
}
