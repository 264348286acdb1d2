// es dead: lists messages that failed for good, and tries them again. Enters: a database. Leaves: a table or JSON, or
// letters that the next node takes up. Always holds: when a letter is requeued, the duty that the keepers gave up on
// begins anew with it; of a letter only its kind and its fault are shown.
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EventSourced.Host.Messaging;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Workers.Keeping;
using Npgsql;
using Spectre.Console;
using Command = System.CommandLine.Command;

namespace EventSourced.Host.Keeping;

/// <summary>The command `dead`.</summary>
internal static class DeadCommand
{
    private const int NoneFound = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static Command Create()
    {
        var command = new Command(
            "dead", "Messages that failed at every try: lists them, or lets them be tried again.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Requeue());
        return command;
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "JSON instead of a table." };
        var command = new Command("list", "Lists dead letters, the newest first.") { json };
        return Act(command, async (parsed, letters, cancellation) =>
        {
            var found = await letters.ListAsync(cancellation).ConfigureAwait(false);
            if (parsed.GetValue(json))
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, Json)).ConfigureAwait(false);
            else Show(found);
            return 0;
        });
    }

    private static Command Requeue()
    {
        var ids = new Argument<Guid[]>("ID")
        {
            Description = "The letters; without any, and with --all, all of them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "All letters." };
        var command = new Command("requeue", "Lets dead letters be tried again by the next node that looks.")
        {
            ids, all,
        };
        return Act(command, async (parsed, letters, cancellation) =>
        {
            var named = parsed.GetValue(ids) ?? [];
            if (named.Length == 0 != parsed.GetValue(all))
                return await ServeCommand.RefuseAsync(
                    "dead", ["expected ids of letters, or --all, found neither or both"]).ConfigureAwait(false);
            var count = await letters.RequeueAsync(named.Length == 0 ? null : named, cancellation)
                .ConfigureAwait(false);
            await Console.Out.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{count} letters are tried again")).ConfigureAwait(false);
            return count == 0 ? NoneFound : 0;
        });
    }

    private static Command Act(
        Command command, Func<ParseResult, DeadLetters, CancellationToken, Task<int>> act)
    {
        var options = new SettingOptions(command, [Setting.Database]);
        command.SetAction(async (parsed, cancellation) =>
        {
            var layers = options.Read(parsed);
            if (HostSettings.ForReplay(layers, fromChain: false) is not { } settings)
                return await ServeCommand.RefuseAsync("dead", layers.Complaints).ConfigureAwait(false);
            var source = NpgsqlDataSource.Create(settings.Database);
            await using var closing = source.ConfigureAwait(false);
            return await act(parsed, new DeadLetters(source), cancellation).ConfigureAwait(false);
        });
        return command;
    }

    private static void Show(IReadOnlyList<DeadLetter> found)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("id", "message", "sent", "why", "again");
        foreach (var letter in found)
            table.AddRow(
                new Text($"{letter.Id}"), new Text(letter.Message),
                new Text(letter.SentAt?.ToString("u", CultureInfo.InvariantCulture) ?? ""), new Text(letter.Why),
                new Text(letter.IsRequeued ? "soon" : ""));
        AnsiConsole.Write(table);
    }
}
