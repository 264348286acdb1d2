// Where askers want to be told. Enters: an asker and an address of the web. Leaves: a secret, once, by which the asker
// knows our calls; the addresses of askers. Always holds: an address is https on a public host's name; an asker has at
// most a named number of them; a secret is random and stored with the address alone.
using System.Security.Cryptography;
using EventSourced.Ethereum;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Commands;

/// <summary>An address that is told of an asker's commands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Asker">The address whose commands are announced.</param>
/// <param name="Address">Where to.</param>
/// <param name="Secret">The secret that signs the calls.</param>
public sealed record Webhook(Guid Id, Address Asker, Uri Address, ReadOnlyMemory<byte> Secret);

/// <summary>Keeps the addresses.</summary>
public sealed class Webhooks(NpgsqlDataSource source)
{
    /// <summary>The most addresses of one asker.</summary>
    public const int MostOfAsker = 5;

    /// <summary>The most characters of an address.</summary>
    public const int MostAddress = 500;

    private const int SecretBytes = 32;
    private const int TurnLock = 0x6573_7768;
    private const string Columns = "id, asker, address, secret";

    /// <summary>Whether an address may be told: https, a name or a number of a host, no credentials in it.</summary>
    public static bool IsFit(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address is { IsAbsoluteUri: true, Scheme: "https", UserInfo.Length: 0 }
            && address.OriginalString.Length <= MostAddress && !address.IsLoopback;
    }

    /// <summary>Remembers an address; null: the asker has too many, or this one already.</summary>
    public async Task<Webhook?> AddAsync(Address asker, Uri address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        var webhook = new Webhook(Guid.CreateVersion7(), asker, address, RandomNumberGenerator.GetBytes(SecretBytes));
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ending = transaction.ConfigureAwait(false);
        // Two that add at once count one after the other.
        var turn = new NpgsqlCommand("select pg_advisory_xact_lock($1, hashtext($2))", connection, transaction)
            .With(TurnLock).With($"{asker}");
        await using (turn.ConfigureAwait(false)) await turn.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        var command = new NpgsqlCommand(
            $"""
            insert into {CommandTables.Webhook} (id, asker, address, secret)
            select $1, $2, $3, $4 where (select count(*) from {CommandTables.Webhook} where asker = $2) < {MostOfAsker}
            on conflict (asker, address) do nothing
            """,
            connection, transaction)
            .With(webhook.Id).With(asker.Bytes.ToArray()).With(address.AbsoluteUri).With(webhook.Secret.ToArray());
        await using var disposing = command.ConfigureAwait(false);
        var isAdded = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return isAdded ? webhook : null;
    }

    /// <summary>The addresses of an asker, the oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> OfAskerAsync(Address asker, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"select {Columns} from {CommandTables.Webhook} where asker = $1 order by id limit {MostOfAsker}")
            .With(asker.Bytes.ToArray());
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<Webhook>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(Read(reader));
        return found;
    }

    /// <summary>Forgets an address of an asker.</summary>
    public async Task<bool> RemoveAsync(Address asker, Guid id, CancellationToken cancellation)
    {
        var command = source.CreateCommand($"delete from {CommandTables.Webhook} where id = $1 and asker = $2")
            .With(id).With(asker.Bytes.ToArray());
        await using var disposing = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    /// <summary>An address; null: it was forgotten.</summary>
    public async Task<Webhook?> ByIdAsync(Guid id, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"select {Columns} from {CommandTables.Webhook} where id = $1").With(id);
        await using var disposing = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? Read(reader) : null;
    }

    private static Webhook Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), new Address(reader.GetFieldValue<byte[]>(1)), new Uri(reader.GetString(2)),
        reader.GetFieldValue<byte[]>(3));

    /// <summary>The addresses of some askers.</summary>
    public static async Task<ILookup<Address, Guid>> OfAskersAsync(
        NpgsqlConnection connection, IEnumerable<Address> askers, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            $"select asker, id from {CommandTables.Webhook} where asker = any($1)", connection);
        await using var disposing = command.ConfigureAwait(false);
        command.AddArray(NpgsqlDbType.Bytea, askers.Distinct().Select(asker => asker.Bytes.ToArray()));
        var found = new List<(Address Asker, Guid Id)>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            found.Add((new Address(reader.GetFieldValue<byte[]>(0)), reader.GetGuid(1)));
        return found.ToLookup(one => one.Asker, one => one.Id);
    }
}
