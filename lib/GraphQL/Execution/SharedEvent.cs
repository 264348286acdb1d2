// A subscription's event that is the same for all subscribers. Enters: the plan and the variables of a subscriber.
// Leaves: one result, made and written as JSON once for all subscribers with the same document and the same variables.
// Always holds: the result has nothing of one subscriber's request, neither its services nor its cancellation.
using System.Collections.Concurrent;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Execution;

/// <summary>An event whose result depends on itself, the document and the variables alone; its resolvers ask for no
/// services.</summary>
public abstract record SharedEvent
{
    private readonly ConcurrentDictionary<(OperationPlan Plan, string Variables), Lazy<Task<OperationResult>>>
        _results = new();

    internal Task<OperationResult> ResultAsync(
        OperationPlan plan, string variables, Func<ValueTask<OperationResult>> run) =>
        _results.GetOrAdd((plan, variables), _ => new(() => KeptAsync(run))).Value;

    private static async Task<OperationResult> KeptAsync(Func<ValueTask<OperationResult>> run) =>
        (await run().ConfigureAwait(false)).Kept();
}
