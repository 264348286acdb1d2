// Puts a model into a schema: its definitions, and a resolver for each root field. All root fields of an operation are
// read by one prepared statement, whose JSON goes to the response unread.
using Npgsql;

namespace EventSourced.GraphQL.Sql;

/// <summary>Serves tables through a schema.</summary>
public static class SqlResolvers
{
    /// <summary>Adds the types, the root fields and their resolvers. The data source should prepare statements by
    /// itself; its sessions run in the time zone UTC.</summary>
    public static SchemaBuilder AddSqlModel(this SchemaBuilder builder, SqlModel model, NpgsqlDataSource database)
    {
        builder.AddDocumentFromString(SqlSchemaDocument.Write(model));
        foreach (var scalar in SqlSchemaDocument.Scalars(model))
        {
            if (scalar is { Binding: { } binding, Element: null })
                builder.BindScalar(scalar.Name, binding);
        }

        var roots = new SqlRoots(model);
        foreach (var field in roots.Fields)
            builder.AddResolver("Query", field, context => SqlReading.ValueAsync(context, roots, database));
        return builder;
    }
}
