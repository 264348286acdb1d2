// The schema of the API: the read models' part, which is generated from their declarations, and what stands in
// api.graphql: events, streams, how far the index is; and the subscriptions, one for every model. Leaves: a valid
// schema with a resolver behind every root field.
using EventSourced.Api.Live;
using EventSourced.Api.Model;
using EventSourced.Api.Options;
using EventSourced.Api.Streams;
using EventSourced.GraphQL.Sql;
using EventSourced.GraphQL.TypeSystem;
using Npgsql;

namespace EventSourced.Api.Schema;

/// <summary>Makes the schema.</summary>
internal static class ApiSchema
{
    internal static GraphQL.TypeSystem.Schema Create(NpgsqlDataSource database, ApiOptions options, SubscriptionFields subscriptions)
    {
        var builder = SchemaBuilder.New()
            .AddSqlModel(ReadApiModel.Create(MetaFields.Value), database)
            .AddDocumentFromString(Resource("api.graphql"))
            .AddDocumentFromString(SubscriptionFields.Definitions());
        MetaFields.AddTo(builder, options.Indexer);
        new StreamFields(database, options.Limits.MaxListSize).AddTo(builder);
        builder.AddResolver("Event", "transaction", options.Transactions.ResolveAsync);
        subscriptions.AddTo(builder);
        return builder.Create();
    }

    internal static string Resource(string name)
    {
        using var stream = typeof(ApiSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"expected {name} in the assembly, found none");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
