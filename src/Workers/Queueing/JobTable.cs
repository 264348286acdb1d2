// The table of jobs, which all processes share. Enters: found jobs, claims, renewals, ends. Leaves: jobs that this
// process holds. Always holds: one row for each key; one process takes a claim (SKIP LOCKED), and a claim ends by
// itself; a process that lost its claim changes nothing.
using EventSourced.Commands;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Queueing;

/// <summary>Jobs in PostgreSQL.</summary>
public sealed class JobTable(NpgsqlDataSource source)
{
    /// <summary>The table's name. Stored; never rename.</summary>
    public const string Name = $"{CommandTables.Schema}.job";

    /// <summary>The largest number of jobs that one look adds, claims or lists.</summary>
    public const int Most = 500;

    /// <summary>
    /// The age from which on a finished job is opened again when a look finds it again: a reorg took its outcome back.
    /// </summary>
    public static readonly TimeSpan FoundAgain = TimeSpan.FromMinutes(1);

    /// <summary>The time that finished jobs are kept.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private const long MakingLock = 0x6573_6a6f_6200_0000;

    private const string Ddl =
        $"""
        create table if not exists {Name} (
            key text primary key,
            kind smallint not null,
            subject bigint not null,
            round integer not null,
            agent bigint not null,
            state smallint not null default 0,
            step text not null default '',
            reason text,
            kept text,
            worker uuid,
            claimed_until timestamptz,
            claims integer not null default 0,
            faults integer not null default 0,
            next_at timestamptz not null default now(),
            created_at timestamptz not null default now(),
            changed_at timestamptz not null default now()) with (fillfactor = 70);
        create index if not exists job_open on {Name} (kind, next_at) where state = 0;
        create index if not exists job_over on {Name} (changed_at) where state <> 0;
        """;

    private const string Columns = "j.key, j.kind, j.subject, j.round, j.agent, j.claims, j.faults, j.kept";

    /// <summary>Creates the table if it does not exist, one process at a time.</summary>
    public async Task MakeAsync(CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"begin; select pg_advisory_xact_lock({MakingLock}); create schema if not exists {CommandTables.Schema}; {Ddl} commit;");
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes down the found jobs; existing rows stay as they are.</summary>
    public async Task AddAsync(IReadOnlyCollection<FoundJob> found, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (found.Count == 0) return;
        var command = source.CreateCommand(
            $"""
            insert into {Name} as j (key, kind, subject, round, agent)
            select * from unnest($1, $2, $3, $4, $5)
            on conflict (key) do update
               set state = 0, step = 'found again', next_at = now(), claims = 0, faults = 0, changed_at = now()
             where j.state = 1 and j.changed_at < now() - $6
            """);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Text, found.Select(job => job.Key));
        command.AddArray(NpgsqlDbType.Smallint, found.Select(job => (short)job.Kind));
        command.AddArray(NpgsqlDbType.Bigint, found.Select(job => (long)job.Subject));
        command.AddArray(NpgsqlDbType.Integer, found.Select(job => job.Round));
        command.AddArray(NpgsqlDbType.Bigint, found.Select(job => (long)job.AgentId));
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = FoundAgain });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Claims due jobs without a holder, for some agents or for any agent.</summary>
    /// <param name="rooms">The largest number of each kind, the most urgent kind first.</param>
    /// <param name="agents">The agents whose jobs are claimed, beside the jobs for any agent.</param>
    /// <param name="worker">The process that claims.</param>
    /// <param name="hold">The time that the claim holds without renewal.</param>
    /// <param name="most">The largest number in all.</param>
    /// <param name="cancellation">Ends the claiming.</param>
    public async Task<IReadOnlyList<Job>> ClaimAsync(
        IReadOnlyCollection<KeyValuePair<JobKind, int>> rooms, IEnumerable<long> agents, Guid worker, TimeSpan hold,
        int most, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            update {Name} j
               set worker = $1, claimed_until = now() + $2, claims = j.claims + 1, changed_at = now()
              from (select found.key from unnest($3, $6) with ordinality r (kind, room, rank)
                     cross join lateral (
                        select key from {Name}
                         where state = 0 and kind = r.kind and next_at <= now() and (agent = 0 or agent = any($5))
                           and (claimed_until is null or claimed_until < now())
                         order by next_at limit r.room for update skip locked) found
                     order by r.rank limit $4) due
             where j.key = due.key
            returning {Columns}
            """);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = worker });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = hold });
        command.AddArray(NpgsqlDbType.Smallint, rooms.Select(room => (short)room.Key));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Clamp(most, 0, Most) });
        command.AddArray(NpgsqlDbType.Bigint, agents);
        command.AddArray(NpgsqlDbType.Integer, rooms.Select(room => Math.Clamp(room.Value, 0, Most)));
        var claimed = new List<Job>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            claimed.Add(new Job(
                reader.GetString(0), (JobKind)reader.GetInt16(1), (ulong)reader.GetInt64(2), reader.GetInt32(3),
                (ulong)reader.GetInt64(4), reader.GetInt32(5), reader.GetInt32(6),
                reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return claimed;
    }

    /// <summary>Renews claims, and returns those that this process still holds.</summary>
    public async Task<HashSet<string>> RenewAsync(
        Guid worker, TimeSpan hold, IReadOnlyCollection<string> keys, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"update {Name} set claimed_until = now() + $2 where worker = $1 and state = 0 and key = any($3) returning key");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = worker });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = hold });
        command.AddArray(NpgsqlDbType.Text, keys);
        var held = new HashSet<string>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) held.Add(reader.GetString(0));
        return held;
    }

    /// <summary>
    /// Keeps the final decision of this job, and returns the valid one: the first that was kept. Null: the claim is
    /// lost.
    /// </summary>
    public async Task<string?> KeepOnceAsync(string key, Guid worker, string kept, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"update {Name} set kept = coalesce(kept, $3), changed_at = now() where key = $1 and worker = $2 returning kept");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = worker });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kept });
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string;
    }

    /// <summary>Records the present step of a job, for people.</summary>
    public Task StepAsync(string key, Guid worker, string step, CancellationToken cancellation) => ChangeAsync(
        key, worker, "step = $3, changed_at = now()", cancellation, new NpgsqlParameter<string> { TypedValue = step });

    /// <summary>Ends a job: nothing is left to do.</summary>
    public Task DoneAsync(string key, Guid worker, string reason, CancellationToken cancellation) => ChangeAsync(
        key, worker, "state = 1, reason = $3, worker = null, claimed_until = null, changed_at = now()", cancellation,
        new NpgsqlParameter<string> { TypedValue = reason });

    /// <summary>Postpones a job: there is nothing to do for a while.</summary>
    public Task LaterAsync(
        string key, Guid worker, TimeSpan after, string reason, CancellationToken cancellation) => ChangeAsync(
        key, worker,
        "next_at = now() + $3, reason = $4, worker = null, claimed_until = null, changed_at = now()", cancellation,
        new NpgsqlParameter<TimeSpan> { TypedValue = after }, new NpgsqlParameter<string> { TypedValue = reason });

    /// <summary>Records a fault of a job; after a number of faults the job is dead.</summary>
    public Task FaultAsync(
        string key, Guid worker, TimeSpan after, int mostFaults, string reason, CancellationToken cancellation) =>
        ChangeAsync(
            key, worker,
            """
            next_at = now() + $3, reason = $4, faults = faults + 1, worker = null, claimed_until = null,
            state = case when faults + 1 >= $5 then 2 else 0 end, changed_at = now()
            """,
            cancellation, new NpgsqlParameter<TimeSpan> { TypedValue = after },
            new NpgsqlParameter<string> { TypedValue = reason }, new NpgsqlParameter<int> { TypedValue = mostFaults });

    /// <summary>Gives claims back, so that other processes need not wait for their end.</summary>
    public async Task ReleaseAsync(Guid worker, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"update {Name} set worker = null, claimed_until = null where worker = $1 and state = 0");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = worker });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts a dead job back; false: there is none with this key.</summary>
    public async Task<bool> RequeueAsync(string key, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"update {Name} set state = 0, faults = 0, next_at = now(), step = 'requeued', changed_at = now() where key = $1 and state = 2");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    /// <summary>The jobs in a state, the last changed first.</summary>
    public async Task<IReadOnlyList<JobView>> ListAsync(JobState state, int most, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            select key, kind, state, step, reason, claims, faults, changed_at from {Name}
             where state = $1 order by changed_at desc limit $2
            """);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)state });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Clamp(most, 0, Most) });
        var found = new List<JobView>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found.Add(new JobView(
                reader.GetString(0), (JobKind)reader.GetInt16(1), (JobState)reader.GetInt16(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetInt32(5), reader.GetInt32(6),
                reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return found;
    }

    /// <summary>The numbers of jobs, and the seconds for which the oldest open one has been due.</summary>
    public async Task<JobFigures> FiguresAsync(CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            select count(*) filter (where state = 0), count(*) filter (where state = 0 and claimed_until > now()),
                   count(*) filter (where state = 2),
                   coalesce(extract(epoch from now() - min(next_at) filter (where state = 0 and next_at < now())), 0)::float8
              from {Name} where state <> 1
            """);
        await using var disposing = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return new JobFigures(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3));
    }

    /// <summary>Forgets old finished jobs, at most <see cref="Most"/> in one look.</summary>
    public async Task ForgetAsync(CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            delete from {Name} where key in
                (select key from {Name} where state = 1 and changed_at < now() - $1 limit {Most} for update skip locked)
            """);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Keep });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task ChangeAsync(
        string key, Guid worker, string set, CancellationToken cancellation, params NpgsqlParameter[] more)
    {
        var command = source.CreateCommand($"update {Name} set {set} where key = $1 and worker = $2");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = worker });
        command.Parameters.AddRange(more);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}

/// <summary>The figures of the jobs.</summary>
/// <param name="Open">Jobs to be done.</param>
/// <param name="Held">The number of open jobs that a process works on.</param>
/// <param name="Dead">Jobs that failed too often.</param>
/// <param name="OldestSeconds">The seconds for which the oldest open job has been due.</param>
public sealed record JobFigures(long Open, long Held, long Dead, double OldestSeconds);
