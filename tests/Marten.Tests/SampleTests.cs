// The sample of docs/marten.md. Always holds: the page shows the program that runs here, and it runs on a database that
// the indexer wrote.
using System.Runtime.CompilerServices;

namespace EventSourced.Marten.Tests;

[Collection(nameof(Console))]
public sealed class SampleTests(IndexedEconomy economy) : IClassFixture<IndexedEconomy>
{
    [Fact]
    public void The_page_shows_the_sample_as_it_is() => Assert.Contains(
        $"```csharp\n{File.ReadAllText(At("tools/MartenSample/Program.cs")).ReplaceLineEndings("\n")}```",
        File.ReadAllText(At("docs/marten.md")).ReplaceLineEndings("\n"),
        StringComparison.Ordinal);

    [Fact]
    public async Task The_sample_reads_folds_and_projects_a_database_that_the_indexer_wrote()
    {
        var found = await RunAsync(economy.Database.ConnectionString, "task-1");
        Assert.Contains("TaskCreated { TaskId = 1", found, StringComparison.Ordinal);
        Assert.Contains("task-1 is Finalized, price ", found, StringComparison.Ordinal);
        var most = await economy.Database.TextAsync(
            """
            select agent_id, count(*) from model.task where status = 7 and agent_id > 0
             group by agent_id order by count(*) desc, 'agent-' || agent_id limit 1
            """);
        var (agent, tasks) = (most.Trim('(', ')').Split(',')[0], most.Trim('(', ')').Split(',')[1]);
        Assert.Contains($"agent-{agent} was paid for {tasks} tasks", found, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var console = Console.Out;
        var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            var entry = typeof(Earned).Assembly.EntryPoint!;
            if (entry.Invoke(null, [arguments]) is Task running) await running;
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    private static string At(string path, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", path);
}
