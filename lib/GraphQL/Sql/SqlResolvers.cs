// Puts a model into a schema: its definitions, and a resolver for each root field that runs one prepared statement
// whose JSON goes to the response unread. Statements are written once for each selection and shape of the variables.
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

/// <summary>Serves tables through a schema.</summary>
public static class SqlResolvers
{
    private static readonly RawJson Null = new("null"u8.ToArray());

    /// <summary>Adds the types, the root fields and their resolvers. The data source should prepare statements by
    /// itself.</summary>
    public static SchemaBuilder AddSqlModel(this SchemaBuilder builder, SqlModel model, NpgsqlDataSource database)
    {
        builder.AddDocumentFromString(SqlSchemaDocument.Write(model));
        foreach (var scalar in model.Tables.SelectMany(table => table.Columns).Select(column => column.Scalar))
        {
            if (scalar.Binding is { } binding)
                builder.BindScalar(scalar.Name, binding);
        }

        foreach (var table in model.Tables)
        {
            builder.AddResolver(
                "Query", table.SingleField, context => RunAsync(context, database, c => WriteSingle(c, model, table)));
            builder.AddResolver(
                "Query", table.ManyField, context => RunAsync(context, database, c => WriteMany(c, model, table)));
        }

        return builder;
    }

    private static async ValueTask<object?> RunAsync(
        ResolverContext context, NpgsqlDataSource database, Func<ResolverContext, PreparedPlan> write)
    {
        var shape = StatementShape.Of(context.Request.Plan, context.Variables);
        var plan = context.Selection.Plan(shape, _ => write(context));
        await using var connection = await database.OpenConnectionAsync(context.RequestAborted).ConfigureAwait(false);
        await using var command = new NpgsqlCommand { Connection = connection };
        plan.Fill(command, context.Variables);
        await using var reader = await command.ExecuteReaderAsync(context.RequestAborted).ConfigureAwait(false);
        if (!await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false))
            return Null;
        if (reader.FieldCount > 1 && await reader.IsDBNullAsync(1, context.RequestAborted).ConfigureAwait(false))
            throw new GraphQLException(
                new GraphQLError("Expected a canonical block, found none with this number or hash.", "UNKNOWN_BLOCK"));
        return await reader.IsDBNullAsync(0, context.RequestAborted).ConfigureAwait(false)
            ? Null
            : new RawJson(reader.GetFieldValue<byte[]>(0));
    }

    private static PreparedPlan WriteSingle(ResolverContext context, SqlModel model, SqlTable table)
    {
        var statement = new Statement();
        var block = BlockOf(context, model, statement);
        var writer = new SelectionWriter(model, statement, new(block?.Number), context.Request);
        var key =
            statement.Parameter(
                BoundValue.Argument(context.Selection, table.Key, context.Variables)!, table.KeyColumn.Scalar);
        var alias = statement.Alias("t");
        var row =
            writer.Rows.Select(
                table, alias, writer.Row(context.Selection, table, alias), $"{alias}.{table.KeyColumn.Name} = {key}");
        return Finish(statement, block, $"({row})");
    }

    private static PreparedPlan WriteMany(ResolverContext context, SqlModel model, SqlTable table)
    {
        var statement = new Statement();
        var block = BlockOf(context, model, statement);
        var writer = new SelectionWriter(model, statement, new(block?.Number), context.Request);
        return Finish(statement, block, new PageWriter(writer, context.Selection, table).Write(_ => "true"));
    }

    // How a statement names a block's number, how it finds out whether the block is canonical, and what stands before
    // it.
    private sealed record Block(string Number, string Canonical, string With);

    // The block is looked up in the statement that reads the rows: in one snapshot, so that a reorg in between cannot
    // mix two chains.
    private static PreparedPlan Finish(Statement statement, Block? block, string json) =>
        statement.Finish(block is null ? $"select {json}" : $"{block.With}select {json}, {block.Canonical}");

    private static Block? BlockOf(ResolverContext context, SqlModel model, Statement statement)
    {
        if (model.Blocks is not { } blocks
            || BoundValue.Argument(context.Selection, "block", context.Variables) is not { Value: not null } given)
            return null;
        var (name, value) = given.Fields().Single();
        if (name == "number")
        {
            var number =
                statement.Parameter(value.Source(), NpgsqlDbType.Bigint, "bigint", number => (long)(int)number);
            return new(
                number, $"(select k.{blocks.Number} from {blocks.Name} k where k.{blocks.Number} = {number})", "");
        }

        var hash = statement.Parameter(value.Source(), NpgsqlDbType.Bytea, "bytea", Bytes);
        return new(
            "(select at from block_at)", "(select at from block_at)",
            $"with block_at as materialized (select k.{blocks.Number} as at from {blocks.Name} k where " +
            $"k.{blocks.Hash} = {hash}) ");
    }

    private static object Bytes(object hash)
    {
        try
        {
            var text = (string)hash;
            return Convert.FromHexString(text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text);
        }
        catch (FormatException)
        {
            throw new GraphQLException(
                new GraphQLError($"Expected a block's hash in hex, found \"{hash}\".", ErrorCodes.BadUserInput));
        }
    }
}
