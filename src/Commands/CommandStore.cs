// Marten as the journal needs it. Enters: options of a store, or a data source. Leaves: options that know every fact by
// its stored name, and the store with its tables made. Always holds: a stream is named by text; facts are appended
// without a document beside them, for the row of the command is written by the same transaction.
using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventSourced.Commands;

/// <summary>Composes Marten for the journal.</summary>
public static class CommandStore
{
    private static readonly (Type Type, string Name)[] Facts =
    [
        (typeof(Journal.Received), "received"), (typeof(Journal.Simulated), "simulated"),
        (typeof(Journal.Signed), "signed"), (typeof(Journal.Broadcast), "broadcast"),
        (typeof(Journal.Replaced), "replaced"), (typeof(Journal.Included), "included"),
        (typeof(Journal.Reorganized), "reorganized"), (typeof(Journal.Abandoned), "abandoned"),
        (typeof(Journal.Displaced), "displaced"), (typeof(Journal.Finalized), "finalized"),
        (typeof(Journal.Failed), "failed"), (typeof(Journal.Expired), "expired"),
    ];

    /// <summary>The stored names of the facts.</summary>
    public static IReadOnlyList<string> Names => [.. Facts.Select(fact => fact.Name)];

    /// <summary>Adds the journal to a store's options.</summary>
    public static void Configure(StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.DatabaseSchemaName = CommandTables.Schema;
        options.Events.DatabaseSchemaName = CommandTables.Schema;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.AppendMode = EventAppendMode.Quick;
        foreach (var (type, name) in Facts) options.Events.MapEventType(type, name);
    }

    /// <summary>A store for a process that runs no handlers of messages: acceptance and reading alone.</summary>
    public static DocumentStore Open(NpgsqlDataSource source) => DocumentStore.For(options =>
    {
        options.Connection(source);
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization();
        Configure(options);
    });

    /// <summary>Makes Marten's tables and ours.</summary>
    public static async Task PrepareAsync(IDocumentStore store, NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        await CommandTables.MakeAsync(
            source, () => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(), cancellation).ConfigureAwait(false);
    }
}
