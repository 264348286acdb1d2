// Every event's JSON. Enters: each record of the catalog and of the derived events, filled with random values. Leaves: nothing. Always holds: what
// was written is read back as it was; a violation is kept once, with where it happened.
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public sealed class JsonTests
{
    private const int MostItems = 4;

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
        Assert.Equal(new Violations.State("task-7", "TaskFinalized", "expected none, found one", 9, 3, new Instant(1_000)), kept);
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
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.Replace("\"4\"", amount, StringComparison.Ordinal), EventJson.Default.Moved));
    }

    private static void RoundTrip(Random random, Type record, JsonSerializerContext context)
    {
        var written = Filled(random, record);
        var json = JsonSerializer.Serialize(written, context.GetTypeInfo(record)!);
        Assert.Equal(written, JsonSerializer.Deserialize(json, context.GetTypeInfo(record)!));
    }

    private static object Filled(Random random, Type type) => type switch
    {
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(string) => $"\"word\" {random.Next()} é \\ \u2028",
        _ when type == typeof(Instant) => new Instant((ulong)random.NextInt64()),
        _ when type == typeof(Word) => new Word(Bytes(random, Word.Length)),
        _ when type == typeof(Address) => new Address(Bytes(random, Address.Length)),
        _ when type == typeof(UInt256) => new UInt256(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()), (UInt128)random.NextInt64()),
        _ when type == typeof(UInt128) => new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()),
        _ when type == typeof(Int128) => -(Int128)new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!,
        _ when type.IsPrimitive => Convert.ChangeType(random.Next(100), type, System.Globalization.CultureInfo.InvariantCulture),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Sequence<>) => Items(random, type),
        _ when type.GetConstructor([typeof(byte[])]) is { } ofBytes => ofBytes.Invoke([Bytes(random, random.Next(MostItems))]),
        _ => Made(random, type),
    };

    private static object Made(Random random, Type type)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Filled(random, parameter.ParameterType))]);
    }

    private static object Items(Random random, Type sequence)
    {
        var items = Array.CreateInstance(sequence.GetGenericArguments()[0], random.Next(MostItems));
        for (var i = 0; i < items.Length; i++) items.SetValue(Filled(random, sequence.GetGenericArguments()[0]), i);
        return Activator.CreateInstance(sequence, BindingFlags.Instance | BindingFlags.Public, null, [items], null)!;
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
