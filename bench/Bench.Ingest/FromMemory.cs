// Logs from memory: the answers to some real questions, about 1,000 logs each, read and decoded by the catalog again
// and again. Leaves: logs a second of CPU time on one thread, allocation per log, and the floor beside them.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Logs;
using EventSourced.Reporting;

namespace EventSourced.BenchIngest;

internal static class FromMemory
{
    private const int Rounds = 15;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(300);

    public static void Run(Report report, IReadOnlyList<byte[]> replies, Decoding decoding)
    {
        var logs = replies.Sum(Read);
        var kept = new ChainEvent[replies.Max(Read)];
        var floor = new Measure("floor: Utf8JsonReader steps over the replies", () => replies.Sum(Step), logs);
        var read = new Measure("read: JSON into log structs", () => replies.Sum(Read), logs);
        var decode = new Measure(
            "read and decode: JSON into event records", () =>
                replies.Sum(reply => Decode(reply, decoding, kept)), logs);
        Measure[] all = [floor, read, decode];
        foreach (var measure in all) measure.Warm();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var measure in all) measure.Round(RoundLength);
        }

        foreach (var measure in all)
            report.Row(measure.Name, $"{measure.PerSecond:N0}", $"{1e6 / measure.PerSecond:0.000}",
                $"{measure.BytesEach:0.0}");
        report.Row(
            $"one log as JSON, bytes (of {logs:N0})", "", "", $"{(double)replies.Sum(reply => reply.Length) / logs:0}");
        report.Target("logs read and decoded from memory", decode.PerSecond, "1/s of CPU", 2_000_000, Better.Higher);
        report.Target("share of the floor reached by read and decode", decode.PerSecond / floor.PerSecond, "ratio",
            0.35, Better.Higher);
        report.Target("allocated per log, event record included", decode.BytesEach, "bytes", 200, Better.Lower);
    }

    private static int Step(byte[] reply)
    {
        var reader = new Utf8JsonReader(reply);
        while (reader.Read())
        {
        }

        return 0;
    }

    private static int Read(byte[] reply)
    {
        var reader = At(reply);
        var counter = new Counter();
        return LogReader.Read(ref reader, ref counter);
    }

    private static int Decode(byte[] reply, Decoding decoding, ChainEvent[] kept)
    {
        var reader = At(reply);
        var keeper = new Keeper(decoding, kept);
        return LogReader.Read(ref reader, ref keeper);
    }

    private static Utf8JsonReader At(byte[] reply)
    {
        var reader = new Utf8JsonReader(reply);
        while (reader.TokenType != JsonTokenType.StartArray) reader.Read();
        return reader;
    }

    private struct Counter : ILogVisitor
    {
        public long Bytes;

        public void Visit(in Log log, ReadOnlySpan<byte> data) => Bytes += data.Length;
    }

    private struct Keeper(Decoding decoding, ChainEvent[] kept) : ILogVisitor
    {
        private int _count;

        public void Visit(in Log log, ReadOnlySpan<byte> data) => kept[_count++] = decoding.Decode(in log, data);
    }

    private sealed class Measure(string name, Action work, int logs)
    {
        private readonly List<double> _perSecond = [];
        private readonly List<double> _bytesEach = [];

        public Measure(string name, Func<int> work, int logs)
            : this(name, () => { work(); }, logs)
        {
        }

        public string Name { get; } = name;

        public double PerSecond => Report.Median(_perSecond);

        public double BytesEach => Report.Median(_bytesEach);

        public void Warm()
        {
            for (var stop = Stopwatch.StartNew(); stop.Elapsed < RoundLength * 2;) work();
        }

        public void Round(TimeSpan length)
        {
            using var process = Process.GetCurrentProcess();
            long items = 0;
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var cpu = process.TotalProcessorTime;
            for (var stop = Stopwatch.StartNew(); stop.Elapsed < length; items += logs) work();
            process.Refresh();
            _perSecond.Add(items / (process.TotalProcessorTime - cpu).TotalSeconds);
            _bytesEach.Add((double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / items);
        }
    }
}
