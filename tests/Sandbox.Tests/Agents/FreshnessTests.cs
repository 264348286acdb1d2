// Checked-in modules are what their sources give. The hashes are compared always; where clang 14 with its linker is
// there, every agent is built again and compared byte for byte, and the bench's kernels are by wabt.
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace EventSourced.Sandbox.Tests.Agents;

public sealed class FreshnessTests
{
    [Fact]
    public void Every_source_and_module_has_the_hash_of_the_last_build()
    {
        var listed = Repository.Text("agents/modules.sha256").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);
        foreach (var (path, hash) in listed)
        {
            var found = Convert.ToHexStringLower(SHA256.HashData(Repository.Bytes($"agents/{path}")));
            Assert.True(hash == found, $"agents/{path} changed since the last agents/build.sh");
        }

        var root = Repository.Path("agents");
        var there = new[] { "*.c", "*.h", "*.wasm" }
            .SelectMany(pattern => Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(root, path))
            .Append("build.sh");
        Assert.Equal(there.Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
    }

    [FactWithClang]
    public async Task Building_the_agents_again_gives_the_same_bytes()
    {
        var folder = Directory.CreateTempSubdirectory("es-agents-");
        try
        {
            await Repository.AskAsync("bash", [Repository.Path("agents/build.sh"), folder.FullName]);
            var built = folder.GetFiles("*.wasm");
            Assert.Equal(9, built.Length);
            foreach (var module in built)
            {
                var checkedIn = Directory.EnumerateFiles(
                    Repository.Path("agents"), module.Name, SearchOption.AllDirectories);
                Assert.True(
                    File.ReadAllBytes(checkedIn.Single()).AsSpan().SequenceEqual(File.ReadAllBytes(module.FullName)),
                    $"expected {module.Name} to be what its source gives, found other bytes; run agents/build.sh");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_kernels_of_the_bench_are_what_their_text_gives()
    {
        foreach (var text in Directory.EnumerateFiles(Repository.Path("bench/Bench.Execute/kernels"), "*.wat"))
        {
            Assert.True(
                File.ReadAllBytes(Path.ChangeExtension(text, ".wasm")).AsSpan().SequenceEqual(
                    TextFormat.Module(File.ReadAllText(text))),
                $"expected the module beside {Path.GetFileName(text)} to be what wat2wasm gives, found other bytes");
        }
    }
}

/// <summary>A fact that needs the compiler that built the agents.</summary>
public sealed partial class FactWithClangAttribute : FactAttribute
{
    public FactWithClangAttribute()
    {
        if (!HasClang14() || !Repository.Has("wasm-ld-14")) Skip = "clang-14 with lld-14 is not installed";
    }

    private static bool HasClang14()
    {
        if (!Repository.Has("clang-14")) return false;
        using var clang = Process.Start(
            new ProcessStartInfo("clang-14", ["--version"]) { RedirectStandardOutput = true })!;
        return Version14().IsMatch(clang.StandardOutput.ReadToEnd());
    }

    [GeneratedRegex(@"clang version 14\.")]
    private static partial Regex Version14();
}
