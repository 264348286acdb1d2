// The log reader beside a plain JsonDocument reading of the same reply, and replies that break its rules.
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;
using EventSourced.Ethereum.Tests.Differential;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Logs;

public sealed class LogReaderTests
{
    [Fact]
    public void Every_field_of_random_logs_is_read_as_a_plain_reading_finds_it() => Seed.Run(random =>
    {
        for (var round = 0; round < 100; round++)
        {
            var reply = Reply(random, random.Next(40), timestamps: random.Next(2) == 0);
            using var batch = Read(reply);
            using var plain = JsonDocument.Parse(reply);
            var expected = plain.RootElement.GetProperty("result").EnumerateArray().ToArray();
            Assert.Equal(expected.Length, batch.Count);
            for (var i = 0; i < expected.Length; i++) Same(expected[i], batch, i);
        }
    });

    [Fact]
    public void A_log_without_blockTimestamp_does_not_inherit_the_one_before()
    {
        var random = new Random(1);
        var with = Log(random, 1, 0, "0x64");
        var without = Log(random, 1, 1, null);
        using var batch = Read($$"""{"id":1,"result":[{{with}},{{without}},{{with}}]}""");
        Assert.Equal([100ul, null, 100ul], Enumerable.Range(0, 3).Select(i => batch[i].BlockTimestamp));
    }

    [Theory]
    [InlineData("\"logIndex\":\"0x0\"", "\"logIndexes\":\"0x0\"", "LogIndex")]
    [InlineData("\"logIndex\":\"0x0\"", "\"logIndex\":\"0x100000000\"", "below 2^32")]
    [InlineData("\"logIndex\":\"0x0\"", "\"logIndex\":null", "a text")]
    [InlineData("\"logIndex\":\"0x0\"", "\"logIndex\":\"\\u0030x0\"", "in one piece")]
    [InlineData("\"data\":\"0x", "\"data\":\"0x0", "even count")]
    [InlineData("\"data\":\"0x", "\"data\":\"0xzz", "hex digits")]
    [InlineData("\"topics\":[", "\"topics\":[\"0x12\",", "64 hex digits")]
    [InlineData("\"topics\":[", "\"topics\":5,\"x\":[", "array of topics")]
    [InlineData("\"removed\":false", "\"removed\":0", "true or false")]
    public void A_log_that_breaks_the_rules_is_refused_with_what_and_where(string good, string bad, string words)
    {
        var log = Log(new Random(1), 1, 0, "0x64");
        Assert.Contains(good, log);
        var refused = Assert.Throws<JsonException>(
            () => Read($$"""{"id":1,"result":[{{log.Replace(good, bad, StringComparison.Ordinal)}}]}"""));
        Assert.Contains(words, refused.Message);
    }

    [Fact]
    public void Five_topics_are_refused()
    {
        var topic = $"\"0x{new string('1', 64)}\"";
        var log = Log(new Random(1), 1, 0, null);
        var start = log.IndexOf("\"topics\":[", StringComparison.Ordinal) + 10;
        var five = log[..start] + string.Join(',', Enumerable.Repeat(topic, 5)) + log[log.IndexOf(']', start)..];
        Assert.Contains(
            "at most 4 topics", Assert.Throws<JsonException>(() => Read($$"""{"id":1,"result":[{{five}}]}""")).Message);
    }

    [Fact]
    public void One_log_of_a_subscription_is_read_and_a_batch_is_reused()
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Log(new Random(1), 7, 3, null)));
        reader.Read();
        var batch = new LogBatch();
        LogReader.ReadOne(ref reader, ref batch);
        Assert.Equal((1, 7ul, 3u), (batch.Count, batch[0].BlockNumber, batch[0].LogIndex));
        batch.Clear();
        Assert.Equal(0, batch.Count);
        Assert.Throws<IndexOutOfRangeException>(() => batch[0].LogIndex);
        batch.Dispose();
    }

    [Fact]
    public void Reading_allocates_nothing_per_log()
    {
        var reply = Encoding.UTF8.GetBytes(Reply(new Random(5), 2_000, timestamps: true));
        var few = Encoding.UTF8.GetBytes(Reply(new Random(5), 2, timestamps: true));
        Count(reply);
        Count(few);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(few);
        var between = GC.GetAllocatedBytesForCurrentThread();
        Count(reply);
        var after = GC.GetAllocatedBytesForCurrentThread();
        // A page of slack for rented arrays; 1,998 more logs of even one byte each would show.
        Assert.InRange(after - between - (between - before), -1_900, 1_900);
    }

    public static string Reply(Random random, int count, bool timestamps)
    {
        var logs = Enumerable.Range(
            0, count).Select(i => Log(random, 100 + i / 3, i, timestamps ? $"0x{1_000 + i / 3:x}" : null));
        return $$"""{"jsonrpc":"2.0","id":1,"result":[{{string.Join(',', logs)}}]}""";
    }

    private static string Log(Random random, int block, int index, string? timestamp)
    {
        var blockHash = Keccak256.Hash($"block {block}");
        var topics = string.Join(
            ',', Enumerable.Range(0, random.Next(5)).Select(_ => $"\"{new Hash32(RandomAbi.Bytes(random, 32))}\""));
        return $$"""
            {"address":"{{Hex.ToText(RandomAbi.Bytes(random, 20))}}","topics":[{{topics}}],"data":"{{Hex.ToText(RandomAbi.Bytes(random, 32 * random.Next(12)))}}",
            "blockHash":"{{blockHash}}","blockNumber":"0x{{block:x}}",{{(timestamp is null ? "" : $"\"blockTimestamp\":\"{timestamp}\",")}}
            "transactionHash":"{{Keccak256.Hash($"tx {index / 2}")}}","transactionIndex":"0x{{index / 2:x}}","logIndex":"0x{{index:x}}","removed":false}
            """;
    }

    private static void Same(JsonElement expected, LogBatch batch, int i)
    {
        ref readonly var log = ref batch[i];
        Assert.Equal(expected.GetProperty("address").GetString(), log.Address.ToString("x", null));
        Assert.Equal(expected.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()),
            log.Topics.ToArray().Select(topic => topic.ToString()));
        Assert.Equal(expected.GetProperty("data").GetString(), Hex.ToText(batch.Data(i).Span));
        Assert.Equal(expected.GetProperty("blockHash").GetString(), log.BlockHash.ToString());
        Assert.Equal(expected.GetProperty("blockNumber").GetString(), Hex.Quantity(log.BlockNumber));
        Assert.Equal(expected.GetProperty("transactionHash").GetString(), log.TransactionHash.ToString());
        Assert.Equal(expected.GetProperty("transactionIndex").GetString(), Hex.Quantity(log.TransactionIndex));
        Assert.Equal(expected.GetProperty("logIndex").GetString(), Hex.Quantity(log.LogIndex));
        Assert.Equal(
            expected.TryGetProperty("blockTimestamp", out var time) ? time.GetString() : null,
            log.BlockTimestamp is { } stamp ? Hex.Quantity(stamp) : null);
        Assert.False(log.Removed);
    }

    private static LogBatch Read(
        string reply) => RpcEnvelope.Read(Encoding.UTF8.GetBytes(reply), 1, (ref Utf8JsonReader reader) =>
    {
        var batch = new LogBatch();
        LogReader.Read(ref reader, ref batch);
        return batch;
    });

    private static int Count(byte[] reply) => RpcEnvelope.Read(reply, 1, static (ref Utf8JsonReader reader) =>
    {
        var counter = new Counter();
        return LogReader.Read(ref reader, ref counter);
    });

    private struct Counter : ILogVisitor
    {
        public long Bytes;

        public void Visit(in Log log, ReadOnlySpan<byte> data) => Bytes += data.Length;
    }
}
