// One run of an act: the client, and the screen. Enters: commands. Leaves: the progress of each command as a live line,
// and a table of the outcomes. Always holds: texts of a host are shown as text, never as markup; waits for the index
// are bounded.
using System.Globalization;
using EventSourced.Client;
using EventSourced.Ethereum;
using Spectre.Console;

namespace EventSourced.Host.Acting;

/// <summary>Sends commands and shows their outcome.</summary>
internal sealed record Acted(EconomyClient Client, Stage Stage, IAnsiConsole Screen)
{
    private const int MostLooks = 600;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends one command, follows it, and shows its outcome.</summary>
    public async Task<CommandStatus> DoAsync(Client.Command command, CancellationToken cancellation)
    {
        var ended = await Screen.Status().StartAsync(
            Markup.Escape($"{command.Name}: preparing and signing"),
            async live =>
            {
                var status = await Client.SendAsync(command, cancellation).ConfigureAwait(false);
                await foreach (var seen in Client.WatchAsync(status.Id, cancellation).ConfigureAwait(false))
                {
                    status = seen;
                    live.Status(Markup.Escape($"{command.Name}: {seen.Status}. {seen.Effect}"));
                    if (seen.IsAt(Stage)) break;
                }

                return status;
            }).ConfigureAwait(false);
        Screen.Write(Shown(ended));
        return ended.Succeeded == true ? ended : throw new CommandFailedException(ended);
    }

    /// <summary>Reads a task again and again until it is in the wanted state.</summary>
    public async Task<TaskRow> UntilAsync(UInt256 task, string status, CancellationToken cancellation)
    {
        TaskRow? found = null;
        for (var look = 0; look < MostLooks; look++)
        {
            found = await Client.TaskAsync(task, cancellation).ConfigureAwait(false);
            if (found?.Status == status) return found;
            await Task.Delay(BetweenLooks, cancellation).ConfigureAwait(false);
        }

        throw new TimeoutException($"expected task {task} to be {status}, found {found?.Status ?? "no task"}");
    }

    /// <summary>A table of names and values.</summary>
    public static Table Rows(params IEnumerable<(string Name, string? Value)> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        foreach (var (name, value) in rows)
            if (!string.IsNullOrEmpty(value)) table.AddRow(new Text(name), new Text(value));
        return table;
    }

    private static Table Shown(CommandStatus status) => Rows(
        ("command", status.Command), ("id", $"{status.Id}"), ("status", status.Status), ("effect", status.Effect),
        ("transaction", status.Transaction?.ToString()),
        ("block", status.Block?.ToString(CultureInfo.InvariantCulture)), ("code", status.Code),
        ("reason", status.Reason));
}
