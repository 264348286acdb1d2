// The door to the relayer. Enters: submissions of many callers at once. Leaves: to each an answer, after the command
// with its key, its first facts and the notification that wakes the relayer are one committed transaction. Always
// holds: one command for one key of one asker, and one for one nonce of its requests, however many processes hear of
// it; callers that come together share a transaction.
using System.Buffers.Binary;
using System.Diagnostics;
using EventSourced.Ethereum;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Commands;

/// <summary>Writes commands down.</summary>
public sealed class Acceptance(
    NpgsqlDataSource source, IDocumentStore store, AcceptanceLimits? limits = null, TimeProvider? time = null)
{
    /// <summary>The spans of acceptance and relayer.</summary>
    public static readonly ActivitySource Spans = new("EventSourced.Commands");

    /// <summary>
    /// The trace that a correlation id names, for a process that goes on with the command: the request's own trace,
    /// under a parent that stands for the command. Null when the id is no trace's.
    /// </summary>
    public static ActivityContext TraceOf(string correlation, Guid command)
    {
        const int traceDigits = 32;
        ArgumentNullException.ThrowIfNull(correlation);
        if (correlation.Length != traceDigits || !correlation.All(char.IsAsciiHexDigitLower)
            || correlation.All(digit => digit == '0')) return default;
        var trace = ActivityTraceId.CreateFromString(correlation);
        // The last half of a version-7 UUID is random, and never zero for its variant.
        var parent = ActivitySpanId.CreateFromBytes(command.ToByteArray(bigEndian: true).AsSpan(8));
        return new ActivityContext(trace, parent, ActivityTraceFlags.Recorded, isRemote: true);
    }

    // The database lock of each asker; its keys lie outside of those of every other lock.
    private const long AskerLocks = 0x6573_6173_0000_0000;

    private readonly AcceptanceLimits _limits = limits ?? new AcceptanceLimits();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Queue<Caller> _callers = new();
    private int _writers;
    private long _counted;
    private int _waiting = -1;
    private long _writtenAt;

    /// <summary>Writes a command down, or says which one has its key.</summary>
    /// <remarks>
    /// A caller that cancels does not hear whether the command was accepted; the same key tells it later.
    /// </remarks>
    public Task<Answer> AcceptAsync(Submission submission, CancellationToken cancellation)
    {
        Check(submission);
        var caller = new Caller(submission, Activity.Current?.Context ?? default);
        lock (_gate)
        {
            if (_callers.Count >= _limits.Callers) return Task.FromResult<Answer>(Refusal());
            _callers.Enqueue(caller);
            if (_writers == 0 || (_writers < _limits.Writers && _callers.Count >= _limits.Batch))
            {
                _writers++;
                _ = Task.Run(WriteAllAsync, CancellationToken.None);
            }
        }

        return caller.Answer.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Writes a command down in the transaction of a session, so that it is accepted with whatever the session saves,
    /// or not at all. Saving and committing are the caller's.
    /// </summary>
    public async Task<Answer> AcceptAsync(
        IDocumentSession session, Submission submission, CancellationToken cancellation)
    {
        Check(submission);
        ArgumentNullException.ThrowIfNull(session);
        await session.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var connection = session.Connection
            ?? throw new InvalidOperationException(
                "expected a session within a transaction, found one without a connection");
        await CountAsync(connection).ConfigureAwait(false);
        if (_limits.Waiting - Volatile.Read(ref _waiting) <= 0) return Refusal();
        var payload = submission.Payload.Encode();
        await LockAskersAsync(connection, null, [submission]).ConfigureAwait(false);
        var ids = await InsertRowsAsync(
            connection, null, [submission], new() { [submission.Id] = payload }).ConfigureAwait(false);
        if (ids.Count == 0)
            return Known(
                await CommandReads.ByKeyAsync(connection, submission.Asker, submission.IdempotencyKey)
                    .ConfigureAwait(false),
                submission) ?? new Answer.NonceTaken(NonceOf(submission) ?? 0);
        session.Events.StartStream(Journal.KeyOf(submission.Id), FactsOf(submission, payload));
        await JournalBatch.NotifyAsync(connection, [(submission.Id, Phase.Simulated)], cancellation)
            .ConfigureAwait(false);
        Interlocked.Increment(ref _waiting);
        return new Answer.Accepted(submission.Id);
    }

    private static void Check(Submission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        Length(submission.Name, Submission.MostCorrelation, "name");
        Length(submission.IdempotencyKey, Submission.MostKey, "idempotency key");
        Length(submission.CorrelationId, Submission.MostCorrelation, "correlation id");
        if (submission.Simulation.Effect.Length > Submission.MostEffect)
            throw new ArgumentException($"expected an effect of at most {Submission.MostEffect} characters");

        static void Length(string text, int most, string what)
        {
            if (text.Length is 0 || text.Length > most)
                throw new ArgumentException($"expected a {what} of 1 to {most} characters, found {text.Length}");
        }
    }

    private Answer.Full Refusal() => new(_limits.Waiting, _limits.RetryAfter);

    // Ends when nobody waits.
    private async Task WriteAllAsync()
    {
        while (true)
        {
            await LingerAsync().ConfigureAwait(false);
            var batch = new List<Caller>(_limits.Batch);
            lock (_gate)
            {
                while (batch.Count < _limits.Batch && _callers.TryDequeue(out var caller)) batch.Add(caller);
                if (batch.Count == 0)
                {
                    _writers--;
                    return;
                }
            }

            try
            {
                await WriteAsync(batch).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                foreach (var caller in batch) caller.Answer.TrySetException(fault);
            }

            Volatile.Write(ref _writtenAt, _time.GetTimestamp());
        }
    }

    // Commands that come one soon after the other share a transaction, which costs nearly the same as a transaction of
    // one.
    private async Task LingerAsync()
    {
        lock (_gate)
            if (_callers.Count == 0 || _callers.Count >= _limits.Batch) return;
        if (Volatile.Read(ref _writtenAt) is not 0 and var written && _time.GetElapsedTime(written) < _limits.Soon)
            await Task.Delay(_limits.Linger, _time).ConfigureAwait(false);
    }

    private async Task WriteAsync(List<Caller> batch)
    {
        var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        await CountAsync(connection).ConfigureAwait(false);
        var room = _limits.Waiting - Volatile.Read(ref _waiting);
        var (taken, refused) = room >= batch.Count
            ? (batch, []) : (batch[..Math.Max(0, room)], batch[Math.Max(0, room)..]);
        var accepted = taken.Count == 0 ? [] : await InsertAsync(connection, Distinct(taken)).ConfigureAwait(false);
        Interlocked.Add(ref _waiting, accepted.Count);
        List<Caller> known = [];
        foreach (var caller in taken)
        {
            if (accepted.Contains(caller.Submission.Id)) Accept(caller);
            else known.Add(caller);
        }

        // A key that is there is answered even when the queue is full.
        await AnswerKnownAsync(connection, known, caller => new Answer.NonceTaken(NonceOf(caller.Submission) ?? 0))
            .ConfigureAwait(false);
        await AnswerKnownAsync(connection, refused, _ => Refusal()).ConfigureAwait(false);
    }

    private static ulong? NonceOf(Submission one) => (one.Payload as Payload.Forward)?.Request.Nonce;

    // Of requests with one nonce the first comes to the table, and those that have its key.
    private static List<Caller> Distinct(List<Caller> callers)
    {
        var keys = new Dictionary<(Address, ulong), string>();
        return [.. callers.Where(caller => NonceOf(caller.Submission) is not { } nonce
            || keys.TryAdd((caller.Submission.Asker, nonce), caller.Submission.IdempotencyKey)
            || keys[(caller.Submission.Asker, nonce)] == caller.Submission.IdempotencyKey)];
    }

    private static void Accept(Caller caller)
    {
        using var span = Spans.StartActivity(
            "command accepted", ActivityKind.Producer, caller.Trace,
            [new("command.id", caller.Submission.Id), new("command.name", caller.Submission.Name),
                new("correlation.id", caller.Submission.CorrelationId)]);
        caller.Answer.TrySetResult(new Answer.Accepted(caller.Submission.Id));
    }

    private async Task CountAsync(NpgsqlConnection connection)
    {
        var now = _time.GetTimestamp();
        if (Volatile.Read(ref _waiting) >= 0
            && _time.GetElapsedTime(Volatile.Read(ref _counted), now) < _limits.CountEvery) return;
        Volatile.Write(ref _counted, now);
        var command = new NpgsqlCommand(
            $"select count(*)::int from (select 1 from {CommandTables.Command} where phase < 2 limit $1) w",
            connection);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _limits.Waiting });
        Volatile.Write(ref _waiting, (int)(await command.ExecuteScalarAsync().ConfigureAwait(false))!);
    }

    private async Task<HashSet<Guid>> InsertAsync(NpgsqlConnection connection, List<Caller> callers)
    {
        var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        await using var ending = transaction.ConfigureAwait(false);
        Submission[] all = [.. callers.Select(caller => caller.Submission)];
        var payloads = all.ToDictionary(one => one.Id, one => one.Payload.Encode());
        await LockAskersAsync(connection, transaction, all).ConfigureAwait(false);
        var ids = await InsertRowsAsync(connection, transaction, all, payloads).ConfigureAwait(false);
        Submission[] fresh = [.. all.Where(one => ids.Contains(one.Id))];
        if (fresh.Length == 0) return ids;
        await JournalBatch.AppendAsync(
            store, transaction, fresh.Select(one => (one.Id, FactsOf(one, payloads[one.Id]))), isNew: true,
            CancellationToken.None).ConfigureAwait(false);
        await JournalBatch.NotifyAsync(
            connection, fresh.Select(one => (one.Id, Phase.Simulated)), CancellationToken.None).ConfigureAwait(false);
        await transaction.CommitAsync().ConfigureAwait(false);
        return ids;
    }

    private static List<object> FactsOf(Submission one, byte[] payload) =>
    [
        new Journal.Received(
            one.Name, one.Asker, one.IdempotencyKey, one.BodyHash, one.CorrelationId, payload,
            one.Payload.DeadlineSeconds),
        new Journal.Simulated(one.Simulation.GasUsed, one.Simulation.Effect),
    ];

    // The acceptor of an asker's requests holds its lock until it has committed, so the next one sees them. Locks are
    // taken in one order, so that two batches never wait for one another.
    private static async Task LockAskersAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Submission[] all)
    {
        long[] locks = [.. all.Where(one => one.Payload is Payload.Forward)
            .Select(one => AskerLocks ^ BinaryPrimitives.ReadInt64BigEndian(one.Asker.Bytes)).Distinct().Order()];
        if (locks.Length == 0) return;
        var command = new NpgsqlCommand(
            "select pg_advisory_xact_lock(k) from unnest($1) k", connection, transaction);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Bigint, locks);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    // A request that a block holds has used its nonce, unless it was reverted; one that is over is the chain's matter.
    private static async Task<HashSet<Guid>> InsertRowsAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Submission[] all,
        Dictionary<Guid, byte[]> payloads)
    {
        var command = new NpgsqlCommand(
            $"""
            with n as (
                select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                    n (id, name, asker, key, body_hash, correlation, payload, is_raw, deadline, gas, effect, nonce)
                where nonce is null or not exists (
                    select 1 from {CommandTables.Command} o
                    where o.asker = n.asker and o.request_nonce = n.nonce and o.phase < {(int)Phase.Finalized}
                        and (o.phase < {(int)Phase.Included} or o.succeeded))),
            fresh as (
                insert into {CommandTables.Request} (id, name, asker, key, body_hash, correlation, payload, gas, effect)
                select id, name, asker, key, body_hash, correlation, payload, gas, effect from n
                on conflict (asker, key) do nothing
                returning id, number)
            insert into {CommandTables.Command}
                (id, number, phase, asker, is_raw, request_nonce, deadline, version)
            select fresh.id, fresh.number, {(int)Phase.Simulated}, n.asker, n.is_raw, n.nonce, n.deadline, 2
            from fresh join n using (id)
            returning id
            """,
            connection, transaction);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Uuid, all.Select(one => one.Id));
        command.AddArray(NpgsqlDbType.Text, all.Select(one => one.Name));
        command.AddArray(NpgsqlDbType.Bytea, all.Select(one => one.Asker.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Text, all.Select(one => one.IdempotencyKey));
        command.AddArray(NpgsqlDbType.Bytea, all.Select(one => one.BodyHash.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Text, all.Select(one => one.CorrelationId));
        command.AddArray(NpgsqlDbType.Bytea, all.Select(one => payloads[one.Id]));
        command.AddArray(NpgsqlDbType.Boolean, all.Select(one => one.Payload is Payload.Raw));
        command.AddArray(NpgsqlDbType.Bigint, all.Select(one => (long?)one.Payload.DeadlineSeconds));
        command.AddArray(NpgsqlDbType.Bigint, all.Select(one => (long)one.Simulation.GasUsed));
        command.AddArray(NpgsqlDbType.Text, all.Select(one => one.Simulation.Effect));
        command.AddArray(NpgsqlDbType.Bigint, all.Select(one => (long?)NonceOf(one)));
        var ids = new HashSet<Guid>();
        var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static async Task AnswerKnownAsync(
        NpgsqlConnection connection, List<Caller> callers, Func<Caller, Answer> unknown)
    {
        foreach (var caller in callers)
        {
            var (asker, key) = (caller.Submission.Asker, caller.Submission.IdempotencyKey);
            var found = await CommandReads.ByKeyAsync(connection, asker, key).ConfigureAwait(false);
            caller.Answer.TrySetResult(Known(found, caller.Submission) ?? unknown(caller));
        }
    }

    private static Answer? Known((CommandStatus Status, Hash32 Body)? found, Submission submission) => found switch
    {
        null => null,
        var (status, body) when body == submission.BodyHash => new Answer.Same(status),
        var (status, body) => new Answer.Conflict(status.Id, body, submission.BodyHash),
    };

    private sealed record Caller(Submission Submission, ActivityContext Trace)
    {
        public TaskCompletionSource<Answer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
