// Storms, two that are always the same and as many others as are asked for. Enters: ES_SIM_FIRST and ES_SIM_SEEDS (./es
// sim sets them; else one fresh seed). Leaves: a line for each seed, also in the file that ES_SIM_REPORT names.
using System.Globalization;
using EventSourced.Testing;
using Xunit.Abstractions;

namespace EventSourced.Simulation.Tests;

public sealed class StormTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_a_storm_of_the_fixed_set_the_database_is_that_of_a_calm_index(int seed) =>
        output.WriteLine(await Storm.RunAsync(seed));

    [Fact]
    public async Task After_any_storm_the_database_is_that_of_a_calm_index()
    {
        var first = Number("ES_SIM_FIRST") ?? Seed.FromEnvironment().Value;
        var failures = new List<Exception>();
        for (var seed = first; seed < first + (Number("ES_SIM_SEEDS") ?? 1); seed++)
        {
            try
            {
                Say(await Storm.RunAsync(seed));
            }
            catch (StormFailedException failure)
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
        if (Environment.GetEnvironmentVariable("ES_SIM_REPORT") is { Length: > 0 } report) File.AppendAllText(report,
            line + "\n");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
