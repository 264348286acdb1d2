// The fields of an event that prove it: its leaf, and the way from there to the published checkpoint. Enters: an event
// that the request read. Leaves: texts, or null while the event is not final or the checkpoint does not cover it.
using EventSourced.Api.Streams;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Execution;

namespace EventSourced.Api.Log;

/// <summary>Resolves leaf and proof.</summary>
internal sealed class ProofFields(StoredLog log, StateProofs states)
{
    internal void AddTo(SchemaBuilder builder) => builder
        .AddResolver("Event", "leaf", LeafAsync)
        .AddResolver("Event", "proof", ProofAsync)
        .AddResolver("Stream", "proof", context => StateAsync(context, context.Parent<StreamView>().Id))
        .AddResolver("Query", "stateProof", context => StateAsync(context, context.ArgumentValue<string>("id")));

    private async ValueTask<object?> StateAsync(ResolverContext context, string? id) =>
        id is null || id.Contains('\0') || EventRoutes.Find(id) is not { } thing
            ? null
            : await states.ProveAsync(thing, context.RequestAborted).ConfigureAwait(false);

    private async ValueTask<object?> LeafAsync(ResolverContext context)
    {
        var entry = await log.EntryAsync(context.Parent<StoredEvent>().Position, context.RequestAborted)
            .ConfigureAwait(false);
        return entry is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span) : null;
    }

    private async ValueTask<object?> ProofAsync(ResolverContext context) =>
        await log.ProofAsync(context.Parent<StoredEvent>().Position, context.RequestAborted).ConfigureAwait(false);
}
