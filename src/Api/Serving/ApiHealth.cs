// Whether there is an index to read. Enters: the database. Leaves: the reasons why not, in words. Always holds:
// without a reason, queries of this program's schema find their tables.
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Api.Serving;

/// <summary>Looks at the database.</summary>
public sealed class ApiHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly string Fingerprint = ReadModelSchema.FingerprintOf(ReadModels.All);

    private readonly NpgsqlDataSource _database;

    internal ApiHealth(NpgsqlDataSource database) => _database = database;

    /// <summary>The reasons why the API cannot answer queries; empty when it can.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            if (!await SharedTables.AreThereAsync(_database, limit.Token).ConfigureAwait(false))
                return ["nothing is indexed in this database yet"];
            return await ProgressTable.ModelsAsync(_database, limit.Token).ConfigureAwait(false) switch
            {
                "" => ["nothing is indexed in this database yet"],
                var found when found != Fingerprint =>
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
