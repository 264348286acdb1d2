// The same random programs everywhere: again in this process, in another process, and in V8. Results, traps, memory
// and fuel are equal for each program. ES_DETERMINISM_PROGRAMS sets how many programs there are (10,000 for the full
// run); a failure names seed and index, and `dotnet run --project tests/Wasm.Determinism -- one SEED INDEX FILE` writes
// that program.
using System.Globalization;
using EventSourced.Testing;
using EventSourced.Wasm.Determinism;

namespace EventSourced.Sandbox.Tests.Determinism;

/// <summary>The seed of this run and what this process found for it.</summary>
public sealed class ReferenceRun
{
    internal const int DefaultPrograms = 300;

    private readonly Lazy<string[]> _lines;

    public ReferenceRun() => _lines = new Lazy<string[]>(() => [.. Batch.Run(Seed.Value, Count)]);

    public Seed Seed { get; } = Seed.FromEnvironment();

    public int Count { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable("ES_DETERMINISM_PROGRAMS"), CultureInfo.InvariantCulture, out var count)
            ? count
            : DefaultPrograms;

    /// <summary>A line a program: index, result or trap, pages, memory's hash, fuel.</summary>
    public string[] Lines => _lines.Value;

    /// <summary>Fails at the first program that another run saw differently.</summary>
    public void MustEqual(IEnumerable<string> found, string where)
    {
        var lines = found.ToArray();
        Assert.True(Lines.Length == lines.Length, $"{where}: expected {Lines.Length} lines, found {lines.Length}");
        foreach (var (expected, line) in Lines.Zip(lines))
            Assert.True(expected == line, $"{where}, seed {Seed.Value}: expected '{expected}', found '{line}'");
    }
}

public sealed class DeterminismTests(ReferenceRun reference) : IClassFixture<ReferenceRun>
{
    private static readonly string Runner =
        Path.Combine(AppContext.BaseDirectory, "EventSourced.Wasm.Determinism.dll");

    [Fact]
    public void Random_programs_give_the_same_again_in_one_process() =>
        reference.MustEqual(Batch.Run(reference.Seed.Value, reference.Count), "a second run");

    [Fact]
    public async Task Random_programs_give_the_same_in_another_process() =>
        reference.MustEqual(await RunAsync(Runner), "another process");

    [Fact]
    public async Task Random_programs_give_the_results_the_memory_and_the_fuel_of_V8()
    {
        var file = Path.GetTempFileName();
        try
        {
            Batch.Write(reference.Seed.Value, reference.Count, file);
            var output = await Repository.AskAsync("node", [Path.Combine(AppContext.BaseDirectory, "v8.mjs"), file]);
            reference.MustEqual(Lines(output), "V8");
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Of one seed: how many results differ is a property of the generator, and seeds scatter widely.
    [Fact]
    public void Random_programs_are_worth_comparing()
    {
        var outcomes = Batch.Run(seed: 1, ReferenceRun.DefaultPrograms).Select(Result).ToArray();
        var values = outcomes.Where(IsValue).Distinct().Count();
        Assert.True(values > outcomes.Length / 4, $"expected many different results, found {values}");
        Assert.Contains("MemoryOutOfBounds", outcomes);
        Assert.Contains("IntegerDivisionByZero", outcomes);
    }

    [Fact]
    public void Random_programs_come_to_an_end() =>
        Assert.DoesNotContain(reference.Lines.Select(Result), result => result is "OutOfFuel" or "StackExhausted");

    private async Task<string[]> RunAsync(string runner, params (string, string)[] environment) =>
        Lines(await Repository.AskAsync(
            "dotnet", [runner, "run", $"{reference.Seed.Value}", $"{reference.Count}"], environment));

    private static string Result(string line) => line.Split(' ')[1];

    private static bool IsValue(string result) =>
        result.Length == 16 && ulong.TryParse(result, NumberStyles.HexNumber, null, out _);

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
