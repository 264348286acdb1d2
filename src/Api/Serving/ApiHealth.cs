// Whether there is an index to read. Enters: the database. Leaves: the reasons why not, in words. Always holds:
// without a reason, queries of this program's schema find their tables.
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Api.Serving;

/// <summary>Looks at the database.</summary>
public sealed class ApiHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly string Fingerprint =
        string.Join(' ', ReadModels.All.Select(model => $"{model.Table}:{model.Fingerprint}"));

    private readonly NpgsqlDataSource _database;

    internal ApiHealth(NpgsqlDataSource database) => _database = database;

    /// <summary>The reasons why the API cannot answer queries; empty when it can.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await using var there = _database.CreateCommand(
                "select to_regclass('es_indexer') is not null and to_regclass('es_reorg') is not null");
            if (!(bool)(await there.ExecuteScalarAsync(limit.Token).ConfigureAwait(false))!)
                return ["nothing is indexed in this database yet"];
            await using var models = _database.CreateCommand("select models from es_indexer");
            return await models.ExecuteScalarAsync(limit.Token).ConfigureAwait(false) switch
            {
                "" or null => ["nothing is indexed in this database yet"],
                string found when found != Fingerprint =>
                    ["the read models of this database are not this program's; an indexer of it rebuilds them"],
                _ => [],
            };
        }
        catch (Exception fault) when (fault is NpgsqlException or OperationCanceledException or TimeoutException
            && !cancellation.IsCancellationRequested)
        {
            return [$"the database does not answer: {fault.Message}"];
        }
    }
}
