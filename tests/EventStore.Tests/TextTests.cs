using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventSourced.EventStore.Tests;

public sealed class TextTests(Database database) : IClassFixture<Database>
{
    [Theory]
    [InlineData(@"a\0b", "expected text that PostgreSQL can hold, found NUL at index 1")]
    [InlineData(@"ab\ud800", "expected text that PostgreSQL can hold, found the lone surrogate U+D800 at index 2")]
    [InlineData(@"\udc01x", "expected text that PostgreSQL can hold, found the lone surrogate U+DC01 at index 0")]
    [InlineData(@"é\ud83d\ud83d", "expected text that PostgreSQL can hold, found the lone surrogate U+D83D at index 1")]
    public async Task Text_that_cannot_be_stored_unchanged_is_refused_and_nothing_is_written(
        string escaped, string message)
    {
        // Half a surrogate pair would not survive the test runner.
        var text = Regex.Unescape(escaped);
        await using var store =
            await database.StoreAsync(configure: options => options.Events.MetadataConfig.EnableAll());
        await using var session = store.LightweightSession();

        session.Events.Append("a", new OrderShipped("fine"), new OrderShipped(text));
        Assert.Equal(
            message, (await Assert.ThrowsAsync<UnstorableTextException>(() => session.SaveChangesAsync())).Message);
        Assert.Equal(message, Assert.Throws<UnstorableTextException>(
            () => session.Events.Append(text, new OrderShipped("x"))).Message);
        Assert.Equal(message, Assert.Throws<UnstorableTextException>(() => session.SetHeader("k", text)).Message);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using var bulk = store.Advanced.BulkAppend(transaction);
        var stream = BulkAppend.StartStream("b");
        Assert.Throws<UnstorableTextException>(
            () => bulk.Append(stream, new OrderShipped(text), Guid.NewGuid(), DateTimeOffset.UnixEpoch));
        bulk.Append(stream, new OrderShipped("fine"), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await bulk.FlushAsync();
        await transaction.CommitAsync();

        Assert.Equal([("b", 1L)], (await store.AllAsync()).Select(e => (e.StreamKey, e.Version)));
    }

    [Fact]
    public async Task Odd_but_whole_text_comes_back_as_it_was()
    {
        string[] texts =
        [
            "", " ", "\"\\/\b\f\n\r\t\u0001\u001f\u007f\u0085\u2028\u2029", "\ud83d\ude00 \U0010FFFF \uFFFD \uFFFF",
                "' -- ; drop table",
            "<script>&amp;", "e\u0301 é ß İ ı", "$1 %s {0}", "\\u0000", "\\ud800",
        ];
        await using var store = await database.StoreAsync();
        await using var session = store.LightweightSession();
        foreach (var (text, index) in texts.Select((text, index) => (text, index)))
            session.Events.Append(
                $"key {index} {text}".TrimEnd(), new OrderShipped(text), new OrderPlaced(text, index));
        await session.SaveChangesAsync();

        foreach (var (text, index) in texts.Select((text, index) => (text, index)))
            Assert.Equal([new OrderShipped(text), new OrderPlaced(text, index)],
                (await session.Events.FetchStreamAsync($"key {index} {text}".TrimEnd())).Select(e => e.Data));
        Assert.Equal(texts, (await store.AllAsync()).Select(e => e.Data).OfType<OrderPlaced>().OrderBy(placed => placed.Number).Select(placed => placed.Customer));
    }

    [Fact]
    public async Task Events_of_megabytes_are_stored_and_scanned()
    {
        await using var store = await database.StoreAsync();
        var large = new OrderShipped(new string('x', 5_000_000) + "é");
        await store.AppendAsync("a", new OrderShipped("small"), large, new OrderShipped("small"));

        Assert.Equal(large, (await store.AllAsync())[1].Data);
        await using var session = store.LightweightSession();
        Assert.Equal(large, (await session.Events.FetchStreamAsync("a", version: 2, fromVersion: 2)).Single().Data);
    }

    [Fact]
    public async Task What_passes_a_limit_is_refused_by_name()
    {
        await using var store = await database.StoreAsync();
        await using var session = store.LightweightSession();
        session.Events.Append("a", new OrderShipped(new string('x', Limits.EventBytes)));
        var tooLarge = await Assert.ThrowsAsync<ArgumentException>(() => session.SaveChangesAsync());
        Assert.Contains($"at most {Limits.EventBytes} bytes", tooLarge.Message, StringComparison.Ordinal);

        var tooLong =
            Assert.Throws<ArgumentException>(() => session.Events.Append(new string('é', 600), new OrderShipped("x")));
        Assert.Equal("expected a stream key of at most 1024 bytes, found 1200", tooLong.Message);
        Assert.Throws<ArgumentException>(() => session.Events.Append("", new OrderShipped("x")));
        await store.AppendAsync(new string('k', Limits.StreamKeyBytes), new OrderShipped("x"));
        Assert.Single(await store.AllAsync());
    }

    [Fact]
    public async Task An_unregistered_type_is_refused_when_it_is_appended()
    {
        await using var store = await database.StoreAsync();
        await using var session = store.LightweightSession();

        var refusal = Assert.Throws<UnknownEventTypeException>(() => session.Events.Append("a", new Version(1, 2)));

        Assert.Equal("expected an event type that AddEventType names, found System.Version", refusal.Message);
    }

    [Fact]
    public async Task An_unknown_alias_and_a_binary_event_say_where_they_stand()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderShipped("x"), new OrderShipped("y"));
        await using var session = store.LightweightSession();

        await store.RunAsync("update {s}.mt_events set type = 'gone' where version = 2");
        var unknown = await Assert.ThrowsAsync<UnknownEventTypeException>(() => session.Events.FetchStreamAsync("a"));
        Assert.Equal("stream a, version 2: expected a registered event alias, found 'gone'", unknown.Message);
        Assert.Equal(unknown.Message, (await Assert.ThrowsAsync<UnknownEventTypeException>(store.AllAsync)).Message);

        await store.RunAsync(
            "update {s}.mt_events set type = 'order_shipped', data = '{}', bdata = '\\x01' where version = 2");
        var binary = await Assert.ThrowsAsync<JsonException>(() => session.Events.FetchStreamAsync("a"));
        Assert.Equal("stream a, version 2: expected an event in JSON, found a binary one", binary.Message);
        Assert.Equal(binary.Message, (await Assert.ThrowsAsync<JsonException>(store.AllAsync)).Message);
    }
}
