// V8 beside us: one Node process for the whole bench. Enters: requests. Leaves: its answers.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Bench.Execute;

/// <summary>Node running v8.mjs.</summary>
public sealed class Peer : IDisposable
{
    private readonly Process _node;

    public Peer(string folder)
    {
        _node = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "v8.mjs"), folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("expected node to start, found none");
    }

    /// <summary>Measures some runs of a kernel.</summary>
    public (double[] Microseconds, string Result) Measure(Kernel kernel, int reps) =>
        Ask(new JsonObject { ["kernel"] = kernel.Name, ["reps"] = reps });

    /// <summary>Measures instantiating a compiled module.</summary>
    public double[] Instantiate(string kernel, int reps) =>
        Ask(new JsonObject { ["instantiate"] = kernel, ["reps"] = reps }).Microseconds;

    public string Version()
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["-p", "process.versions.v8"])
        {
            RedirectStandardOutput = true,
        });
        return node!.StandardOutput.ReadToEnd().Trim();
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit(TimeSpan.FromSeconds(5));
        _node.Dispose();
    }

    private (double[] Microseconds, string Result) Ask(JsonObject request)
    {
        _node.StandardInput.WriteLine(request.ToJsonString());
        _node.StandardInput.Flush();
        var line = _node.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("expected V8's answer, found none");
        var answer = JsonSerializer.Deserialize<JsonElement>(line);
        double[] times = [.. answer.GetProperty("us").EnumerateArray().Select(time => time.GetDouble())];
        return (times, answer.GetProperty("result").GetString()!.ToString(CultureInfo.InvariantCulture));
    }
}
