// es wasm run and es wasm verify as a person calls them, on every reference agent.
using System.Diagnostics;
using System.Text;

namespace EventSourced.Sandbox.Tests.Receipts;

public sealed class CommandTests : IDisposable
{
#if DEBUG
    private const string Build = "Debug";
#else
    private const string Build = "Release";
#endif

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("es-wasm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("echo", "article.txt")]
    [InlineData("summarizer", "article.txt")]
    [InlineData("auditor", "vault.sol")]
    [InlineData("caption", "meadow.ppm")]
    [InlineData("hash", "lamp.bmp")]
    [InlineData("matrix", "matrices.txt")]
    public async Task A_run_prints_a_receipt_that_verifies_until_a_byte_of_it_is_changed(string agent, string sample)
    {
        var (receipt, output) = (In("receipt.json"), In("output"));
        var run = await HostAsync(
            "run", Repository.Path($"agents/{agent}/{agent}.wasm"), "--input",
            Repository.Path($"agents/samples/{sample}"), "--receipt", receipt, "--output", output);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(await File.ReadAllTextAsync(receipt), run.Output);
        Assert.NotEmpty(await File.ReadAllBytesAsync(output));

        var verified = await HostAsync("verify", receipt);
        Assert.StartsWith("verified: receipt ", verified.Output, StringComparison.Ordinal);
        Assert.Equal(0, verified.Code);

        // The first digit of the output's hash, changed into its neighbour.
        var bytes = await File.ReadAllBytesAsync(receipt);
        var at = run.Output.IndexOf("\"outputHash\":\"", StringComparison.Ordinal) + 14;
        bytes[at] = bytes[at] == (byte)'9' ? (byte)'8' : (byte)(bytes[at] ^ 1);
        await File.WriteAllBytesAsync(receipt, bytes);
        var refuted = await HostAsync("verify", receipt);
        Assert.Equal(1, refuted.Code);
        Assert.Contains(bytes[at] is >= (byte)'0' and <= (byte)'f' ? "outputHash" : "form", refuted.Output);
        Assert.Contains("refuted: ", refuted.Output);
    }

    [Fact]
    public async Task Arguments_files_environment_and_limits_reach_the_run_and_its_receipt()
    {
        var run = await HostAsync(
            "run", Repository.Path("agents/hash/hash.wasm"), "--arg", "sha256", "--env", "A=b", "--seed", "7",
            "--file", $"data/x={Repository.Path("agents/samples/lease.json")}", "--fuel", "1000000", "--clock", "5");
        Assert.Equal(0, run.Code);
        Assert.Contains("\"arguments\":[\"sha256\"]", run.Output);
        Assert.Contains("\"environment\":{\"A\":\"b\"}", run.Output);
        Assert.Contains("\"files\":{\"data/x\":\"", run.Output);
        Assert.Contains("\"fuel\":1000000", run.Output);
        Assert.Contains("\"randomSeed\":\"7\"", run.Output);
        // Without --output, what the agent writes goes beside the receipt, to standard error.
        Assert.Equal("sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n", run.Error);
        await File.WriteAllTextAsync(In("receipt.json"), run.Output);
        Assert.Equal(0, (await HostAsync("verify", In("receipt.json"))).Code);
    }

    [Fact]
    public async Task The_exit_code_is_the_agents_and_a_trap_has_one_of_its_own()
    {
        var hash = Repository.Path("agents/hash/hash.wasm");
        Assert.Equal(65, (await HostAsync("run", hash, "--arg", "md5")).Code);
        var trapped = await HostAsync("run", hash, "--fuel", "100");
        Assert.Equal(70, trapped.Code);
        Assert.Contains("\"reason\":\"all fuel consumed\"", trapped.Output);
    }

    [Theory]
    [InlineData("run", "/no/such/module.wasm")]
    [InlineData("verify", "/no/such/receipt.json")]
    [InlineData("run", "{hash}", "--env", "novalue")]
    [InlineData("run", "{hash}", "--file", "../x={hash}")]
    [InlineData("run", "{hash}", "--fuel", "0")]
    public async Task What_a_person_got_wrong_ends_in_one_line(params string[] arguments)
    {
        var hash = Repository.Path("agents/hash/hash.wasm");
        var wrong = await HostAsync([.. arguments.Select(argument => argument.Replace("{hash}", hash))]);
        Assert.Equal(2, wrong.Code);
        Assert.Single(wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private async Task<(int Code, string Output, string Error)> HostAsync(params string[] arguments)
    {
        var host = Repository.Path($"src/Host/bin/{Build}/net10.0/EventSourced.Host.dll");
        var start = new ProcessStartInfo("dotnet", [host, "wasm", .. arguments, "--content", In("content")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
