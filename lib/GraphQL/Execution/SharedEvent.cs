// An event of a subscription that is the same for everybody. Enters: who asks what of it. Leaves: one result, made and written as JSON once for all
// who ask the same by the same document with the same variables. Always holds: nothing of one subscriber's request is in it, neither its
// services nor its cancellation.
using System.Collections.Concurrent;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Execution;

/// <summary>An event whose result depends on itself, the document and the variables alone; its resolvers ask for no services.</summary>
public abstract record SharedEvent
{
    private readonly ConcurrentDictionary<(OperationPlan Plan, string Variables), Lazy<Task<OperationResult>>> _results = new();

    internal Task<OperationResult> ResultAsync(OperationPlan plan, string variables, Func<ValueTask<OperationResult>> run) =>
        _results.GetOrAdd((plan, variables), _ => new(() => KeptAsync(run))).Value;

    private static async Task<OperationResult> KeptAsync(Func<ValueTask<OperationResult>> run) =>
        (await run().ConfigureAwait(false)).Kept();
}
