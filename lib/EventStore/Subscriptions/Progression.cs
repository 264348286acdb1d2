// The durable position of one subscription, under the name that Marten's daemon would give it. It moves only from where
// its owner believes it to be: of two processes that think they lead, one is refused.
using Npgsql;

namespace EventSourced.EventStore.Subscriptions;

/// <summary>One row of <c>mt_event_progression</c>.</summary>
internal sealed class Progression(string schema, string name)
{
    /// <summary>Marten's name for the only shard of a subscription: stored; never rename.</summary>
    internal string Row { get; } = $"{name}:All";

    /// <summary>The stored position, or null if there is none.</summary>
    internal async Task<long?> LoadAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command =
            new NpgsqlCommand($"select last_seq_id from {schema}.mt_event_progression where name = $1", connection);
        command.Parameters.AddTyped(Row);
        return (long?)await command.ExecuteScalarAsync(token);
    }

    /// <summary>Moves the position in the current transaction.</summary>
    internal async Task MoveAsync(NpgsqlConnection connection, long? from, long to, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            from is null
                ? $"""
                   insert into {schema}.mt_event_progression (name, last_seq_id) values ($1, $2)
                   on conflict (name) do nothing
                   """
                : $"""
                   update {schema}.mt_event_progression set last_seq_id = $2, last_updated = transaction_timestamp()
                    where name = $1 and last_seq_id = $3
                   """,
            connection);
        command.Parameters.AddTyped(Row);
        command.Parameters.AddTyped(to);
        if (from is { } expected) command.Parameters.AddTyped(expected);
        if (await command.ExecuteNonQueryAsync(token) != 1)
            throw new ProgressionOutOfOrderException(name, from ?? 0);
    }

    /// <summary>Sets the position whatever it was: a rebuild has folded everything up to it.</summary>
    internal async Task SetAsync(NpgsqlConnection connection, long to, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"select {schema}.mt_mark_event_progression($1, $2)", connection);
        command.Parameters.AddTyped(Row);
        command.Parameters.AddTyped(to);
        await command.ExecuteNonQueryAsync(token);
    }
}
