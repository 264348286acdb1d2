// The rows that tell the jobs of hosted agents. Enters: ids of hosted agents. Leaves: tasks, deliveries, seats of the
// read models. Always holds: read-only; each look is one statement with a limit; the time of the newest indexed block
// decides what is due.
using EventSourced.Commands;
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Tables;
using EventSourced.Workers.Queueing;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Hosted;

/// <summary>A task with its unchanging terms.</summary>
/// <param name="Task">The task.</param>
/// <param name="Terms">Its terms.</param>
public sealed record TaskAndTerms(Tasks.State Task, TaskTerms.State Terms);

/// <summary>A seat on the panel of one attempt.</summary>
/// <param name="DisputeId">The dispute.</param>
/// <param name="Round">The round.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="VerifierId">The verifier in the seat.</param>
public sealed record PanelSeat(ulong DisputeId, byte Round, byte Attempt, ulong VerifierId);

/// <summary>Asks the read models.</summary>
public sealed class TaskRows(NpgsqlDataSource source)
{
    /// <summary>The largest number of rows of one look; the next look finds the rest.</summary>
    public const int Most = 500;

    private const int Matched = (int)Tasks.Status.Matched;
    private const int Running = (int)Tasks.Status.Running;
    private const int Verifying = (int)Tasks.Status.Verifying;
    private const int Bidding = (int)Tasks.Status.Bidding;
    private const int Voting = (int)Disputes.Phase.Voting;

    // If a reorg replaces a delivery by another one, the check of the new delivery is another job.
    private const string CheckKey =
        "'check-' || t.task_id || '-' || encode(substring(s.receipt_hash from 1 for 8), 'hex')";

    // A reorg took back a deed that was done: it must be done again.
    private const string FoundAgain = "and (j.state <> 1 or j.changed_at > now() - interval '1 minute')";

    /// <summary>Tasks that hosted agents are matched with.</summary>
    public Task<List<FoundJob>> MatchedAsync(IReadOnlyList<long> agents, CancellationToken cancellation) => FindAsync(
        $"""
        select task_id, round, agent_id from {Of("task")}
         where agent_id = any($1) and status in ({Matched}, {Running})
           and {Unknown("'execute-' || task_id || '-' || round", FoundAgain)}
         order by task_id limit {Most}
        """,
        reader => new FoundJob(
            $"execute-{reader.GetInt64(0)}-{reader.GetInt32(1)}", JobKind.Execute, (ulong)reader.GetInt64(0),
            reader.GetInt32(1), (ulong)reader.GetInt64(2)),
        cancellation, agents);

    /// <summary>Open tasks that hosted agents have neither bid for nor failed at.</summary>
    public Task<List<FoundJob>> OpenAsync(
        IReadOnlyList<long> agents, long now, CancellationToken cancellation) => FindAsync(
        $"""
        select t.task_id, t.round, a.id from {Of("task")} t cross join unnest($1) a(id)
         where t.status = {Bidding} and t.commit_end > $2
           and (t.mode = {(int)Tasks.Mode.Open} or (t.mode = {(int)Tasks.Mode.Direct} and t.named_agent_id = a.id))
           and not exists (select 1 from {Of("bid")} b
                            where b.task_id = t.task_id and b.agent_id = a.id
                              and b.status in ({(int)Bids.Status.Committed}, {(int)Bids.Status.Standing}))
           and not exists (select 1 from {Of("task_failure")} f where f.task_id = t.task_id and f.agent_id = a.id)
           and {Unknown("'bid-' || t.task_id || '-' || t.round || '-' || a.id")}
         order by t.task_id limit {Most}
        """,
        reader => new FoundJob(
            $"bid-{reader.GetInt64(0)}-{reader.GetInt32(1)}-{reader.GetInt64(2)}", JobKind.Bid,
            (ulong)reader.GetInt64(0), reader.GetInt32(1), (ulong)reader.GetInt64(2)),
        cancellation, agents, now);

    /// <summary>Work that is under review and has not been checked here.</summary>
    public Task<List<FoundJob>> DeliveredAsync(long now, CancellationToken cancellation) => FindAsync(
        $"""
        select t.task_id, t.round, {CheckKey} from {Of("task")} t join {Of("submission")} s on s.task_id = t.task_id
         where t.status = {Verifying} and t.review_end > $1 and t.ruled_kinds & 6 <> 6 and {Unknown(CheckKey)}
         order by t.task_id limit {Most}
        """,
        reader => new FoundJob(
            reader.GetString(2), JobKind.Check, (ulong)reader.GetInt64(0), reader.GetInt32(1), 0),
        cancellation, now);

    /// <summary>Seats whose votes are not opened yet.</summary>
    public Task<List<FoundJob>> SeatsAsync(
        IReadOnlyList<long> verifiers, long now, CancellationToken cancellation) => FindAsync(
        $"""
        select s.dispute_id, s.round::int * 256 + s.attempt, s.verifier_id
          from {Of("seat")} s join {Of("dispute")} d on d.dispute_id = s.dispute_id
         where s.verifier_id = any($1) and s.choice = 0 and d.phase = {Voting} and d.round = s.round
           and d.attempt = s.attempt and d.reveal_end > $2
           and {Unknown("'vote-' || s.dispute_id || '-' || s.round || '-' || s.attempt || '-' || s.verifier_id", FoundAgain)}
         order by s.dispute_id limit {Most}
        """,
        reader => new FoundJob(
            $"vote-{reader.GetInt64(0)}-{reader.GetInt32(1) / 256}-{reader.GetInt32(1) % 256}-{reader.GetInt64(2)}",
            JobKind.Vote, (ulong)reader.GetInt64(0), reader.GetInt32(1), (ulong)reader.GetInt64(2)),
        cancellation, verifiers, now);

    /// <summary>A task and its terms; null: the index has none of this id.</summary>
    public async Task<TaskAndTerms?> TaskAsync(ulong taskId, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        return await Row(Tasks.Fold, connection, taskId, cancellation).ConfigureAwait(false) is { } task
            && await Row(TaskTerms.Fold, connection, taskId, cancellation).ConfigureAwait(false) is { } terms
            ? new TaskAndTerms(task, terms) : null;
    }

    /// <summary>The delivery of a task; null: none.</summary>
    public async Task<Submissions.State?> DeliveryAsync(ulong taskId, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        return await Row(Submissions.Fold, connection, taskId, cancellation).ConfigureAwait(false);
    }

    /// <summary>A dispute and a seat on its panel; null: one of them does not exist.</summary>
    public async Task<(Disputes.State Dispute, Seats.State Seat)?> SeatAsync(
        PanelSeat seat, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seat);
        var key = $"{seat.DisputeId}-{seat.Round}-{seat.Attempt}-{seat.VerifierId}";
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        return await Row(Disputes.Fold, connection, seat.DisputeId, cancellation).ConfigureAwait(false) is { } dispute
            && await RowLookup<string, Seats.State>.Of(Seats.Fold).FindAsync(connection, key, null, cancellation)
                .ConfigureAwait(false) is { } found
            ? (dispute, found) : null;
    }

    /// <summary>The number of tasks that an agent holds, its standing bids included.</summary>
    public async Task<long> HeldAsync(ulong agentId, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            select (select count(*) from {Of("task")} where agent_id = $1 and status in ({Matched}, {Running}))
                 + (select count(*) from {Of("bid")} where agent_id = $1
                     and status in ({(int)Bids.Status.Committed}, {(int)Bids.Status.Standing}))
            """);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)agentId });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>The time of the newest indexed block; 0: there is none.</summary>
    public async Task<long> NowAsync(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        return (long)(progress.Tip?.Timestamp ?? 0);
    }

    private static string Unknown(string key, string more = "") =>
        $"not exists (select 1 from {JobTable.Name} j where j.key = {key} {more})";

    private static string Of(string table) => TableNames.Of(TableNames.ServingSchema, table);

    private static Task<TState?> Row<TState>(
        Fold<ulong, TState> fold, NpgsqlConnection connection, ulong id, CancellationToken cancellation)
        where TState : class =>
        RowLookup<ulong, TState>.Of(fold).FindAsync(connection, id, null, cancellation);

    private async Task<List<FoundJob>> FindAsync(
        string query, Func<NpgsqlDataReader, FoundJob> read, CancellationToken cancellation, params object[] values)
    {
        var command = source.CreateCommand(query);
        await using var disposing = command.ConfigureAwait(false);
        foreach (var value in values)
        {
            if (value is IReadOnlyList<long> ids) command.AddArray(NpgsqlDbType.Bigint, ids);
            else command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)value });
        }

        var found = new List<FoundJob>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(read(reader));
        return found;
    }
}
