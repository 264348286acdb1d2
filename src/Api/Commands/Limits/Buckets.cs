// Buckets of tokens in PostgreSQL: they hold for every process on the database and survive restarts. Enters: the keys
// that one request takes tokens of. Leaves: nothing, or the bucket that is empty and when to come again. Always holds:
// one statement a request; the database's clock is the only one; keys are taken in one order, so that two requests
// never wait for each other.
using EventSourced.Commands;
using Npgsql;

namespace EventSourced.Api.Commands.Limits;

/// <summary>A token that a request takes.</summary>
internal readonly record struct Token(Bucket Bucket, string Whose)
{
    public string Key => $"{Bucket.Name}:{Whose}";
}

/// <summary>A token that was not there.</summary>
internal sealed record Shortage(Bucket Bucket, TimeSpan RetryAfter, bool IsBanned);

/// <summary>Takes tokens.</summary>
internal sealed class Buckets(NpgsqlDataSource source)
{
    /// <summary>The table. Stored; never rename.</summary>
    public const string Table = CommandTables.Schema + ".bucket";

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private const string Ddl = $"""
        create schema if not exists {CommandTables.Schema};
        create table if not exists {Table} (
            key text primary key,
            rate double precision not null,
            burst double precision not null,
            tokens double precision not null,
            strikes double precision not null default 0,
            granted boolean not null default true,
            banned_until timestamptz,
            at timestamptz not null default now()) with (fillfactor = 50);
        create index if not exists bucket_at on {Table} (at);
        """;

    // The present content of a row: strikes are forgotten, and tokens come back, more slowly for a key on the grey
    // list.
    private static readonly string Taken = FormattableString.Invariant(
        $"""
        insert into {Table} as b (key, rate, burst, tokens, strikes)
        select key, rate, burst, burst - 1, strikes from unnest($1, $2, $3, $4) n (key, rate, burst, strikes)
        on conflict (key) do update set (rate, burst, tokens, granted, strikes, banned_until, at) = (
            select excluded.rate, excluded.burst,
                   case when g.granted then f.tokens - 1 else f.tokens end, g.granted,
                   case when b.banned_until > now() then b.strikes else s.strikes end,
                   case when b.banned_until > now() then b.banned_until
                        when s.strikes >= {LimitTable.BanFrom} then now() + interval '{LimitTable.Ban.TotalSeconds} seconds' end,
                   now()
              from (select greatest(0, b.strikes - extract(epoch from now() - b.at) / {LimitTable.StrikeLife.TotalSeconds}) as old) o,
                   lateral (select least(excluded.burst, b.tokens + extract(epoch from now() - b.at) * excluded.rate
                       * case when o.old >= {LimitTable.GreyFrom} then {LimitTable.GreyShare} else 1 end) as tokens) f,
                   lateral (select f.tokens >= 1 and (b.banned_until is null or b.banned_until <= now()) as granted) g,
                   lateral (select o.old + excluded.strikes + case when g.granted then 0 else 1 end as strikes) s)
        returning key, granted, coalesce(extract(epoch from banned_until - now()), 0)::float8,
                  ((1 - tokens) / rate * case when strikes >= {LimitTable.GreyFrom} then 1 / {LimitTable.GreyShare} else 1 end)::float8
        """);

    /// <summary>Makes the table.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var command = source.CreateCommand(Ddl);
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a token of each; null: all were there.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="strikes">The additional strikes of a request that did something wrong.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Shortage?> TakeAsync(
        IReadOnlyCollection<Token> tokens, int strikes, CancellationToken cancellation)
    {
        if (tokens.Count == 0) return null;
        var sorted = tokens.DistinctBy(
            token => token.Key).OrderBy(token => token.Key, StringComparer.Ordinal).ToDictionary(token => token.Key);
        var command = source.CreateCommand(Taken);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. sorted.Keys] });
        command.Parameters.Add(
            new NpgsqlParameter<double[]> { TypedValue = [.. sorted.Values.Select(token => token.Bucket.Rate)] });
        command.Parameters.Add(new NpgsqlParameter<double[]>
        {
            TypedValue =
            [.. sorted.Values.Select(token => (double)token.Bucket.Burst)]
        });
        command.Parameters.Add(
            new NpgsqlParameter<double[]> { TypedValue = [.. sorted.Values.Select(_ => (double)strikes)] });
        Shortage? longest = null;
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (reader.GetBoolean(1)) continue;
            var banned = reader.GetDouble(2);
            var wait = TimeSpan.FromSeconds(Math.Max(banned, Math.Max(reader.GetDouble(3), 0)));
            if (wait < ShortestWait) wait = ShortestWait;
            if (longest is null || wait > longest.RetryAfter) longest = new Shortage(
                sorted[reader.GetString(0)].Bucket, wait, banned > 0);
        }

        return longest;
    }

    /// <summary>Forgets buckets that nobody asked for in a long time; they are full by now.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        var command = source.CreateCommand(FormattableString.Invariant(
            $"delete from {Table} where at < now() - interval '{LimitTable.Kept.TotalSeconds} seconds'"));
        await using var disposing = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
