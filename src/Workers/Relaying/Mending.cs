// Repairs everything that goes wrong between signing and a block. Enters: rows that stay open too long. Leaves: the
// same bytes sent again, dearer bytes for the same command and nonce, commands given up at their deadline, empty
// transactions in gaps that no command fills. Always holds: a replacement keeps command and nonce; fees rise by an
// eighth and stay under the cap; without new blocks nothing is replaced, since no fee hurries a chain that stands
// still.
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.Ethereum;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Relaying;

/// <summary>Mends, one look at a time.</summary>
internal sealed class Mending(RelayDesk desk, Sender sender, Watch watch)
{
    // The nonces after the one that blocks all others are replaced together with it: they would be the next to be
    // stuck.
    private const int MostReplacedAtOnce = 8;

    private readonly Retention _retention = new(desk);
    private long _resent;
    private long _mended;
    private long _headSince;
    private Hash32? _head;

    /// <summary>Whether a command or a nonce waited for a block at the last look.</summary>
    internal bool IsAnyOpen { get; private set; } = true;

    /// <summary>Looks once, if it is time.</summary>
    /// <param name="isUrgent">
    /// Whether blocks were taken back. Then all open transactions are sent again at once.
    /// </param>
    /// <param name="cancellation">Ends the look.</param>
    internal async Task LookAsync(bool isUrgent, CancellationToken cancellation)
    {
        var now = desk.Time.GetTimestamp();
        if (watch.Head is { } head && head.Hash != _head) (_head, _headSince) = (head.Hash, now);
        if (isUrgent || desk.Time.GetElapsedTime(_resent, now) >= desk.Options.ResendAfter)
        {
            _resent = now;
            await ResendAsync(isUrgent ? TimeSpan.Zero : desk.Options.ResendAfter, cancellation).ConfigureAwait(false);
        }

        if (desk.Time.GetElapsedTime(_mended, now) < desk.Options.MendEvery) return;
        _mended = now;
        IsAnyOpen = await IsAnyOpenAsync(cancellation).ConfigureAwait(false);
        if (IsAnyOpen)
        {
            await ExpireAsync(cancellation).ConfigureAwait(false);
            await FillAsync(cancellation).ConfigureAwait(false);
            await BumpAsync(cancellation).ConfigureAwait(false);
        }

        await _retention.LookAsync(cancellation).ConfigureAwait(false);
    }

    // An idle relayer has nothing to repair.
    private async Task<bool> IsAnyOpenAsync(CancellationToken cancellation) =>
        await desk.AnyAsync($"{CommandTables.Command} where phase < {(int)Phase.Signed}", cancellation)
            .ConfigureAwait(false)
        || await desk.AnyAsync(
            $"{CommandTables.Command} where phase between {(int)Phase.Signed} and {(int)Phase.Broadcast}",
            cancellation).ConfigureAwait(false)
        || await desk.AnyAsync(
            $"{CommandTables.Nonce} where chain = {desk.Options.ChainId} and state < {NonceRows.Mined}",
            cancellation).ConfigureAwait(false);

    // Sends the dearest transaction of each open nonce, and raw ones, unchanged: a node that forgot them gets them
    // again.
    private async Task ResendAsync(TimeSpan age, CancellationToken cancellation)
    {
        var command = desk.Source.CreateCommand(
            $"""
            (select distinct on (n.signer, n.nonce) s.command, s.signer, s.nonce, s.hash, s.raw, s.tip, s.fee
            from {CommandTables.Nonce} n
            join {CommandTables.Transaction} s on s.chain = n.chain and s.signer = n.signer and s.nonce = n.nonce
            where n.chain = $1 and n.state = {NonceRows.Taken} and n.state < {NonceRows.Mined}
                and n.changed_at <= now() - $2
            order by n.signer, n.nonce, s.fee desc limit {desk.Options.LookBatch})
            union all
            (select c.id, s.signer, s.nonce, s.hash, s.raw, 0, 0
            from {CommandTables.Command} c join {CommandTables.Transaction} s on s.hash = c.hash
            where c.phase between {(int)Phase.Signed} and {(int)Phase.Broadcast} and c.is_raw
                and c.changed_at <= now() - $2
            limit {desk.Options.LookBatch})
            """).With((long)desk.Options.ChainId).With(age);
        var found = new List<Outgoing>();
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var reading = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                found.Add(new Outgoing(
                    reader.IsDBNull(0) ? null : reader.GetGuid(0), new Address(reader.GetFieldValue<byte[]>(1)),
                    (ulong)reader.GetInt64(2), new Hash32(reader.GetFieldValue<byte[]>(3)),
                    reader.GetFieldValue<byte[]>(4), (ulong)reader.GetInt64(5), (ulong)reader.GetInt64(6)));
            }
        }

        // A transaction that a block already holds needs no answer from the node.
        Outgoing[] open = [.. found.Where(one => !one.IsOurs || one.Nonce >= watch.Used.GetValueOrDefault(one.Signer))];
        if (open.Length == 0) return;
        foreach (var _ in open) desk.Counts.AddResent();
        await sender.EnqueueAsync(open, cancellation).ConfigureAwait(false);
    }

    private async Task ExpireAsync(CancellationToken cancellation)
    {
        if (watch.Head is not { } head) return;
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                await NonceRows.LockAsync(transaction, desk.Options.ChainId, cancellation).ConfigureAwait(false);
                var rows = await RelayDesk.LockAsync(
                    transaction,
                    $"""
                    where c.phase < {(int)Phase.Included} and c.deadline < $1 and c.code is null
                    order by c.number limit {desk.Options.LookBatch}
                    """,
                    cancellation, command => command.With((long)head.Timestamp)).ConfigureAwait(false);
                foreach (var row in rows)
                {
                    if (row.State.Phase < Phase.Signed) journal.Tell(
                        row, new Journal.Expired(row.DeadlineSeconds!.Value));
                    else journal.Tell(row, new Journal.Abandoned(
                        CommandCodes.Expired, $"the deadline {row.DeadlineSeconds} passed before block {head.Number}"));
                }

                await NonceRows.FreeAsync(
                    transaction, desk.Options.ChainId,
                    [.. rows.Where(row => row.State.Phase >= Phase.Signed).Select(
                        row => (row.State.Signer!.Value, row.State.Nonce!.Value))],
                    cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
    }

    // The next command takes a free nonce. If no command comes, an empty transaction takes it.
    private async Task FillAsync(CancellationToken cancellation)
    {
        var quote = await desk.Market.QuoteAsync(cancellation).ConfigureAwait(false);
        var signed = new List<Outgoing>();
        await desk.InTransactionAsync(
            async (transaction, _) =>
            {
                await NonceRows.LockAsync(transaction, desk.Options.ChainId, cancellation).ConfigureAwait(false);
                foreach (var (signer, free) in await StaleAsync(
                    transaction, NonceRows.Free, desk.Options.GapPatience, cancellation).ConfigureAwait(false))
                {
                    if (desk.Accounts[signer] is not { } key) continue;
                    signed.Add(Empty(key, free.Nonce, quote.Above(free.TipWei, free.FeeWei)));
                    desk.Log.GapFilled(free.Nonce, signer.ToString());
                }

                if (signed.Count > 0)
                    await NonceRows.TakeAsync(
                        transaction, desk.Options.ChainId, signed, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        desk.Counts.AddFilled(signed.Count);
        await sender.EnqueueAsync(signed, cancellation).ConfigureAwait(false);
    }

    private Outgoing Empty(SigningKey key, ulong nonce, Quote quote)
    {
        var raw = Transactions.Sign(
            key, desk.Options.ChainId, nonce, quote.Fees, new Call(key.Address, default, ForwarderCall.EmptyGas));
        return new Outgoing(null, key.Address, nonce, Keccak256.Hash(raw), raw, quote.TipWei, quote.FeeWei);
    }

    private async Task BumpAsync(CancellationToken cancellation)
    {
        var underpriced = sender.TakeUnderpriced();
        var isMoving = desk.Time.GetElapsedTime(_headSince) < desk.Options.BumpAfter;
        if (underpriced.Count == 0 && !isMoving) return;
        var quote = await desk.Market.QuoteAsync(cancellation).ConfigureAwait(false);
        var signed = new List<Outgoing>();
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                await NonceRows.LockAsync(transaction, desk.Options.ChainId, cancellation).ConfigureAwait(false);
                var stale = isMoving
                    ? await StaleAsync(
                        transaction, NonceRows.Taken, desk.Options.BumpAfter, cancellation).ConfigureAwait(false)
                    : [];
                var refused = await PlacesAsync(transaction, underpriced, cancellation).ConfigureAwait(false);
                foreach (var (signer, last) in stale.Where(
                    IsNext).Concat(refused).DistinctBy(place => (place.Signer, place.Last.Nonce)))
                    if (await ReplaceAsync(
                        transaction, journal, signer, last, quote, cancellation).ConfigureAwait(false) is { } one)
                        signed.Add(one);
                if (signed.Count > 0)
                    await NonceRows.ReplaceAsync(
                        transaction, desk.Options.ChainId, signed, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        desk.Counts.AddReplaced(signed.Count);
        await sender.EnqueueAsync(signed, cancellation).ConfigureAwait(false);
    }

    private bool IsNext((Address Signer, FreeNonce Last) place) =>
        watch.Used.TryGetValue(place.Signer, out var used)
        && place.Last.Nonce >= used && place.Last.Nonce < used + MostReplacedAtOnce;

    private async Task<Outgoing?> ReplaceAsync(
        NpgsqlTransaction transaction, JournalBatch journal, Address signer, FreeNonce last, Quote quote,
        CancellationToken cancellation)
    {
        if (desk.Accounts[signer] is not { } key) return null;
        var dearer = quote.Above(last.TipWei, last.FeeWei);
        var (count, command) = await DearestAsync(transaction, signer, last.Nonce, cancellation).ConfigureAwait(false);
        if (dearer.FeeWei > desk.Options.FeeCapWei || count > desk.Options.MostReplacements)
        {
            desk.Log.Stuck(last.Nonce, signer.ToString(), desk.Options.FeeCapWei, desk.Options.MostReplacements);
            return null;
        }

        desk.Log.Replaced(last.Nonce, signer.ToString(), dearer.FeeWei);
        if (command is not { } id) return Empty(key, last.Nonce, dearer);
        var rows = await RelayDesk.LockAsync(transaction, [id], cancellation).ConfigureAwait(false);
        if (rows is not [
            {
                Payload: Payload.Forward or Payload.Own,
                State: { Phase: Phase.Signed or Phase.Broadcast, Code: null },
            } row]
            || row.State.Signer != signer || row.State.Nonce != last.Nonce) return null;
        var raw = Transactions.Sign(key, desk.Options.ChainId, last.Nonce, dearer.Fees, ForwarderCall.Of(row.Payload)!);
        var hash = Keccak256.Hash(raw);
        journal.Tell(row, new Journal.Replaced(hash, dearer.TipWei, dearer.FeeWei));
        return new Outgoing(id, signer, last.Nonce, hash, raw, dearer.TipWei, dearer.FeeWei);
    }

    // The number of transactions that a nonce has had, and the command of the dearest one.
    private async Task<(int Count, Guid? Command)> DearestAsync(
        NpgsqlTransaction transaction, Address signer, ulong nonce, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select count(*) over ()::int, command from {CommandTables.Transaction}
            where chain = $1 and signer = $2 and nonce = $3 order by fee desc limit 1
            """,
            transaction.Connection, transaction)
            .With((long)desk.Options.ChainId).With(signer.Bytes.ToArray()).With((long)nonce);
        await using var disposing = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetGuid(1))
            : (0, null);
    }

    private Task<List<(Address Signer, FreeNonce Last)>> StaleAsync(
        NpgsqlTransaction transaction, short state, TimeSpan age, CancellationToken cancellation) =>
        PlacesAsync(
            transaction,
            $"where chain = $1 and state = {state} and state < {NonceRows.Mined} and changed_at <= now() - $2",
            command => command.With(age), cancellation);

    private Task<List<(Address Signer, FreeNonce Last)>> PlacesAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(Address Signer, ulong Nonce)> places,
        CancellationToken cancellation) =>
        PlacesAsync(
            transaction,
            $"""
            join unnest($2, $3) p (s, n) on signer = p.s and nonce = p.n
            where chain = $1 and state = {NonceRows.Taken}
            """,
            command =>
            {
                command.AddArray(NpgsqlDbType.Bytea, places.Select(place => place.Signer.Bytes.ToArray()));
                command.AddArray(NpgsqlDbType.Bigint, places.Select(place => (long)place.Nonce));
            },
            cancellation);

    private async Task<List<(Address Signer, FreeNonce Last)>> PlacesAsync(
        NpgsqlTransaction transaction, string condition, Action<NpgsqlCommand> values, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"select signer, nonce, tip, fee from {CommandTables.Nonce} {condition} order by signer, nonce limit {desk.Options.LookBatch}",
            transaction.Connection, transaction).With((long)desk.Options.ChainId);
        await using var disposing = command.ConfigureAwait(false);
        values(command);
        var found = new List<(Address, FreeNonce)>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found.Add((new Address(reader.GetFieldValue<byte[]>(0)), new FreeNonce(
                (ulong)reader.GetInt64(1), (ulong)reader.GetInt64(2), (ulong)reader.GetInt64(3))));
        }

        return found;
    }
}
