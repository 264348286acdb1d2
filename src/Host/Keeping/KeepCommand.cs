// es keep: runs the keepers alone, or explains which duties are due and why. Enters: settings. Leaves: an exit code,
// and with --explain a table or JSON. Always holds: --explain changes nothing.
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EventSourced.Commands;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Workers.Keeping;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Spectre.Console;
using Command = System.CommandLine.Command;

namespace EventSourced.Host.Keeping;

/// <summary>The command `keep`.</summary>
internal static class KeepCommand
{
    private const int NoIndex = 1;
    private const int UsualRows = 50;
    private const int MostRows = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static Command Create()
    {
        var explain = new Option<bool>("--explain")
        {
            Description = "Lists what is due and why, and what stops it; sends nothing.",
        };
        var json = new Option<bool>("--json") { Description = "With --explain: JSON instead of a table." };
        var most = new Option<int>("--most")
        {
            Description = $"With --explain: the most things of each keeper ({UsualRows}).",
            DefaultValueFactory = _ => UsualRows,
        };
        var command = new Command(
            "keep", "Runs the keepers alone: what is due by the rows becomes commands, which a relayer sends.")
        {
            explain, json, most,
        };
        var options = new SettingOptions(command, Setting.All.Where(setting => setting != Setting.Roles));
        command.SetAction((parsed, cancellation) =>
        {
            var layers = options.Read(parsed, (Setting.Roles, "keepers"));
            return parsed.GetValue(explain)
                ? ExplainAsync(
                    layers, parsed.GetValue(json), Math.Clamp(parsed.GetValue(most), 1, MostRows), cancellation)
                : ServeCommand.RunAsync(layers, cancellation);
        });
        return command;
    }

    private static async Task<int> ExplainAsync(
        Layers layers, bool asJson, int most, CancellationToken cancellation)
    {
        if (HostSettings.ForServing(layers) is not { Keepers: { } keepers } settings)
            return await ServeCommand.RefuseAsync("keep", layers.Complaints).ConfigureAwait(false);
        var source = NpgsqlDataSource.Create(settings.Database);
        await using var closing = source.ConfigureAwait(false);
        using var store = CommandStore.Open(source);
        await CommandStore.PrepareAsync(store, source, cancellation).ConfigureAwait(false);
        using var rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        var work = KeepersPart.Work(
            settings, keepers, new EthereumClient(rpc), source, store, () => null, NullLogger.Instance);
        if (await Explainer.ReadAsync(source, work, most, cancellation).ConfigureAwait(false) is not { } found)
        {
            await Console.Error.WriteLineAsync("es keep: expected an index in the database, found none")
                .ConfigureAwait(false);
            return NoIndex;
        }

        if (asJson) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, Json)).ConfigureAwait(false);
        else Show(found);
        return 0;
    }

    private static void Show(Explained found)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("keeper", "thing", "due since", "late", "command", "state", "what stops it");
        foreach (var one in found.Due)
            table.AddRow(
                Cell(one.Keeper), Cell(one.Thing), Cell(Time(one.DueSince)),
                Cell($"{TimeSpan.FromSeconds(one.LateSeconds)}"), Cell($"{one.Command} {one.Arguments}"),
                Cell(one.CommandId is { } id ? $"{one.State} {id}" : one.State), Cell(one.Stops ?? ""));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Due.Count} due at {Time(found.Second)}, before block {found.Block}; account {found.Account ?? "none"} has collected {found.FeesPaid} fees, {found.FeesCollected} base units"));
    }

    private static Text Cell(string text) => new(text);

    private static string Time(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("u", CultureInfo.InvariantCulture);
}
