// The registrations of contracts after the deployment's own, read from their streams.
using System.Text.Json;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Reads registrations of contracts.</summary>
public static class RegistrationEvents
{
    /// <summary>The registrations after a block, in order, each with its block.</summary>
    public static async Task<List<(ulong Block, ContractRegistered Happened)>> BehindAsync(
        NpgsqlConnection connection, ulong behind, CancellationToken cancellation)
    {
        // A row that is as the deployment left it has no later registration. So for almost all databases no stream is
        // read at all.
        await using var command = new NpgsqlCommand(
            $"""
            select e.id, e.data::text from {TableNames.ServingSchema}.contract c
              join {TableNames.Events} e on e.stream_id = '{Contracts.Fold.Name}-0x' || encode(c.key, 'hex')
             where c.valid_from > $1 order by e.seq_id
            """,
            connection);
        command.Parameters.AddWithValue((long)behind);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = new List<(ulong, ContractRegistered)>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var block = EventIdentity.PlaceOf(reader.GetGuid(0), default).Block;
            var happened = JsonSerializer.Deserialize(reader.GetString(1), EventJson.Default.ContractRegistered)!;
            if (block > behind) found.Add((block, happened));
        }

        return found;
    }
}
