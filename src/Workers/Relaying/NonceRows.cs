// The nonces of our accounts as rows. Enters: a transaction of the database that holds the chain's lock. Leaves: rows
// read and written. Always holds: a nonce is taken only if it has no row, or its row was given up; the bytes that use
// it are written with it, before any node sees them; no count is kept in memory.
using EventSourced.Commands;
using EventSourced.Ethereum;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Relaying;

/// <summary>A signed transaction on its way to a node.</summary>
/// <param name="Command">The command that has the nonce; null: the transaction fills a gap.</param>
/// <param name="Signer">The account that pays.</param>
/// <param name="Nonce">Its nonce.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Raw">Its bytes.</param>
/// <param name="TipWei">Its tip; 0 where its owner signed it.</param>
/// <param name="FeeWei">Its fee; 0 where its owner signed it.</param>
internal sealed record Outgoing(
    Guid? Command, Address Signer, ulong Nonce, Hash32 Hash, byte[] Raw, ulong TipWei, ulong FeeWei)
{
    /// <summary>Whether the account, and with it the nonce, is ours.</summary>
    internal bool IsOurs => FeeWei > 0;
}

/// <summary>A nonce that waits for another transaction, and the fees that its last one offered.</summary>
internal sealed record FreeNonce(ulong Nonce, ulong TipWei, ulong FeeWei);

/// <summary>An account in its rows.</summary>
internal sealed class AccountRows(ulong? newest, int open)
{
    internal ulong? Newest { get; set; } = newest;

    internal int Open { get; set; } = open;

    internal Queue<FreeNonce> Free { get; } = new();
}

/// <summary>Reads and writes the rows.</summary>
internal static class NonceRows
{
    // The states of a nonce. Stored; never renumber.
    internal const short Taken = 0;
    internal const short Free = 1;
    internal const short Mined = 2;
    internal const short Final = 3;

    private const long LockSpace = 0x6573_6e6f_0000_0000;

    /// <summary>
    /// Takes the lock on the nonces of a chain: only one transaction of the database at a time gives them away.
    /// </summary>
    internal static async Task LockAsync(NpgsqlTransaction transaction, ulong chain, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", transaction.Connection, transaction)
            .With(LockSpace ^ (long)chain);
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    internal static async Task<Dictionary<Address, AccountRows>> AccountsAsync(
        NpgsqlTransaction transaction, ulong chain, IReadOnlyList<Address> accounts, CancellationToken cancellation)
    {
        var found = new Dictionary<Address, AccountRows>();
        if (accounts.Count == 0) return found;
        var command = new NpgsqlCommand(
            $"""
            select s.signer,
                (select max(n.nonce) from {CommandTables.Nonce} n where n.chain = $1 and n.signer = s.signer),
                (select count(*)::int from {CommandTables.Nonce} n
                    where n.chain = $1 and n.signer = s.signer and n.state < {Mined})
            from unnest($2) s (signer)
            """,
            transaction.Connection, transaction).With((long)chain);
        await using (command.ConfigureAwait(false))
        {
            command.AddArray(NpgsqlDbType.Bytea, accounts.Select(account => account.Bytes.ToArray()));
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var reading = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                found[new Address(reader.GetFieldValue<byte[]>(0))] =
                    new AccountRows(reader.IsDBNull(1) ? null : (ulong)reader.GetInt64(1), reader.GetInt32(2));
            }
        }

        if (found.Values.Any(account => account.Open > 0))
            await ReadFreeAsync(transaction, chain, found, cancellation).ConfigureAwait(false);
        return found;
    }

    /// <summary>Writes new nonces, with the bytes that take them.</summary>
    internal static async Task TakeAsync(
        NpgsqlTransaction transaction, ulong chain, IReadOnlyList<Outgoing> signed, CancellationToken cancellation)
    {
        Outgoing[] ours = [.. signed.Where(one => one.IsOurs)];
        if (ours.Length > 0)
        {
            var command = new NpgsqlCommand(
                $"""
                insert into {CommandTables.Nonce} as n (chain, signer, nonce, state, tip, fee)
                select $1, s.signer, s.nonce, {Taken}, s.tip, s.fee from unnest($2, $3, $4, $5) s (signer, nonce, tip, fee)
                on conflict (chain, signer, nonce) do update
                    set state = {Taken}, tip = excluded.tip, fee = excluded.fee, changed_at = now()
                    where n.state = {Free}
                """,
                transaction.Connection, transaction).With((long)chain);
            await using (command.ConfigureAwait(false))
            {
                AddPlaces(command, ours);
                command.AddArray(NpgsqlDbType.Bigint, ours.Select(one => (long)one.TipWei));
                command.AddArray(NpgsqlDbType.Bigint, ours.Select(one => (long)one.FeeWei));
                var written = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
                if (written != ours.Length)
                    throw new InvalidOperationException($"expected {ours.Length} nonces to be free, found {written}");
            }
        }

        await WriteBytesAsync(transaction, chain, signed, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes dearer transactions for taken nonces.</summary>
    internal static async Task ReplaceAsync(
        NpgsqlTransaction transaction, ulong chain, IReadOnlyList<Outgoing> signed, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            update {CommandTables.Nonce} n set tip = s.tip, fee = s.fee, changed_at = now()
            from unnest($2, $3, $4, $5) s (signer, nonce, tip, fee)
            where n.chain = $1 and n.signer = s.signer and n.nonce = s.nonce and n.state = {Taken}
            """,
            transaction.Connection, transaction).With((long)chain);
        await using (command.ConfigureAwait(false))
        {
            AddPlaces(command, signed);
            command.AddArray(NpgsqlDbType.Bigint, signed.Select(one => (long)one.TipWei));
            command.AddArray(NpgsqlDbType.Bigint, signed.Select(one => (long)one.FeeWei));
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await WriteBytesAsync(transaction, chain, signed, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives nonces up, for the next command or an empty transaction.</summary>
    internal static async Task FreeAsync(
        NpgsqlTransaction transaction, ulong chain, IReadOnlyList<(Address Signer, ulong Nonce)> places,
        CancellationToken cancellation)
    {
        if (places.Count == 0) return;
        var command = new NpgsqlCommand(
            $"""
            update {CommandTables.Nonce} n set state = {Free}, changed_at = now()
            from unnest($2, $3) s (signer, nonce)
            where n.chain = $1 and n.signer = s.signer and n.nonce = s.nonce and n.state = {Taken}
            """,
            transaction.Connection, transaction).With((long)chain);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Bytea, places.Select(place => place.Signer.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Bigint, places.Select(place => (long)place.Nonce));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task ReadFreeAsync(
        NpgsqlTransaction transaction, ulong chain, Dictionary<Address, AccountRows> accounts,
        CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select signer, nonce, tip, fee from {CommandTables.Nonce}
            where chain = $1 and signer = any($2) and state = {Free} and state < {Mined} order by nonce
            """,
            transaction.Connection, transaction).With((long)chain);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Bytea, accounts.Keys.Select(account => account.Bytes.ToArray()));
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            accounts[new Address(reader.GetFieldValue<byte[]>(0))].Free.Enqueue(new FreeNonce(
                (ulong)reader.GetInt64(1), (ulong)reader.GetInt64(2), (ulong)reader.GetInt64(3)));
        }
    }

    private static async Task WriteBytesAsync(
        NpgsqlTransaction transaction, ulong chain, IReadOnlyList<Outgoing> signed, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            insert into {CommandTables.Transaction} (hash, chain, signer, nonce, command, raw, tip, fee)
            select s.hash, $1, s.signer, s.nonce, s.command, s.raw, s.tip, s.fee
            from unnest($2, $3, $4, $5, $6, $7, $8) s (signer, nonce, tip, fee, hash, command, raw)
            on conflict (hash) do nothing
            """,
            transaction.Connection, transaction).With((long)chain);
        await using var disposing = command.ConfigureAwait(false);
        AddPlaces(command, signed);
        command.AddArray(NpgsqlDbType.Bigint, signed.Select(one => (long)one.TipWei));
        command.AddArray(NpgsqlDbType.Bigint, signed.Select(one => (long)one.FeeWei));
        command.AddArray(NpgsqlDbType.Bytea, signed.Select(one => one.Hash.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Uuid, signed.Select(one => one.Command));
        command.AddArray(NpgsqlDbType.Bytea, signed.Select(one => one.Raw));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static void AddPlaces(NpgsqlCommand command, IReadOnlyList<Outgoing> signed)
    {
        command.AddArray(NpgsqlDbType.Bytea, signed.Select(one => one.Signer.Bytes.ToArray()));
        command.AddArray(NpgsqlDbType.Bigint, signed.Select(one => (long)one.Nonce));
    }
}
