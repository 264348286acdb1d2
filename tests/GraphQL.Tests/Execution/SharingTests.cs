// Equal queries at one time: one run for all that wait, and never an answer that is older than its question.
using System.Collections.Concurrent;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Tests.Execution;

public sealed class SharingTests
{
    private readonly BlockingCollection<TaskCompletionSource> _gates = [];
    private int _runs;
    private int _cancelled;

    [Fact]
    public async Task Equal_queries_that_come_while_one_runs_share_the_next_run()
    {
        var executor = Executor();
        var first = AskAsync(executor, "{ run }");
        var gate = _gates.Take();
        var waiting = Enumerable.Range(0, 5).Select(_ => AskAsync(executor, "{ run }")).ToArray();
        Assert.Equal(1, _runs);
        gate.SetResult();
        Assert.Equal("""{"data":{"run":1}}""", await first);
        gate = _gates.Take();
        // The second run has begun: whoever asks now must not get what it saw.
        var late = AskAsync(executor, "{ run }");
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("""{"data":{"run":2}}""", answer));
        _gates.Take().SetResult();
        Assert.Equal("""{"data":{"run":3}}""", await late);
    }

    [Fact]
    public async Task Queries_with_other_variables_or_another_text_run_beside_one_another()
    {
        var executor = Executor();
        string[] documents = ["{ run }", "{ other: run }", "query($by: Int = 1) { run(by: $by) }", "query($by: Int = 2) { run(by: $by) }"];
        var asked = documents.Select(document => AskAsync(executor, document)).ToArray();
        var gates = documents.Select(_ => _gates.Take()).ToList();
        gates.ForEach(gate => gate.SetResult());
        Assert.Equal(4, (await Task.WhenAll(asked)).Distinct().Count());
        Assert.Equal(4, _runs);
    }

    [Fact]
    public async Task One_that_leaves_takes_no_answer_from_the_others_and_the_last_one_ends_the_run()
    {
        var executor = Executor();
        using var leaving = new CancellationTokenSource();
        var first = AskAsync(executor, "{ run }");
        var gate = _gates.Take();
        var gone = AskAsync(executor, "{ run }", leaving.Token);
        var stays = AskAsync(executor, "{ run }");
        gate.SetResult();
        await first;
        gate = _gates.Take();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.SetResult();
        Assert.Equal("""{"data":{"run":2}}""", await stays);

        using var alone = new CancellationTokenSource();
        var last = AskAsync(executor, "{ run }", alone.Token);
        _gates.Take();
        await alone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
        Assert.Equal(1, Volatile.Read(ref _cancelled));
        var again = AskAsync(executor, "{ run }");
        _gates.Take().SetResult();
        Assert.Equal("""{"data":{"run":4}}""", await again);
    }

    private static async Task<string> AskAsync(
        RequestExecutor executor, string document, CancellationToken cancellation = default) =>
        ((OperationResult)await executor.ExecuteAsync(document, cancellation)).ToJson();

    private RequestExecutor Executor() => new(
        SchemaBuilder.New().AddDocumentFromString("type Query { run(by: Int = 0): Int }")
            .AddResolver("Query", "run", RunAsync).Create(),
        new ExecutionOptions { SharesEqualQueries = true });

    private async ValueTask<object?> RunAsync(ResolverContext context)
    {
        var run = Interlocked.Increment(ref _runs);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var left = context.RequestAborted.Register(() =>
        {
            Interlocked.Increment(ref _cancelled);
            gate.TrySetCanceled();
        });
        _gates.Add(gate);
        await gate.Task;
        return run;
    }
}
