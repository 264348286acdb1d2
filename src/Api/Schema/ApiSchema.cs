// The schema of the API has three parts: the read models, generated from their declarations; api.graphql, with
// events, streams and the progress of the index; and the subscriptions, one for every model. Leaves: a valid schema
// with a resolver behind every root field.
using EventSourced.Api.Cards;
using EventSourced.Api.Commands.Path;
using EventSourced.Api.Live;
using EventSourced.Api.Log;
using EventSourced.Api.Model;
using EventSourced.Api.Options;
using EventSourced.Api.Serving;
using EventSourced.Api.Streams;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Sql;
using Npgsql;

namespace EventSourced.Api.Schema;

/// <summary>Makes the schema.</summary>
internal static class ApiSchema
{
    internal static GraphQL.TypeSystem.Schema Create(
        NpgsqlDataSource database, Func<IndexerView?> indexer, Transactions transactions, int maxListSize,
        SubscriptionFields subscriptions, NextActions actions, string? archive, CardReader cards)
    {
        var builder = SchemaBuilder.New()
            .AddSqlModel(ReadApiModel.Create(cards, MetaFields.Value), database)
            .AddDocumentFromString(EmbeddedFile.Text("api.graphql"))
            .AddDocumentFromString(SubscriptionFields.Definitions());
        MetaFields.AddTo(builder, indexer);
        new StreamFields(database, transactions, maxListSize).AddTo(builder);
        builder.AddResolver("Event", "transaction", transactions.ResolveAsync);
        new ProofFields(new StoredLog(database, archive), new StateProofs(database)).AddTo(builder);
        subscriptions.AddTo(builder);
        new NextActionFields(actions).AddTo(builder);
        return builder.Create();
    }
}
