// The nonces of a sender's requests that are on their way. Enters: a sender. Leaves: the nonce that its next request
// must have. Always holds: a nonce that the forwarder has counted, or that an accepted request has, is not given again.
// Of two requests with one nonce that are read in the same instant, by one host or by two, acceptance takes one.
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

    private static readonly string Waiting =
        $"""
        select request_nonce from {CommandTables.Command}
         where asker = $1 and phase < {(int)Phase.Included} and request_nonce is not null limit {MostWaiting}
        """;

    /// <summary>The next nonce; null: too many requests are on their way.</summary>
    public async Task<ulong?> NextAsync(Address sender, CancellationToken cancellation)
    {
        var taken = new HashSet<ulong>();
        var command = source.CreateCommand(Waiting);
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = sender.Bytes.ToArray() });
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) taken.Add((ulong)reader.GetInt64(0));
        if (taken.Count >= MostWaiting) return null;
        // Counted after the rows were read: a request that a block took in between is in one of the two.
        var next = await clock.NextRequestAsync(sender, cancellation).ConfigureAwait(false);
        while (taken.Contains(next)) next++;
        return next;
    }
}
