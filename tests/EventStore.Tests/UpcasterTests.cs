using System.Text.Json.Serialization;

namespace EventSourced.EventStore.Tests;

public sealed partial class UpcasterTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task Old_versions_are_lifted_step_by_step_wherever_they_are_read()
    {
        await using var writer = await database.StoreAsync();
        const string insert = """
            insert into {s}.mt_streams (id, version) values ('u', 3);
            insert into {s}.mt_events (seq_id, id, stream_id, version, data, type, timestamp) values
                (1, gen_random_uuid(), 'u', 1, '{"Who":"ann"}', 'user_named', now()),
                (2, gen_random_uuid(), 'u', 2, '{"First":"bob","Last":"ray"}', 'user_named_v2', now()),
                (3, gen_random_uuid(), 'u', 3, '{"full":["cyd","joy"]}', 'user_renamed', now());
            select setval('{s}.mt_events_sequence', 3)
            """;
        await writer.RunAsync(insert);
        await using var store = Database.Orders(database.ConnectionString, writer.Schema, configure: options =>
        {
            options.Events
                .MapEventTypeWithSchemaVersion(3, NamesJson.Default.UserNamed)
                .Upcast<UserNamedV1, UserNamedV2>(
                    "user_named", NamesJson.Default.UserNamedV1, old => new UserNamedV2(old.Who, "-"))
                .Upcast<UserNamedV2, UserNamed>(
                    2, NamesJson.Default.UserNamedV2, old => new UserNamed($"{old.First} {old.Last}", 2))
                .Upcast("user_renamed", json => new UserNamed(
                    string.Join(' ', json.GetProperty("full").EnumerateArray()), 1));
            options.Projections.LiveStreamAggregation<string, UserNamed>((names, named) => $"{names}[{named.Name}]");
        });
        await store.AppendAsync("u", new UserNamed("dee", 3));

        UserNamed[] expected = [new("ann -", 2), new("bob ray", 2), new("cyd joy", 1), new("dee", 3)];
        await using var session = store.LightweightSession();
        Assert.Equal(expected, (await session.Events.FetchStreamAsync("u")).Select(e => e.Data));
        Assert.Equal(expected, (await store.AllAsync()).Select(e => e.Data));
        Assert.Equal("[ann -][bob ray][cyd joy][dee]", await session.Events.AggregateStreamAsync<string>("u"));
        var filtered =
            await store.Advanced.ScanAsync(new ScanOptions { EventTypes = [typeof(UserNamed)] }, (in RawEvent raw) =>
            Assert.IsType<UserNamed>(raw.Data));
        Assert.Equal(4, filtered);
        Assert.Equal(
            "user_named_v3", await store.ScalarAsync<string>("select type from {s}.mt_events where version = 4"));
    }

    [Fact]
    public void Upcasters_in_a_circle_and_aliases_used_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Store.For(options =>
        {
            options.Connection("Host=x");
            options.Events
                .Upcast<UserNamedV1, UserNamedV2>(
                    "one", NamesJson.Default.UserNamedV1, old => new UserNamedV2(old.Who, ""))
                .Upcast<UserNamedV2, UserNamedV1>(
                    "two", NamesJson.Default.UserNamedV2, old => new UserNamedV1(old.First));
        }));
        Assert.Throws<ArgumentException>(() => Store.For(options => options.Events
            .AddEventType(NamesJson.Default.UserNamed).MapEventType("user_named", NamesJson.Default.UserNamedV1)));
        Assert.Throws<ArgumentException>(() => Store.For(options => options.DatabaseSchemaName = "Bad; drop"));
    }

    // Stored JSON is for ever: every file in Fixtures must be read to the value that is written here beside its name.
    [Fact]
    public void Every_stored_fixture_is_still_read()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");
        var expected = new Dictionary<string, object>
        {
            ["order_placed.json"] = new OrderPlaced("ann", 7),
            ["item_added.json"] = new ItemAdded("té \"x\"", 3, System.Numerics.BigInteger.Parse(
                "115792089237316195423570985008687907853269984665640564039457584007913129639935")),
            ["order_shipped.json"] = new OrderShipped("owl"),
            ["order_cancelled.json"] = new OrderCancelled(),
        };
        using var store = new Disposable(Database.Orders("Host=x", "s"));
        Assert.Equal(expected.Keys.Order(), Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        foreach (var (file, value) in expected)
        {
            var type = store.Store.Options.Events.Find(Path.GetFileNameWithoutExtension(file));
            Assert.Equal(value, type!.ReadData(File.ReadAllBytes(Path.Combine(folder, file))));
        }
    }

    internal sealed record UserNamedV1(string Who);

    internal sealed record UserNamedV2(string First, string Last);

    internal sealed record UserNamed(string Name, int Parts);

    [JsonSerializable(typeof(UserNamedV1))]
    [JsonSerializable(typeof(UserNamedV2))]
    [JsonSerializable(typeof(UserNamed))]
    internal sealed partial class NamesJson : JsonSerializerContext;

    private sealed record Disposable(Store Store) : IDisposable
    {
        public void Dispose() => Store.DataSource.Dispose();
    }
}
