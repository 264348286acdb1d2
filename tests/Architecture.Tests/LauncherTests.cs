// The launcher's commands set up what they need before they run anything. Enters: the scripts as they are, with the
// steps that would install or start something replaced by a line that names them. Leaves: the order of the steps.
using System.Diagnostics;

namespace EventSourced.Architecture.Tests;

public class LauncherTests
{
    private const string Traced =
        """
        set -euo pipefail
        ES_ROOT=$PWD ES_DATA=$PWD/none ES_DB_PORT=1 ES_CHAIN_PORT=1 ES_HOST_PORT=1 ES_CHAIN_ID=1 ES_DATABASE=none
        for part in tools/launcher/*.sh; do . "$part"; done
        need_dotnet() { :; }
        need_apt() { :; }
        db_start() { :; }
        need_npm() { echo "npm ${1#"$ES_ROOT"/}"; }
        program() { echo "$1"; }
        dotnet() { echo "run ${1#"$ES_ROOT"/}"; }
        es_bench "$1" 2>/dev/null
        """;

    public static TheoryData<string> Benches =>
        [.. Repository.References.Keys.Where(folder => folder.StartsWith("bench/Bench.", StringComparison.Ordinal))];

    // On a fresh clone `./es bench ingest` failed: it found no anvil.
    [Theory]
    [MemberData(nameof(Benches))]
    public async Task A_bench_that_fills_a_chain_installs_the_npm_packages_of_the_contracts_before_it_runs(string bench)
    {
        var fillsChains = Repository.References[bench].Contains("tools/World");
        var steps = await StepsAsync(bench["bench/Bench.".Length..].ToLowerInvariant());
        Assert.Equal($"run {bench}", steps[^1]);
        Assert.Equal(fillsChains, steps.Contains("npm contracts"));
    }

    [Fact]
    public void Some_bench_fills_a_chain() =>
        Assert.Contains("bench/Bench.Ingest",
            Repository.References.Where(pair => pair.Value.Contains("tools/World")).Select(pair => pair.Key));

    [Theory]
    [InlineData("tools/launcher/packages.sh")]
    [InlineData("tools/launcher/host.sh")]
    [InlineData("src/Host/Dockerfile")]
    public void No_Debian_package_is_installed_for_cryptography(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, file));
        Assert.DoesNotContain("libsecp256k1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("libsodium", text, StringComparison.Ordinal);
    }

    private static async Task<string[]> StepsAsync(string bench)
    {
        var start = new ProcessStartInfo("bash", ["-c", Traced, "launcher", bench])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected bash to start, found no process");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
