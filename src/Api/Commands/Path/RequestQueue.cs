// The nonces of a sender's requests that are on their way. Enters: a sender. Leaves: the nonce that its next request
// must have. Always holds: a nonce that the forwarder has counted, or that an accepted request has, is not given again.
// Two requests with one nonce that are read in the same instant may both be accepted: the forwarder executes one of
// them, and the relayer reports the other as reverted.
using EventSourced.Api.Commands.Checks;
using EventSourced.Commands;
using EventSourced.Ethereum;
using Npgsql;

namespace EventSourced.Api.Commands.Path;

/// <summary>Counts the requests on their way.</summary>
internal sealed class RequestQueue(NpgsqlDataSource source, ChainClock clock)
{
    /// <summary>The most requests of one sender on their way; its next ones wait for these.</summary>
    public const int MostWaiting = 64;

    // The nonce stands at one place in the stored payload: behind its version, three addresses and the gas.
    private const int NonceAt = 1 + 3 * Address.ByteCount + sizeof(ulong);

    private static readonly string Waiting =
        $"""
        select ('x' || encode(substring(payload from {NonceAt + 1} for 8), 'hex'))::bit(64)::bigint
          from (select r.payload, c.phase, c.is_raw or {Payload.IsOwn} as is_raw from {CommandRow.Tables}
                 where r.asker = $1 order by r.number desc limit {2 * MostWaiting}) c
         where phase < {(int)Phase.Included} and not is_raw
        """;

    /// <summary>The next nonce; null: too many requests are on their way.</summary>
    public async Task<ulong?> NextAsync(Address sender, CancellationToken cancellation)
    {
        var counted = clock.NextRequestAsync(sender, cancellation);
        var taken = new HashSet<ulong>();
        var command = source.CreateCommand(Waiting);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = sender.Bytes.ToArray() });
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) taken.Add((ulong)reader.GetInt64(0));
        if (taken.Count >= MostWaiting) return null;
        var next = await counted.ConfigureAwait(false);
        while (taken.Contains(next)) next++;
        return next;
    }
}
