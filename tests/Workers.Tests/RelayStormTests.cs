// Storms over the relayer: one that is always the same, and as many others as are asked for. Enters: ES_SIM_FIRST and
// ES_SIM_SEEDS (./es sim sets them; else one fresh seed). Leaves: a line for each seed, also in the file that
// ES_SIM_REPORT names.
using System.Globalization;
using EventSourced.Testing;
using Xunit.Abstractions;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class RelayStormTests(Shore shore, ITestOutputHelper output)
{
    [Fact]
    public async Task After_the_fixed_storm_every_command_happened_once_or_is_reported_as_not_happened() =>
        output.WriteLine(await RelayStorm.RunAsync(1, shore));

    [Fact]
    public async Task After_any_storm_every_command_happened_once_or_is_reported_as_not_happened()
    {
        var first = Number("ES_SIM_FIRST") ?? Seed.FromEnvironment().Value;
        var failures = new List<Exception>();
        for (var seed = first; seed < first + (Number("ES_SIM_SEEDS") ?? 1); seed++)
        {
            try
            {
                Say(await RelayStorm.RunAsync(seed, shore));
            }
            catch (InvalidOperationException failure)
            {
                Say(failure.Message);
                failures.Add(failure);
            }
        }

        if (failures.Count > 0) throw new AggregateException(failures);
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("ES_SIM_REPORT") is { Length: > 0 } report)
            File.AppendAllText(report, line + "\n");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
