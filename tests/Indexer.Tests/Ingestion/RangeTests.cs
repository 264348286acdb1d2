// Ranges over values: the size that adapts, and answers that are out of order, doubled or contradictory.
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;
using EventSourced.Indexer.Ingest;

namespace EventSourced.Indexer.Tests.Ingestion;

public sealed class RangeTests
{
    [Fact]
    public void The_size_goes_towards_a_thousand_logs_at_most_twice_or_half_at_once()
    {
        Assert.Equal(50ul, new RangeSize(25).After(25, 0).Blocks);
        Assert.Equal(50ul, new RangeSize(25).After(25, 10).Blocks);
        Assert.Equal(25ul, new RangeSize(25).After(25, 1_000).Blocks);
        Assert.Equal(12ul, new RangeSize(25).After(25, 100_000).Blocks);
        Assert.Equal(20ul, new RangeSize(25).After(25, 1_250).Blocks);
        Assert.Equal(25ul, new RangeSize(25).After(3, 0).Blocks);
        Assert.Equal(RangeSize.Most, new RangeSize(RangeSize.Most).After(RangeSize.Most, 0).Blocks);
        Assert.Equal(12ul, new RangeSize(25).Refused().Blocks);
        Assert.Equal(1ul, new RangeSize(1).Refused().Blocks);
        Assert.Equal(1ul, new RangeSize(1).After(1, 1_000_000).Blocks);
    }

    [Fact]
    public void A_quiet_stretch_does_not_widen_the_range_beyond_what_a_busy_one_would_bear()
    {
        var size = new RangeSize(25).After(25, 5_000);
        for (var quiet = 0; quiet < 10; quiet++) size = size.After(size.Blocks, 0);
        Assert.InRange(size.Blocks * 200, 0ul, 5_000ul);
        for (var quiet = 0; quiet < 1_000; quiet++) size = size.After(size.Blocks, 0);
        Assert.Equal(RangeSize.Most, size.Blocks);
    }

    [Fact]
    public void Logs_out_of_order_and_doubled_become_sorted_and_single()
    {
        Assert.True(RangeLogs.TryTake(
            1, 3, Batch((3, 1, 'c'), (1, 0, 'a'), (3, 0, 'c'), (1, 0, 'a'), (2, 5, 'b')), out var range, out _));
        Assert.Equal([(1ul, 0u), (2ul, 5u), (3ul, 0u), (3ul, 1u)], Positions(range!));
        Assert.Equal([(1ul, 0, 1), (2ul, 1, 1), (3ul, 2, 2)],
            range!.Blocks.Select(block => (block.Number, block.First, block.Count)));
    }

    [Fact]
    public void Contradictions_are_refused_with_what_was_expected_and_found()
    {
        Refused("found one of 4", (4, 0, 'a'));
        Refused("found one of 0", (0, 0, 'a'));
        Refused("one hash of block 2", (2, 0, 'a'), (2, 1, 'b'));
        Refused("found two that differ", (2, 0, 'a'), (2, 0, 'b'));

        static void Refused(string words, params (int Block, int Index, char Hash)[] logs)
        {
            Assert.False(RangeLogs.TryTake(1, 3, Batch(logs), out _, out var fault));
            Assert.Contains(words, fault);
        }
    }

    [Fact]
    public void Progress_tells_share_speed_and_time_left()
    {
        var progress = new IngestionProgress(From: 100, To: 299);
        Assert.Null(progress.Left);
        progress = progress.After(149, 1_000, TimeSpan.FromSeconds(1));
        Assert.Equal((0.25, 1_000d, TimeSpan.FromSeconds(3)), (progress.Share, progress.LogsPerSecond, progress.Left));
        progress = progress.After(299, 2_000, TimeSpan.FromSeconds(2));
        Assert.Equal((1d, 3_000L, 1_200d, TimeSpan.Zero),
            (progress.Share, progress.LogsDone, progress.LogsPerSecond, progress.Left));
        Assert.Equal("100.0 %, 3,000 logs, 1,200/s, 00:00:00 left", progress.ToString());
        Assert.Equal(1, new IngestionProgress(5, 4).Share);
    }

    private static IEnumerable<(ulong, uint)> Positions(RangeLogs range) =>
        Enumerable.Range(0, range.Logs.Count).Select(i => (range.Logs[i].BlockNumber, range.Logs[i].LogIndex));

    private static LogBatch Batch(params (int Block, int Index, char Hash)[] logs)
    {
        var text = string.Join(',', logs.Select(log => $$"""
            {"address":"{{Address.Zero}}","topics":[],"data":"0x","blockHash":"0x{{new string(log.Hash, 64)}}","blockNumber":"0x{{log.Block:x}}",
            "transactionHash":"{{Hash32.Zero}}","transactionIndex":"0x0","logIndex":"0x{{log.Index:x}}"}
            """));
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"[{text}]"));
        reader.Read();
        var batch = new LogBatch();
        LogReader.Read(ref reader, ref batch);
        return batch;
    }
}
