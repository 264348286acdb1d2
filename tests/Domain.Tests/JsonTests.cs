// Every event's JSON. Enters: each record of the catalog and of the derived events, filled with random values. Leaves:
// nothing. Always holds: what was written is read back as it was; a violation is kept once, with where it happened.
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Domain;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Integrity;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public sealed class JsonTests
{
    [Fact]
    public void Every_event_is_read_as_it_was_written() => Seed.Run(random =>
    {
        Assert.All(EventCatalog.Events, entry => RoundTrip(random, entry.Record, EventJson.Default));
        Assert.All(DerivedEvents.All, entry => RoundTrip(random, entry.Record, DerivedJson.Default));
    });

    [Fact]
    public void A_violation_is_kept_once_with_where_it_happened()
    {
        var first = new Violations.IntegrityViolated("task-7", "TaskFinalized", "expected none, found one");
        var kept = Violations.Fold.Evolve(null, first, new At(9, new Instant(1_000), 3));
        Assert.Equal(new Violations.State(
            "task-7", "TaskFinalized", "expected none, found one", 9, 3, new Instant(1_000)), kept);
        Assert.Null(Violations.Fold.Evolve(kept, first, new At(10, new Instant(1_001))));
    }

    [Theory]
    [InlineData("\"-1\"")]
    [InlineData("\"340282366920938463463374607431768211456\"")]
    [InlineData("\"1.5\"")]
    [InlineData("\"\"")]
    public void An_amount_that_is_none_is_refused(string amount)
    {
        var json = JsonSerializer.Serialize(Move(Number(1), Number(2), 3, 4, 5), EventJson.Default.Moved);
        Assert.Contains("\"4\"", json, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(
            json.Replace("\"4\"", amount, StringComparison.Ordinal), EventJson.Default.Moved));
    }

    private static void RoundTrip(Random random, Type record, JsonSerializerContext context)
    {
        var written = RandomEvents.Of(random, record);
        var json = JsonSerializer.Serialize(written, context.GetTypeInfo(record)!);
        Assert.Equal(written, JsonSerializer.Deserialize(json, context.GetTypeInfo(record)!));
    }
}
