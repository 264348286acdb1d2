// What the curve costs: keys that sign, and signers recovered from their signatures, as whoever checks commands
// recovers them. Rounds interleaved, medians of this process's CPU. No goal is named: the figures are printed.
using System.Diagnostics;
using EventSourced.Ethereum;
using EventSourced.Reporting;

namespace EventSourced.BenchIngest;

internal static class Signatures
{
    private const int Count = 10_000;
    private const int Rounds = 7;

    public static void Run(Report report)
    {
        using var key = SigningKey.Generate();
        var hashes = Enumerable.Range(0, Count).Select(i => Keccak256.Hash($"message {i}")).ToArray();
        var signatures = new Signature[Count];
        var (signing, recovering) = (new List<double>(), new List<double>());
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < Rounds; round++)
        {
            signing.Add(Measured(process, i => signatures[i] = key.Sign(hashes[i])));
            recovering.Add(Measured(process, i =>
            {
                if (!signatures[i].TryRecover(hashes[i], out var signer, out var fault) || signer != key.Address)
                    throw new InvalidOperationException($"expected {key.Address}, found {signer} ({fault})");
            }));
        }

        Tell(report, $"sign: {Count:N0} hashes", Report.Median(signing));
        Tell(report, $"recover: {Count:N0} signers", Report.Median(recovering));
    }

    // Microseconds of CPU each.
    private static double Measured(Process process, Action<int> act)
    {
        process.Refresh();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < Count; i++) act(i);
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMicroseconds / Count;
    }

    private static void Tell(Report report, string what, double each) =>
        report.Row(what, $"{1e6 / each:N0}", $"{each:0.0}", "");
}
