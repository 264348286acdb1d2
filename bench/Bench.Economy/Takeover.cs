// A worker process that dies in its work. Enters: a town with one host that works. Leaves: how long after its death
// another one had the last of its jobs. Always holds: the jobs are long enough that the dead one had not ended them.
using System.Diagnostics;
using EventSourced.Economy.Tests;

namespace EventSourced.BenchEconomy;

/// <summary>Measures takeovers.</summary>
internal static class Takeover
{
    private const int Jobs = 6;
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(8);

    /// <summary>Starts a second host, gives both work, and kills the second.</summary>
    /// <returns>Seconds from its death until each of its jobs is somebody else's.</returns>
    internal static async Task<double> MeasureAsync(Town town)
    {
        town.Web.Answer = async (body, stream, cancellation) =>
        {
            await Task.Delay(Work, cancellation);
            await WebService.EchoAsync(body, stream, cancellation);
        };
        await PostAsync(town);
        var first = await WorkersAsync(town);
        // The town ends it where this is cut short.
        var second = await town.StartHostAsync("workers");
        var isSecond = $"worker <> all(array['{string.Join("','", first)}']::uuid[])";
        string held;
        do
        {
            for (var job = 0; job < Jobs; job++) await PostAsync(town);
            held = await KeysAsync(town, isSecond);
        }
        while (held.Length == 0);
        await second.KillAsync();
        var died = Stopwatch.GetTimestamp();
        await town.BecomesAsync(
            $"select count(*) = 0 from commands.job where key = any(array[{held}]) and state = 0 and {isSecond}", 0);
        var took = Stopwatch.GetElapsedTime(died).TotalSeconds;
        await town.BecomesAsync("select count(*) = 0 from commands.job where kind = 2 and state = 0", 0);
        return took;
    }

    // A task whose work has begun, somewhere.
    private static async Task PostAsync(Town town)
    {
        var spec = await town.SpecAsync(null, System.Text.Encoding.UTF8.GetBytes($"{Guid.NewGuid()}"));
        await town.CreateAsync(town.Caller, spec);
        var task = await town.TaskOfAsync(spec);
        await town.BecomesAsync(
            $"select count(*) = 1 from commands.job where kind = 2 and subject = {task} and step = 'working'", 0);
    }

    private static async Task<List<Guid>> WorkersAsync(Town town)
    {
        await using var command = town.Source.CreateCommand(
            "select distinct worker from commands.job where kind = 2 and state = 0 and worker is not null");
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found.Add(reader.GetGuid(0));
        return found;
    }

    private static async Task<string> KeysAsync(Town town, string which)
    {
        await using var command = town.Source.CreateCommand(
            $"""
            select coalesce(string_agg(quote_literal(key), ','), '') from commands.job
             where kind = 2 and state = 0 and step = 'working' and {which}
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
