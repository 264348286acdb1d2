// es execution: tasks of WebAssembly work for people. Enters: files, the database, the content folder. Leaves: a
// specification in the store (spec), or the verdict on a delivery after the work was done again (check), and an exit
// code. Always holds: the same code gives the verdict here and at the verifiers.
using System.CommandLine;
using EventSourced.Content;
using EventSourced.Ethereum;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Sandbox.Engines;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Queueing;
using EventSourced.Workers.Verifying;
using Npgsql;

namespace EventSourced.Host.Hosting;

/// <summary>The commands `execution spec` and `execution check`.</summary>
public static class ExecutionCommands
{
    private const int Wrong = 1;
    private const int NotJudged = 3;

    /// <summary>The command `execution` with its subcommands.</summary>
    public static Command Create() =>
        new("execution", "Tasks of WebAssembly work: write what a task asks, check what was delivered.")
        {
            CreateSpec(), CreateCheck(),
        };

    private static Command CreateSpec()
    {
        var input = new Argument<FileInfo>("INPUT") { Description = "What standard input holds." };
        var module = new Option<FileInfo?>("--module") { Description = "The module; without it the agent chooses." };
        var arguments = new Option<string[]>("--arg") { Description = "An argument of the module; repeatable." };
        var title = new Option<string?>("--title") { Description = "For people." };
        var capability = new Option<string?>("--capability") { Description = "What an agent that bids must offer." };
        var command = new Command("spec", "Stores input, module and specification, and prints specHash and specURI.")
        {
            input, module, arguments, title, capability,
        };
        var options = new SettingOptions(command, [Setting.Content]);
        command.SetAction((parsed, cancellation) => WithStoreAsync(options.Read(parsed), async store =>
        {
            async Task<Hash32> PutAsync(FileInfo file) => await KeepAsync(
                store, await File.ReadAllBytesAsync(file.FullName, cancellation).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false);
            var work = new Work(await PutAsync(parsed.GetValue(input)!).ConfigureAwait(false))
            {
                Module = parsed.GetValue(module) is { } given ? await PutAsync(given).ConfigureAwait(false) : null,
                Arguments = parsed.GetValue(arguments) ?? [],
            };
            var text = new TaskSpecification(parsed.GetValue(title), parsed.GetValue(capability), work).ToJson();
            // Parsing it here proves that every executor can read the printed text.
            TaskSpecification.Parse(text);
            var hash = await KeepAsync(store, text, cancellation).ConfigureAwait(false);
            Console.WriteLine($"specHash {hash}");
            Console.WriteLine($"specURI {ContentIds.Scheme}{ContentIds.CidOf(hash)}");
            return 0;
        }));
        return command;
    }

    private static Command CreateCheck()
    {
        var task = new Argument<ulong>("TASK") { Description = "The task's id." };
        var command = new Command("check", "Does a delivered task again and prints every difference.") { task };
        var options = new SettingOptions(command, [Setting.Database, Setting.Content]);
        command.SetAction((parsed, cancellation) =>
        {
            var layers = options.Read(parsed);
            if (HostSettings.ForReplay(layers, fromChain: false) is not { } settings)
                return ServeCommand.RefuseAsync("execution", layers.Complaints);
            return WithStoreAsync(layers, store => CheckAsync(
                settings.Database, store, parsed.GetValue(task), cancellation));
        });
        return command;
    }

    private static async Task<int> CheckAsync(
        string database, ContentStore store, ulong taskId, CancellationToken cancellation)
    {
        var source = NpgsqlDataSource.Create(database);
        await using var closing = source.ConfigureAwait(false);
        var rows = new TaskRows(source);
        if (await rows.TaskAsync(taskId, cancellation).ConfigureAwait(false) is not { } found
            || await rows.DeliveryAsync(taskId, cancellation).ConfigureAwait(false) is not { } delivery)
            return await ServeCommand.RefuseAsync(
                "execution", [$"task: expected a delivered task, found none of id {taskId}"]).ConfigureAwait(false);
        using var engine = new SandboxEngine();
        using var turns = new Turns(1);
        var judge = new Judge(
            engine,
            async (hash, token) => await store.ReadAsync(Cid.OfSha256(hash.Bytes), token).ConfigureAwait(false) is
            { } bytes ? bytes : (ReadOnlyMemory<byte>?)null,
            turns);
        switch (await judge.JudgeAsync(Judging.Delivered(found, delivery), cancellation).ConfigureAwait(false))
        {
            case Judgement.Open open:
                Console.WriteLine($"not judged: {open.Reason}");
                return NotJudged;
            case Judgement.Made { Finding.IsRight: true } made:
                Console.WriteLine($"right: running it again gives the receipt {made.Finding.Found}");
                return 0;
            case Judgement.Made made:
                foreach (var difference in made.Finding.Differences) Console.WriteLine($"wrong: {difference}");
                return Wrong;
            default:
                return NotJudged;
        }
    }

    private static async Task<Hash32> KeepAsync(
        ContentStore store, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        new((await store.PutAsync(bytes, cancellation).ConfigureAwait(false)).Cid.Digest);

    private static async Task<int> WithStoreAsync(Layers layers, Func<ContentStore, Task<int>> act)
    {
        if (ContentSettings.Read(layers) is not { } content)
        {
            layers.Complain(
                Setting.Content, "the folder of content", "nothing", $"flag {Setting.Content.Flag}");
            return await ServeCommand.RefuseAsync("execution", layers.Complaints).ConfigureAwait(false);
        }

        using var store = new ContentStore(content.Store);
        try
        {
            return await act(store).ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return await ServeCommand.RefuseAsync("execution", [unreadable.Message]).ConfigureAwait(false);
        }
    }
}
