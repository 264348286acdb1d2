// The rows of a step for one query, read once for all subscribers of that query. Enters: a step, a query, ids.
// Leaves: the JSON of the rows for each id. Always holds: a statement reads a bounded number of rows, and no
// subscriber waits twice for rows that another one asked for.
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;

namespace EventSourced.Api.Live;

/// <summary>The rows by id; for each name of the query, its JSON.</summary>
internal sealed class RowChanges
{
    /// <summary>The rows of one statement.</summary>
    internal const int MostRows = 500;

    private const int MostAttempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, RawJson?[]> _rows = new(StringComparer.Ordinal);

    private RowChanges()
    {
    }

    /// <summary>The rows of an id; null where there are none.</summary>
    internal RawJson?[]? Find(string id) => _rows.GetValueOrDefault(id);

    /// <summary>Reads the rows of some ids.</summary>
    internal static async Task<RowChanges> ReadAsync(
        RequestExecutor executor, RowQuery query, IReadOnlyList<string> ids)
    {
        var changes = new RowChanges();
        foreach (var chunk in ids.Chunk(MostRows))
        {
            var result = await AskAsync(executor, query.For(chunk)).ConfigureAwait(false);
            using var json = JsonDocument.Parse(result.ToJson());
            changes.Take(json.RootElement.GetProperty("data"), query.Names.Count);
        }

        return changes;
    }

    // A connection that the database has cut fails with the next statement on it: ask that statement again.
    private static async Task<OperationResult> AskAsync(RequestExecutor executor, OperationRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = (OperationResult)await executor.ExecuteAsync(request).ConfigureAwait(false);
            if (result.Errors.IsEmpty) return result;
            if (attempt == MostAttempts || result.Errors[0].Code != ErrorCodes.Internal)
                throw new GraphQLException(result.Errors);
            await Task.Delay(Pause * attempt).ConfigureAwait(false);
        }
    }

    private void Take(JsonElement data, int names)
    {
        for (var name = 0; name < names; name++)
        {
            var rows = data.GetProperty($"rows{name}");
            var nodes = rows.GetProperty("nodes");
            var edges = rows.GetProperty("edges");
            for (var i = 0; i < nodes.GetArrayLength(); i++)
            {
                var id = edges[i].GetProperty("node").GetProperty("id").GetString()!;
                if (!_rows.TryGetValue(id, out var found)) _rows.Add(id, found = new RawJson?[names]);
                found[name] = new RawJson(JsonSerializer.SerializeToUtf8Bytes(nodes[i]));
            }
        }
    }
}
