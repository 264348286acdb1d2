// From waiting commands to signed bytes. Enters: the queue, accounts with room. Leaves: commands with nonce and bytes,
// committed before any node sees them. Always holds: one process at a time gives nonces of a chain away; an asker's
// commands go out in their order, by one account at a time; a gap is filled before a new nonce is begun.
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.Ethereum;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Workers.Relaying;

/// <summary>Signs waiting commands.</summary>
internal sealed class SigningStep(RelayDesk desk)
{
    /// <summary>Signs a batch.</summary>
    /// <returns>The transactions to send now.</returns>
    internal async Task<IReadOnlyList<Outgoing>> RunAsync(CancellationToken cancellation)
    {
        // An idle relayer asks one question, and takes neither locks nor the node's time.
        if (!await desk.AnyAsync($"{CommandTables.Command} where phase < {(int)Phase.Signed}", cancellation)
            .ConfigureAwait(false)) return [];
        var accounts = desk.Accounts.Usable;
        var quote = await desk.Market.QuoteAsync(cancellation).ConfigureAwait(false);
        var floors = new Dictionary<Address, ulong>();
        foreach (var account in accounts)
            floors[account] = await desk.Market.FloorAsync(account, cancellation).ConfigureAwait(false);
        var signed = new List<Outgoing>();
        await desk.InTransactionAsync(
            async (transaction, journal) =>
            {
                await NonceRows.LockAsync(transaction, desk.Options.ChainId, cancellation).ConfigureAwait(false);
                var rows = await NonceRows.AccountsAsync(transaction, desk.Options.ChainId, accounts, cancellation)
                    .ConfigureAwait(false);
                var rooms = new Rooms(rows, floors, desk.Options.InFlight);
                var claimed = await ClaimAsync(transaction, rooms.Open, cancellation).ConfigureAwait(false);
                if (claimed.Count == 0) return;
                rooms.Bind(await BoundAsync(transaction, claimed, cancellation).ConfigureAwait(false));
                foreach (var row in claimed)
                    if (Sign(row, quote, rooms, journal) is { } outgoing) signed.Add(outgoing);
                if (signed.Count > 0)
                    await NonceRows.TakeAsync(
                        transaction, desk.Options.ChainId, signed, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return signed;
    }

    private Outgoing? Sign(CommandRow row, Quote quote, Rooms rooms, JournalBatch journal)
    {
        if (row.DeadlineSeconds is { } deadline && deadline < quote.TimeSeconds)
        {
            journal.Tell(row, new Journal.Expired(deadline));
            return null;
        }

        switch (row.Payload)
        {
            case Payload.Raw raw:
                RelayDesk.Trace("command signed", journal.Tell(
                    row, new Journal.Signed(raw.Signer, raw.Nonce, raw.Hash, UInt256.Zero, UInt256.Zero)));
                return new Outgoing(row.Id, raw.Signer, raw.Nonce, raw.Hash, raw.Transaction.ToArray(), 0, 0);
            case Payload.Forward or Payload.Own
                when rooms.TryTake(row.State.Asker, row.Payload is Payload.Own, out var signer, out var nonce):
                var offered = nonce is { FeeWei: > 0 } ? quote.Above(nonce.TipWei, nonce.FeeWei) : quote;
                if (desk.Accounts[signer] is not { } key) return null;
                var bytes = Transactions.Sign(
                    key, desk.Options.ChainId, nonce.Nonce, offered.Fees, ForwarderCall.Of(row.Payload)!);
                var hash = Keccak256.Hash(bytes);
                RelayDesk.Trace("command signed", journal.Tell(
                    row, new Journal.Signed(signer, nonce.Nonce, hash, offered.TipWei, offered.FeeWei)));
                return new Outgoing(row.Id, signer, nonce.Nonce, hash, bytes, offered.TipWei, offered.FeeWei);
            default:
                return null;
        }
    }

    // A command stays in the queue if earlier commands of its asker are with an account without room here. So does an
    // account's own call if that account has no room.
    private Task<List<CommandRow>> ClaimAsync(
        NpgsqlTransaction transaction, IReadOnlyList<Address> open, CancellationToken cancellation) =>
        RelayDesk.LockAsync(
            transaction,
            $"""
            where c.phase < {(int)Phase.Signed} and (c.is_raw or (cardinality($1) > 0 and not exists (
                select 1 from {CommandTables.Command} o
                where o.asker = c.asker and o.phase between {(int)Phase.Signed} and {(int)Phase.Broadcast}
                    and not o.is_raw and o.signer <> all($1)) and (c.asker = any($1) or not {Payload.IsOwn})))
            order by c.number limit $2
            """,
            cancellation,
            command =>
            {
                command.AddArray(NpgsqlDbType.Bytea, open.Select(account => account.Bytes.ToArray()));
                command.With(desk.Options.Batch);
            },
            "for update of c skip locked");

    // The account that each asker's present commands are with.
    private static async Task<Dictionary<Address, Address>> BoundAsync(
        NpgsqlTransaction transaction, List<CommandRow> claimed, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"""
            select distinct asker, signer from {CommandTables.Command}
            where asker = any($1) and phase between {(int)Phase.Signed} and {(int)Phase.Broadcast} and not is_raw
            """,
            transaction.Connection, transaction);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Bytea,
            claimed.Select(row => row.State.Asker).Distinct().Select(asker => asker.Bytes.ToArray()));
        var bound = new Dictionary<Address, Address>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            bound[new Address(reader.GetFieldValue<byte[]>(0))] = new Address(reader.GetFieldValue<byte[]>(1));
        return bound;
    }
}

/// <summary>The nonces that one transaction of the database can give away.</summary>
internal sealed class Rooms
{
    private readonly Dictionary<Address, AccountRows> _accounts;
    private readonly Dictionary<Address, ulong> _floors;
    private readonly int _most;
    private readonly HashSet<Address> _waiting = [];
    private Dictionary<Address, Address> _bound = [];

    internal Rooms(Dictionary<Address, AccountRows> accounts, Dictionary<Address, ulong> floors, int most)
    {
        (_accounts, _floors, _most) = (accounts, floors, most);
        Open = [.. accounts.Keys.Where(account => RoomOf(account) > 0)];
    }

    /// <summary>The accounts with room.</summary>
    internal IReadOnlyList<Address> Open { get; }

    internal void Bind(Dictionary<Address, Address> bound) => _bound = bound;

    /// <summary>
    /// Takes a nonce for an asker's next command; none: this command and all later ones of the asker wait.
    /// </summary>
    internal bool TryTake(Address asker, bool isOwn, out Address signer, out FreeNonce nonce)
    {
        (signer, nonce) = (default, null!);
        if (isOwn) _bound[asker] = asker;
        if (_waiting.Contains(asker) || Account(asker) is not { } account)
        {
            _waiting.Add(asker);
            return false;
        }

        (signer, _bound[asker]) = (account, account);
        var rows = _accounts[account];
        if (rows.Free.TryDequeue(out var free))
        {
            nonce = free;
            return true;
        }

        var next = Math.Max(rows.Newest is { } newest ? newest + 1 : 0, _floors[account]);
        (rows.Newest, rows.Open) = (next, rows.Open + 1);
        nonce = new FreeNonce(next, 0, 0);
        return true;
    }

    private Address? Account(Address asker)
    {
        if (_bound.TryGetValue(asker, out var bound))
            return _accounts.ContainsKey(bound) && RoomOf(bound) > 0 ? bound : null;
        var roomiest = _accounts.Keys.OrderByDescending(RoomOf).ThenBy(account => account).FirstOrDefault();
        return _accounts.Count > 0 && RoomOf(roomiest) > 0 ? roomiest : null;
    }

    private int RoomOf(Address account) =>
        _most - _accounts[account].Open + _accounts[account].Free.Count;
}
