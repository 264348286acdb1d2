// Logs from memory: a reply of 1,000 logs in the shapes of a task's life (Moved, TaskCreated, BidPlaced, ...), read and
// decoded again and again. Leaves: logs a second of CPU time on one thread, allocation per log, and the floor beside
// them.
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Logs;
using EventSourced.Reporting;

namespace EventSourced.BenchIngest;

internal static class FromMemory
{
    private const int Logs = 1_000;
    private const int Rounds = 15;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(300);

    public static void Run(Report report)
    {
        var reply = Encoding.UTF8.GetBytes(Reply());
        var floor = new Measure("floor: Utf8JsonReader steps over the reply", () => Step(reply));
        var read = new Measure("read: JSON into log structs", () => Read(reply));
        var decode = new Measure("read and decode: JSON into event records", () => Decode(reply));
        Measure[] all = [floor, read, decode];
        foreach (var measure in all) measure.Warm();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var measure in all) measure.Round(RoundLength);
        }

        foreach (var measure in all)
            report.Row(measure.Name, $"{measure.PerSecond:N0}", $"{1e6 / measure.PerSecond:0.000}",
                $"{measure.BytesEach:0.0}");
        report.Row("one log as JSON, bytes", "", "", $"{(double)reply.Length / Logs:0}");
        report.Target("logs read and decoded from memory", decode.PerSecond, "1/s of CPU", 2_000_000, Better.Higher);
        report.Target("share of the floor reached by read and decode", decode.PerSecond / floor.PerSecond, "ratio",
            0.35, Better.Higher);
        report.Target("allocated per log, event record included", decode.BytesEach, "bytes", 124, Better.Lower);
    }

    private static int Step(byte[] reply)
    {
        var reader = new Utf8JsonReader(reply);
        while (reader.Read())
        {
        }

        return Logs;
    }

    private static int Read(byte[] reply)
    {
        var reader = At(reply);
        var counter = new Counter();
        return LogReader.Read(ref reader, ref counter);
    }

    private static int Decode(byte[] reply)
    {
        var reader = At(reply);
        var decoder = new Decoder { Events = new object[Logs] };
        return LogReader.Read(ref reader, ref decoder);
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

    // Records of the catalog's shapes, decoded by hand as the generated decoders do it.
    private sealed record Moved(Hash32 From, Hash32 To, Hash32 Reference, UInt256 Amount, byte Reason);

    private sealed record BidPlaced(
        ulong TaskId, ulong BidId, ulong AgentId, UInt256 Price, ulong Eta, Hash32 ProposalHash);

    private sealed record TaskMatched(ulong TaskId, ulong BidId, ulong AgentId, ushort Round, ulong DeliverBy);

    private struct Decoder : ILogVisitor
    {
        public object[] Events;
        private int _count;

        public void Visit(in Log log, ReadOnlySpan<byte> data)
        {
            var topics = log.Topics;
            var indexed = new AbiReader(MemoryMarshal.AsBytes(topics[1..]));
            var plain = new AbiReader(data);
            Events[_count++] = data.Length switch
            {
                64 when topics[0] == MovedTopic => new Moved(
                    indexed.ReadHash32(), indexed.ReadHash32(), indexed.ReadHash32(), plain.ReadUInt256(),
                        (byte)plain.ReadUInt64(8)),
                96 when topics[0] == BidPlacedTopic => new BidPlaced(
                    indexed.ReadUInt64(), indexed.ReadUInt64(), indexed.ReadUInt64(), plain.ReadUInt256(),
                        plain.ReadUInt64(),
                        plain.ReadHash32()),
                64 when topics[0] == TaskMatchedTopic => new TaskMatched(
                    indexed.ReadUInt64(), indexed.ReadUInt64(), indexed.ReadUInt64(), (ushort)plain.ReadUInt64(16),
                        plain.ReadUInt64()),
                _ => throw new InvalidOperationException("expected a log of the bench's own reply, found another"),
            };
        }
    }

    private static readonly Hash32 MovedTopic = Keccak256.Hash("Moved(bytes32,bytes32,bytes32,uint256,uint8)");
    private static readonly Hash32 BidPlacedTopic = Keccak256.Hash(
        "BidPlaced(uint256,uint256,uint256,uint256,uint64,bytes32)");
    private static readonly Hash32 TaskMatchedTopic = Keccak256.Hash(
        "TaskMatched(uint256,uint256,uint256,uint16,uint64)");

    /// <summary>A reply as anvil writes it: six logs a transaction, 42 a block.</summary>
    private static string Reply()
    {
        var text = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[");
        for (var i = 0; i < Logs; i++)
        {
            var (block, transaction) = (1_000 + i / 42, i / 6);
            var word = Hash32.FromUInt256((ulong)i).ToString();
            var (topic, data) = (i % 3) switch
            {
                0 => (MovedTopic, word + Hash32.FromUInt256((ulong)(i % 20)).ToString()[2..]),
                1 => (BidPlacedTopic, word + word[2..] + Keccak256.Hash(word).ToString()[2..]),
                _ => (TaskMatchedTopic, Hash32.Zero + word[2..]),
            };
            text.Append(i == 0 ? "" : ",").Append(
                "{\"address\":\"0x5fbdb2315678afecb367f032d93f642f64180aa3\",\"topics\":[\"")
                .Append(topic).Append("\",\"").Append(word).Append("\",\"").Append(word).Append("\",\"").Append(word).Append("\"],\"data\":\"").Append(data)
                .Append("\",\"blockHash\":\"").Append(Keccak256.Hash($"b{block}")).Append(
                    $"\",\"blockNumber\":\"0x{block:x}\",\"blockTimestamp\":\"0x{1_750_000_000 + block:x}")
                .Append("\",\"transactionHash\":\"").Append(Keccak256.Hash($"t{transaction}"))
                .Append(
                    $"\",\"transactionIndex\":\"0x{transaction % 7:x}\",\"logIndex\":\"0x{i % 42:x}\",\"removed\":false}}");
        }

        return text.Append("]}").ToString();
    }

    private sealed class Measure(string name, Func<int> work)
    {
        private readonly List<double> _perSecond = [];
        private readonly List<double> _bytesEach = [];

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
            for (var stop = Stopwatch.StartNew(); stop.Elapsed < length;) items += work();
            process.Refresh();
            _perSecond.Add(items / (process.TotalProcessorTime - cpu).TotalSeconds);
            _bytesEach.Add((double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / items);
        }
    }
}
