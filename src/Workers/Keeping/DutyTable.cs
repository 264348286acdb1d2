// The rows of duties: the message, command and outcome of each due thing. Enters: keepers, the second and the block to
// come. Leaves: duties that are new or to be tried again, taken once among all processes; moves of single rows. Always
// holds: a thing in a round with a deadline is one row; of two processes that see it due, one takes it; a row that is
// refused or waits delays no other row.
using EventSourced.Commands;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Keeping;

/// <summary>The status of a duty. Stored; never renumber.</summary>
public enum DutyState : short
{
    /// <summary>It waits for its next moment.</summary>
    Waiting = 0,

    /// <summary>A message about it is on its way.</summary>
    Told = 1,

    /// <summary>Its command is with the relayer.</summary>
    Sent = 2,

    /// <summary>Its command is final, or nothing was left to do.</summary>
    Over = 3,

    /// <summary>As many of its commands failed as the limit allows.</summary>
    GivenUp = 4,
}

/// <summary>A duty in its row.</summary>
internal sealed record DutyRow(DutyState State, int Tries, int Refusals, string? Said);

/// <summary>Reads and moves duties.</summary>
public static class DutyTable
{
    private const string Name = CommandTables.Duty;

    // The rows that may be taken: either no process works on them and their moment has come, or the index has seen the
    // block of their command and they are still due.
    private const string IsFree =
        "(d.state in (0, 1) and d.next_at <= now() and d.from_second <= $1) or (d.state = 3 and d.done_block <= $2 - 1)";

    /// <summary>The statement that takes the due things of a keeper.</summary>
    /// <remarks>
    /// $1 the second, $2 the block to come, $3 how many, $4 the keeper, $5 a message's life, $6 tries.
    /// </remarks>
    internal static NpgsqlBatchCommand Take(Keeper keeper, Moment now, KeepingOptions options)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            with due as (
                select k.thing, k.round, k.due, d.keeper is null as is_new
                  from {keeper.Rows}
                  left join {Name} d
                    on d.keeper = $4 and d.thing = k.thing and d.round = k.round and d.due = k.due
                 where d.keeper is null or {IsFree}
                 order by k.due, k.thing limit $3),
            added as (
                insert into {Name} (keeper, thing, round, due, state, next_at)
                select $4, thing, round, due, 1, now() + $5 from due where is_new
                on conflict do nothing returning keeper, thing, round, due, tries),
            taken as (
                update {Name} d set changed_at = now(), next_at = now() + $5,
                       tries = d.tries + case when d.state in (1, 3) then 1 else 0 end,
                       state = case when d.tries + case when d.state in (1, 3) then 1 else 0 end >= $6 then 4 else 1 end
                  from due
                 where not due.is_new and d.keeper = $4 and d.thing = due.thing and d.round = due.round
                   and d.due = due.due and ({IsFree})
                returning d.keeper, d.thing, d.round, d.due, d.tries)
            select * from added union all select * from taken
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.Second });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.Block });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.LookBatch });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = keeper.Name });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.MessageLife });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.MostTries });
        return command;
    }

    /// <summary>Reads the outcomes of commands.</summary>
    internal static async Task LearnAsync(
        NpgsqlDataSource source, KeepingOptions options, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            update {Name} d set changed_at = now(),
                   state = case when c.phase = {(int)Phase.Finalized} then 3 else 0 end,
                   done_block = coalesce(c.block, 0),
                   tries = d.tries + case when c.phase = {(int)Phase.Finalized} then 0 else 1 end,
                   next_at = now() + $1 * (1 << least(d.tries, {options.MostDoublings})), said = c.reason
              from {CommandTables.Command} c
             where d.state = 2 and c.id = d.command
               and (c.phase >= {(int)Phase.Finalized} or (c.phase = {(int)Phase.Included} and not c.succeeded))
            """);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.FirstPause });
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var forget = source.CreateCommand(
            $"delete from {Name} where state in (0, 3) and changed_at < now() - $1");
        await using var disposing = forget.ConfigureAwait(false);
        forget.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.KeepDuties });
        await forget.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Locks the row of a duty; null: there is none.</summary>
    internal static async Task<DutyRow?> LockAsync(
        NpgsqlConnection connection, Duty duty, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select state, tries, refusals, said from {Name}
             where keeper = $1 and thing = $2 and round = $3 and due = $4 for update
            """,
            connection).With(duty.Keeper).With(duty.Thing).With(duty.Round).With(duty.DueSeconds);
        await using var disposing = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new DutyRow(
                (DutyState)reader.GetInt16(0), reader.GetInt32(1), reader.GetInt32(2),
                await reader.IsDBNullAsync(3, cancellation).ConfigureAwait(false) ? null : reader.GetString(3))
            : null;
    }

    /// <summary>The due things of a keeper; one thing or all.</summary>
    internal static async Task<List<DueRow>> DueAsync(
        NpgsqlConnection connection, Keeper keeper, Moment now, int most, CancellationToken cancellation,
        Duty? only = null)
    {
        var condition = only is null ? "" : "where k.thing = $4 and k.round = $5 and k.due = $6";
        var command = new NpgsqlCommand(
            $"select k.thing, k.round, k.due, k.arguments from {keeper.Rows} {condition} order by k.due, k.thing limit $3",
            connection).With(now.Second).With(now.Block).With(most);
        if (only is not null) command.With(only.Thing).With(only.Round).With(only.DueSeconds);
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<DueRow>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            found.Add(new DueRow(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3)));
        return found;
    }

    /// <summary>The statement that moves a duty, for a session; the values stand in its order.</summary>
    internal const string Move =
        $"""
        update {Name} set state = ?, command = ?, refusals = ?, from_second = ?, said = ?, done_block = ?,
               next_at = now() + ?, changed_at = now()
         where keeper = ? and thing = ? and round = ? and due = ?
        """;

    /// <summary>The statement that forgets a duty.</summary>
    internal const string Forget = $"delete from {Name} where keeper = ? and thing = ? and round = ? and due = ?";

    /// <summary>Lets the given-up things of these duties be tried again.</summary>
    /// <returns>The number of things.</returns>
    public static async Task<int> ReviveAsync(
        NpgsqlDataSource source, IReadOnlyCollection<Duty> duties, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(duties);
        var command = source.CreateCommand(
            $"""
            update {Name} d set state = 1, tries = 0, next_at = now(), changed_at = now()
              from unnest($1, $2, $3, $4) n (keeper, thing, round, due)
             where d.keeper = n.keeper and d.thing = n.thing and d.round = n.round and d.due = n.due and d.state = 4
            """);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Text, duties.Select(duty => duty.Keeper));
        command.AddArray(NpgsqlDbType.Text, duties.Select(duty => duty.Thing));
        command.AddArray(NpgsqlDbType.Text, duties.Select(duty => duty.Round));
        command.AddArray(NpgsqlDbType.Bigint, duties.Select(duty => duty.DueSeconds));
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
