// Ten thousand signers recovered from their signatures: the cost of checking commands. No goal is named: the figure is
// printed.
using System.Diagnostics;
using EventSourced.Ethereum;
using EventSourced.Reporting;

namespace EventSourced.BenchIngest;

internal static class Signatures
{
    private const int Count = 10_000;

    public static void Run(Report report)
    {
        using var key = SigningKey.Generate();
        var hashes = Enumerable.Range(0, Count).Select(i => Keccak256.Hash($"message {i}")).ToArray();
        var signatures = hashes.Select(key.Sign).ToArray();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        for (var i = 0; i < Count; i++)
        {
            if (!signatures[i].TryRecover(hashes[i], out var signer, out var fault) || signer != key.Address)
                throw new InvalidOperationException($"expected {key.Address}, found {signer} ({fault})");
        }

        process.Refresh();
        var perSecond = Count / (process.TotalProcessorTime - cpu).TotalSeconds;
        report.Row($"recover: {Count:N0} signers", $"{perSecond:N0}", $"{1e6 / perSecond:0.0}", "");
    }
}
