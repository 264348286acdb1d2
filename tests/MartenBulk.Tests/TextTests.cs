using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventSourced.MartenBulk.Tests;

public sealed class TextTests(Database database) : IClassFixture<Database>
{
    [Theory]
    [InlineData(@"a\0b", "expected text that PostgreSQL can hold, found NUL at index 1")]
    [InlineData(@"ab\ud800", "expected text that PostgreSQL can hold, found the lone surrogate U+D800 at index 2")]
    [InlineData(@"\udc01x", "expected text that PostgreSQL can hold, found the lone surrogate U+DC01 at index 0")]
    [InlineData(@"é\ud83d\ud83d", "expected text that PostgreSQL can hold, found the lone surrogate U+D83D at index 1")]
    public async Task Text_that_cannot_be_stored_unchanged_is_refused_and_the_rest_is_written(
        string escaped, string message)
    {
        // Half a surrogate pair would not survive the test runner.
        var text = Regex.Unescape(escaped);
        await using var store = await database.StoreAsync();
        Assert.Equal(message, Assert.Throws<UnstorableTextException>(() => BulkAppend.StartStream(text)).Message);

        await store.InTransactionAsync(new BulkOptions(), async (bulk, transaction) =>
        {
            var stream = BulkAppend.StartStream("b");
            Assert.Equal(message, Assert.Throws<UnstorableTextException>(
                () => bulk.Append(stream, new OrderShipped(text), Guid.NewGuid(), DateTimeOffset.UnixEpoch)).Message);
            bulk.Append(stream, new OrderShipped("fine"), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            await bulk.FlushAsync();
            await transaction.CommitAsync();
        });

        Assert.Equal([("b", 1L)], (await store.AllAsync()).Select(e => (e.StreamKey, e.Version)));
    }

    [Fact]
    public async Task Odd_but_whole_text_comes_back_as_it_was_through_us_and_through_Marten()
    {
        string[] texts =
        [
            "", " ", "\"\\/\b\f\n\r\t\u0001\u001f\u007f\u0085\u2028\u2029", "\ud83d\ude00 \U0010FFFF \uFFFD \uFFFF",
            "' -- ; drop table", "<script>&amp;", "e\u0301 é ß İ ı", "$1 %s {0}", "\\u0000", "\\ud800",
        ];
        await using var store = await database.StoreAsync();
        (string, object)[] events =
            [.. texts.Select((text, index) => ($"key {index} {text}".TrimEnd(), new OrderShipped(text)))];
        await AppendAsync(store, events);

        var scanned = new List<(string, object)>();
        await store.Bulk.ScanAsync(new ScanOptions(), (in RawEvent raw) => scanned.Add((raw.StreamKey, raw.Data)));
        Assert.Equal(events, scanned);
        Assert.Equal(scanned, (await store.AllAsync()).Select(e => (e.StreamKey!, e.Data)));
    }

    [Fact]
    public async Task Events_of_megabytes_are_stored_and_scanned()
    {
        await using var store = await database.StoreAsync();
        var large = new OrderShipped(new string('x', 5_000_000) + "é");
        await AppendAsync(store, ("a", new OrderShipped("small")), ("b", large), ("c", new OrderShipped("small")));

        var found = new List<object>();
        await store.Bulk.ScanAsync(new ScanOptions(), (in RawEvent raw) => found.Add(raw.Data));
        Assert.Equal([new OrderShipped("small"), large, new OrderShipped("small")], found);
    }

    [Fact]
    public async Task What_passes_a_limit_is_refused_by_name()
    {
        await using var store = await database.StoreAsync();
        var tooLarge = await Assert.ThrowsAsync<ArgumentException>(
            () => AppendAsync(store, ("a", new OrderShipped(new string('x', Limits.EventBytes)))));
        Assert.Contains($"at most {Limits.EventBytes} bytes", tooLarge.Message, StringComparison.Ordinal);

        var tooLong = Assert.Throws<ArgumentException>(() => BulkAppend.StartStream(new string('é', 600)));
        Assert.Equal("expected a stream key of at most 1024 bytes, found 1200", tooLong.Message);
        Assert.Throws<ArgumentException>(() => BulkAppend.StartStream(""));
        await AppendAsync(store, (new string('k', Limits.StreamKeyBytes), new OrderShipped("x")));
        Assert.Single(await store.AllAsync());
    }

    [Fact]
    public async Task An_unregistered_type_is_refused_when_it_is_appended()
    {
        await using var store = await database.StoreAsync();
        var refusal = await Assert.ThrowsAsync<UnknownEventTypeException>(
            () => AppendAsync(store, ("a", new Version(1, 2))));
        Assert.Equal("expected a registered event type, found System.Version", refusal.Message);
    }

    [Fact]
    public async Task An_unknown_alias_and_a_binary_event_say_where_they_stand()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderShipped("x"), new OrderShipped("y"));

        await store.RunAsync("update {s}.mt_events set type = 'gone' where version = 2");
        var unknown = await Assert.ThrowsAsync<UnknownEventTypeException>(ScanAsync);
        Assert.Equal("stream a, version 2: expected a registered event alias, found 'gone'", unknown.Message);

        await store.RunAsync(
            "update {s}.mt_events set type = 'order_shipped', data = '{}', bdata = '\\x01' where version = 2");
        var binary = await Assert.ThrowsAsync<JsonException>(ScanAsync);
        Assert.Equal("stream a, version 2: expected an event in JSON, found a binary one", binary.Message);

        Task ScanAsync() => store.Bulk.ScanAsync(new ScanOptions(), (in RawEvent raw) => _ = raw.Data);
    }

    private static Task AppendAsync(OrderStore store, params (string Stream, object Data)[] events) =>
        store.InTransactionAsync(new BulkOptions(), async (bulk, transaction) =>
    {
        foreach (var (stream, data) in events)
            bulk.Append(BulkAppend.StartStream(stream), data, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await bulk.FlushAsync();
        await transaction.CommitAsync();
    });
}
