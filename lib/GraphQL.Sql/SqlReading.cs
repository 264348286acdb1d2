// The one reading of the database that the root fields of a request share. The first field that is resolved starts it;
// each takes its own column: the JSON as bytes, or the error that is its own.
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using Npgsql;

namespace EventSourced.GraphQL.Sql;

internal sealed class SqlReading
{
    // Data exceptions (PostgreSQL, appendix A): a value that passed the schema does not fit the column that it is
    // compared with.
    private const string DataExceptions = "22";

    private static readonly RawJson Null = new("null"u8.ToArray());

    private readonly RequestContext _request;
    private readonly Task<object?[]> _values;

    private SqlReading(RequestContext request, SqlRoots roots, NpgsqlDataSource database)
    {
        _request = request;
        _values = ReadAsync(request, roots, database);
    }

    public static async ValueTask<object?> ValueAsync(
        ResolverContext context, SqlRoots roots, NpgsqlDataSource database)
    {
        var reading = (SqlReading)(context.Request.RootReading ??= new SqlReading(context.Request, roots, database));
        var values = await reading._values.ConfigureAwait(false);
        var value = values[reading._request.Plan.Root.Selections.IndexOf(context.Selection)];
        return value is GraphQLException refusal ? throw refusal : value;
    }

    private static async Task<object?[]> ReadAsync(RequestContext request, SqlRoots roots, NpgsqlDataSource database)
    {
        var values = new object?[request.Plan.Root.Selections.Length];
        var shape = StatementShape.Of(request.Plan, request.Variables, roots);
        await using var command = new NpgsqlCommand();
        var operation = Prepare(request, roots, shape, command, values);
        foreach (var root in operation.Roots)
            values[root.Index] = root.Refusal;
        if (operation.Statement.Text.Length == 0)
            return values;

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await AskAsync(command, operation, request, database, values).ConfigureAwait(false);
                await FinishAsync(operation, request, values).ConfigureAwait(false);
                return values;
            }
            catch (NpgsqlException lost) when (IsLost(lost) && attempt <= MostLost(database))
            {
                // Nothing was answered and nothing is written: a server that started again is asked again.
            }
        }
    }

    private static async Task AskAsync(
        NpgsqlCommand command, SqlOperation operation, RequestContext request, NpgsqlDataSource database,
        object?[] values)
    {
        var cancellation = request.RequestAborted;
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        command.Connection = connection;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
                throw new InvalidOperationException("Expected one row of root fields, found none.");
            Take(reader, operation, request.Variables, values);
        }
        catch (PostgresException failure) when (failure.SqlState.StartsWith(DataExceptions, StringComparison.Ordinal))
        {
            throw new GraphQLException(new GraphQLError(
                $"Expected values that the database can compare, found one that it cannot: {failure.MessageText}.",
                ErrorCodes.BadUserInput));
        }
    }

    // The connection is free by now: what is made late may take its time.
    private static async Task FinishAsync(SqlOperation operation, RequestContext request, object?[] values)
    {
        if (operation.Late.Count == 0)
            return;
        foreach (var root in operation.Roots)
        {
            if (root.IsParsed || values[root.Index] is not RawJson { Utf8: var json })
                continue;
            values[root.Index] = new RawJson(await LateFields.FillAsync(
                json.ToArray(), operation.Late, request.Variables, request.RequestAborted).ConfigureAwait(false));
        }
    }

    // A connection of the pool that the server closed, perhaps long ago: it says so when it is used, and not before.
    private static bool IsLost(NpgsqlException fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
            or { InnerException: IOException };

    // The pool may hand out one lost connection after another: at most all that it holds.
    private static int MostLost(NpgsqlDataSource database) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize;

    // A value that does not fit refuses its own root field; the others are read without it.
    private static SqlOperation Prepare(
        RequestContext request, SqlRoots roots, string shape, NpgsqlCommand command, object?[] values)
    {
        var operation = request.Plan.Plan(shape, () => roots.Write(request.Plan, request.Variables, []));
        if (operation.Statement.Fill(command, request.Variables) is not { } refusals)
            return operation;
        foreach (var (root, refusal) in refusals)
            values[root] = refusal;
        command.Parameters.Clear();
        operation = request.Plan.Plan(
            $"{shape}!{string.Join(',', refusals.Keys.Order())}",
            () => roots.Write(request.Plan, request.Variables, refusals.Keys));
        return operation.Statement.Fill(command, request.Variables) is null
            ? operation
            : throw new InvalidOperationException("Expected the rest of the values to fit as before, found one not.");
    }

    private static void Take(
        NpgsqlDataReader reader, SqlOperation operation, IReadOnlyDictionary<string, object?> variables,
        object?[] values)
    {
        var progress = default(IndexProgress);
        if (operation.ProgressColumn >= 0 && !reader.IsDBNull(operation.ProgressColumn))
        {
            var numbers = reader.GetFieldValue<long?[]>(operation.ProgressColumn);
            progress = new(numbers[0], numbers[1], numbers[2]);
        }

        foreach (var root in operation.Roots)
        {
            if (root.Refusal is not null)
                continue;
            if (root.Block is { } block)
            {
                var number = reader.IsDBNull(root.NumberColumn) ? default(long?) : reader.GetInt64(root.NumberColumn);
                if (block.Refusal(progress, number, variables) is { } refusal)
                {
                    values[root.Index] = refusal;
                    continue;
                }
            }

            values[root.Index] = reader.IsDBNull(root.Column)
                ? root.IsParsed ? null : Null
                : root.IsParsed
                ? JsonElement.Parse(reader.GetFieldValue<byte[]>(root.Column))
                : new RawJson(reader.GetFieldValue<byte[]>(root.Column));
        }
    }
}
