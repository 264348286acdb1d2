// The tables of commands, beside Marten's in the schema `commands`: acceptance and relayer look up and lock their rows.
// Enters: a database. Leaves: its tables. Always holds: a second creation changes nothing; a key of an asker is one
// row, a nonce of an account is one row. Names are stored; never rename.
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace EventSourced.Commands;

/// <summary>The names and the making of the tables.</summary>
public static class CommandTables
{
    /// <summary>The schema of everything that commands and workers write.</summary>
    public const string Schema = "commands";

    /// <summary>One row a command, never changed: its asker, its key, and the payload to send.</summary>
    public const string Request = Schema + ".request";

    /// <summary>
    /// One row a command: the fold of its journal, and its place in the queue. Small, for it changes at each step.
    /// </summary>
    public const string Command = Schema + ".command";

    /// <summary>One row a nonce of an account of ours.</summary>
    public const string Nonce = Schema + ".nonce";

    /// <summary>One row a signed transaction, with its bytes.</summary>
    public const string Transaction = Schema + ".sent";

    /// <summary>One row an address that is told of an asker's commands.</summary>
    public const string Webhook = Schema + ".webhook";

    /// <summary>One row a thing that was due: which keeper cleared it in which round, and by which command.</summary>
    public const string Duty = Schema + ".duty";

    /// <summary>One row a checkpoint that our own audit log has signed, by its size.</summary>
    public const string Statement = Schema + ".statement";

    /// <summary>The facts of all journals, as Marten keeps them.</summary>
    public const string Facts = Schema + ".mt_events";

    /// <summary>One row a journal, as Marten keeps it.</summary>
    public const string Journals = Schema + ".mt_streams";

    /// <summary>The channel on which every change of a command is told.</summary>
    public const string Channel = "es_commands";

    // Two processes that make the tables at once: one waits for the other, so long at most.
    private const int MakingSeconds = 120;
    private const long MakingLock = 0x6573_636d_6473;

    private static readonly string Ddl = $"""
        create schema if not exists {Schema};
        create table if not exists {Request} (
            id uuid primary key,
            number bigint generated always as identity,
            name text not null,
            asker bytea not null,
            key text not null,
            body_hash bytea not null,
            correlation text not null,
            payload bytea not null,
            gas bigint not null,
            effect text not null,
            received_at timestamptz not null default now(),
            unique (asker, key));
        create index if not exists request_asker on {Request} (asker, number desc);
        create table if not exists {Command} (
            id uuid primary key,
            number bigint not null,
            phase smallint not null,
            asker bytea not null,
            is_raw boolean not null,
            request_nonce bigint,
            deadline bigint,
            changed_at timestamptz not null default now(),
            version integer not null,
            signer bytea,
            nonce bigint,
            hash bytea,
            block bigint,
            block_hash bytea,
            succeeded boolean,
            code text,
            reason text) with (fillfactor = 70);
        create index if not exists command_waiting on {Command} (number) where phase < 2;
        create index if not exists command_sent on {Command} (number) where phase between 2 and 3;
        create index if not exists command_included on {Command} (block) where phase = 4;
        create index if not exists command_over on {Command} (changed_at) where phase >= 5;
        alter table {Command} add column if not exists request_nonce bigint;
        update {Command} c set request_nonce =
                ('x' || encode(substring(r.payload from {Payload.ForwardNonceAt + 1} for 8), 'hex'))::bit(64)::bigint
            from {Request} r where r.id = c.id and c.phase < 5 and not c.is_raw and c.request_nonce is null
                and get_byte(r.payload, 0) = 1;
        drop index if exists {Schema}.command_bound;
        create index if not exists command_open on {Command} (asker, request_nonce) where phase < 5;
        create table if not exists {Nonce} (
            chain bigint not null,
            signer bytea not null,
            nonce bigint not null,
            state smallint not null,
            tip bigint not null,
            fee bigint not null,
            changed_at timestamptz not null default now(),
            block bigint,
            block_hash bytea,
            primary key (chain, signer, nonce)) with (fillfactor = 70);
        create index if not exists nonce_open on {Nonce} (chain, signer, nonce) where state < 2;
        create index if not exists nonce_mined on {Nonce} (chain, block) where state = 2;
        create table if not exists {Transaction} (
            hash bytea primary key,
            chain bigint not null,
            signer bytea not null,
            nonce bigint not null,
            command uuid,
            raw bytea not null,
            tip bigint not null,
            fee bigint not null,
            signed_at timestamptz not null default now());
        create table if not exists {Webhook} (
            id uuid primary key,
            asker bytea not null,
            address text not null,
            secret bytea not null,
            added_at timestamptz not null default now(),
            unique (asker, address));
        create table if not exists {Duty} (
            keeper text not null,
            thing text not null,
            round text not null,
            due bigint not null,
            state smallint not null,
            tries integer not null default 0,
            refusals integer not null default 0,
            from_second bigint not null default 0,
            next_at timestamptz not null,
            done_block bigint not null default 0,
            command uuid,
            said text,
            seen_at timestamptz not null default now(),
            changed_at timestamptz not null default now(),
            primary key (keeper, thing, round, due)) with (fillfactor = 70);
        create table if not exists {Statement} (
            size bigint primary key,
            root bytea not null,
            state_root bytea not null,
            block bigint not null,
            seen_at timestamptz not null default now());
        create index if not exists duty_sent on {Duty} (command) where state = 2;
        create index if not exists sent_nonce on {Transaction} (chain, signer, nonce);
        create index if not exists sent_command on {Transaction} (command);
        create index if not exists sent_at on {Transaction} (signed_at);
        """;

    // The mark of these tables. A start that finds its own mark takes no lock on any table, so it waits for no relayer
    // at work, and no relayer waits for it.
    private static readonly string Mark = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Ddl)));

    /// <summary>
    /// Creates the missing tables, and runs other makers of the schema before it, one process at a time.
    /// </summary>
    /// <param name="source">The database.</param>
    /// <param name="others">Creates the schema's tables of others; it may open connections of its own.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task MakeAsync(NpgsqlDataSource source, Func<Task> others, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(others);
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        await RunAsync(connection, $"select pg_advisory_lock({MakingLock})", cancellation).ConfigureAwait(false);
        try
        {
            await others().ConfigureAwait(false);
            var mark = new NpgsqlCommand(
                $"select obj_description(to_regclass('{Command}'), 'pg_class')", connection);
            await using var disposing = mark.ConfigureAwait(false);
            if (await mark.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string == Mark) return;
            await RunAsync(connection, $"begin; {Ddl} comment on table {Command} is '{Mark}'; commit;", cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            // A failure in the midst of a transaction must not keep the lock.
            await RunAsync(connection, $"rollback; select pg_advisory_unlock({MakingLock})", CancellationToken.None)
                .ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statements, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(statements, connection) { CommandTimeout = MakingSeconds };
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
