// Hosted agents within the role workers: executors, bidders and verifiers on one loop of jobs. Enters: checked
// settings, the write side's services, content. Leaves: tasks done, work checked, votes; figures for the report and the
// meter. Always holds: it starts after the tables exist; keys are opened once and live in memory alone.
using EventSourced.Commands;
using EventSourced.Content;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Messaging;
using EventSourced.Host.Settings;
using EventSourced.Sandbox.Engines;
using EventSourced.Workers.Acting;
using EventSourced.Workers.Executing;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;
using EventSourced.Workers.Verifying;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>Running hosted agents.</summary>
internal sealed class HostedPart : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlDataSource _source;
    private readonly HttpRpc _rpc;
    private readonly Roster _roster;
    private readonly SandboxEngine _engine = new();
    private readonly Turns _turns = Turns.OfThisMachine();
    private readonly WebAgent _web;
    private readonly CommandChanges _changes;
    private readonly JobTable _jobs;
    private readonly JobLoop _loop;
    private readonly Bell _bell;

    private HostedPart(
        HostSettings settings, HostedSettings hosted, Roster roster, ContentPart content, IServiceProvider services,
        ILogger log)
    {
        var time = TimeProvider.System;
        var deployment = settings.Deployment!;
        _roster = roster;
        _source = services.GetRequiredKeyedService<NpgsqlDataSource>(WriteSide.Schema);
        _rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        _changes = new CommandChanges(_source);
        _web = new WebAgent(TimeSpan.FromSeconds(hosted.WebSeconds), hosted.AllowsPrivateHosts, time);
        _jobs = new JobTable(_source);
        var store = services.GetRequiredService<IDocumentStore>();
        var stage = new Stage(
            deployment.ChainId, deployment.Contracts.Select(pair => KeyValuePair.Create($"{pair.Key}", pair.Value)));
        var client = new EthereumClient(_rpc);
        var actor = new Actor(stage, client, _source, store, new Acceptance(_source, store));
        var deputy = new Deputy(actor, _changes, time);
        var rows = new TaskRows(_source);
        var views = new ChainViews(stage, client);
        var run = new WorkRun(_engine, FindAsync, KeepAsync, _web, _turns);
        var judging = new Judging(new Judge(_engine, FindAsync, _turns), _stop.Token);
        var executor = new Executor(roster, rows, views, deputy, run, KeepAsync, time, log);
        var bidder = new Bidder(roster, rows, deputy, FindAsync, log);
        var checking = new Checking(roster, rows, judging, deputy, KeepAsync, log);
        var voting = new Voting(roster, rows, judging, deputy, KeepAsync, log);
        _loop = new JobLoop(
            _jobs, new HostedLook(roster, rows).FindAsync,
            new Dictionary<JobKind, Func<HeldJob, CancellationToken, Task<JobEnd>>>
            {
                [JobKind.Execute] = executor.GoAsync,
                [JobKind.Bid] = bidder.GoAsync,
                [JobKind.Check] = checking.GoAsync,
                [JobKind.Vote] = voting.GoAsync,
            },
            [.. roster.AgentIds.Union(roster.VerifierIds)], new JobOptions { Parallel = hosted.Parallel }, log, time);
        _bell = new Bell(_source, _loop.Wake, log, time);

        async Task<ReadOnlyMemory<byte>?> FindAsync(Hash32 hash, CancellationToken cancellation)
        {
            var cid = Cid.OfSha256(hash.Bytes);
            if (await content.Store.ReadAsync(cid, cancellation).ConfigureAwait(false) is { } here) return here;
            if (content.Peers is null || !await content.Peers.FetchAsync(cid, cancellation).ConfigureAwait(false))
                return null;
            return await content.Store.ReadAsync(cid, cancellation).ConfigureAwait(false) is { } fetched
                ? fetched : (ReadOnlyMemory<byte>?)null;
        }

        async Task<Hash32> KeepAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            new((await content.Store.PutAsync(bytes, cancellation).ConfigureAwait(false)).Cid.Digest);
    }

    /// <summary>Opens the keys. Each takes about a second, on purpose.</summary>
    internal static async Task<HostedPart> OpenAsync(
        HostSettings settings, HostedSettings hosted, ContentPart content, IServiceProvider services, ILogger log,
        CancellationToken cancellation)
    {
        var password = (await File.ReadAllTextAsync(hosted.Password, cancellation).ConfigureAwait(false))
            .TrimEnd('\r', '\n');
        var roster = await Task.Run(() => RosterFile.Read(hosted.File, password), cancellation).ConfigureAwait(false);
        log.HostedOpened(roster.AgentIds.Count, roster.VerifierIds.Count);
        return new HostedPart(settings, hosted, roster, content, services, log);
    }

    /// <summary>Ends when the file of hosted agents is no longer the file at the time of the call.</summary>
    internal static async Task ChangedAsync(string file, CancellationToken cancellation)
    {
        var first = Stamp();
        using var timer = new PeriodicTimer(BetweenLooks);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            if (Stamp() is { } now && now != first) return;

        // A file that is being replaced may be missing for a moment: the next look decides.
        (DateTime, long)? Stamp() =>
            new FileInfo(file) is { Exists: true } found ? (found.LastWriteTimeUtc, found.Length) : null;
    }

    /// <summary>Works until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        await _jobs.MakeAsync(cancellation).ConfigureAwait(false);
        await Task.WhenAll(
            _loop.RunAsync(cancellation), _bell.RunAsync(cancellation), _changes.RunAsync(cancellation))
            .ConfigureAwait(false);
    }

    /// <summary>The figures for the report.</summary>
    internal Task<JobFigures> FiguresAsync(CancellationToken cancellation) => _jobs.FiguresAsync(cancellation);

    public void Dispose()
    {
        _stop.Cancel();
        _loop.Dispose();
        _web.Dispose();
        _engine.Dispose();
        _turns.Dispose();
        _roster.Dispose();
        _rpc.Dispose();
        _stop.Dispose();
    }
}
