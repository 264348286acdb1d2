// The generated writers and readers beside the serializer. Enters: every event of the catalog, filled at random. Always
// holds: the bytes written are the serializer's; whatever text is read, the record or the refusal is the serializer's
// too; and the form in which PostgreSQL stores an event is read without the serializer.
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Testing;

namespace EventSourced.Domain.Tests;

public sealed class StoredFormTests
{
    private const int RecordsOfEach = 20;
    private const int DamagesOfEach = 60;
    private const int MostTruncations = 100;

    private static readonly string[] WrongValues =
    [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e2", "255", "256", "65536", "4294967296",
        "18446744073709551615", "18446744073709551616", "007", "\"\"", "\"5\"", "\"-5\"", "\"+5\"", "\" 5\"", "\"007\"",
        "\"5.0\"", "\"-0\"", "\"\\u0035\"", "\"0x\"", "\"0X00\"", "\"0x0\"", "\"0xzz\"", "[]", "[ ]", "[1]", "[1,2]",
        "[null]", "[\"5\"]", "[1, 2", "{}", "{\"a\": 1}", "\"340282366920938463463374607431768211455\"",
        "\"340282366920938463463374607431768211456\"", "\"-170141183460469231731687303715884105728\"",
        "\"-170141183460469231731687303715884105729\"",
        "\"57896044618658097711785492504343953926634992332820282019728792003956564819967\"",
        "\"57896044618658097711785492504343953926634992332820282019728792003956564819968\"",
        "\"-57896044618658097711785492504343953926634992332820282019728792003956564819968\"",
        "\"-57896044618658097711785492504343953926634992332820282019728792003956564819969\"",
        "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"",
        "\"115792089237316195423570985008687907853269984665640564039457584007913129639936\"",
        "\"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001\"",
        "\"\\ud83d\"", "\"\\ud83d\\ude00\"", "\"\\q\"", "\"a\nb\"", "\"open",
        "\"0xD8DA6BF26964AF9D7EED9E03E53415D37AA96045\"",
    ];

    private static readonly JsonWriterOptions[] Writers =
        [default, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }];

    private delegate ChainEvent? Reading(ReadOnlySpan<byte> json);

    [Fact]
    public void Every_event_of_the_catalog_has_its_form_under_its_stored_name() =>
        Assert.Equal(EventCatalog.Events, StoredForm.All.Select(form => (form.Name, form.Record)));

    [Fact]
    public void Every_event_is_written_to_the_byte_as_the_serializer_writes_it() => Each((form, happened,
        _) => Assert.All(
        Writers, options => Assert.Equal(BySerializer(happened, options), ByForm(form, happened, options))));

    [Fact]
    public void Every_event_is_read_from_what_is_stored_without_the_serializer() => Each((form, happened, _) =>
    {
        var stored = Stored(happened);
        Assert.Equal(happened, form.Read(stored));
        // Escapes by number, which are rare, are left to the serializer.
        if (stored.AsSpan().IndexOf("\\u00"u8) < 0) Assert.Equal(happened, Quick(form)(stored));
    });

    [Fact]
    public void Every_event_is_read_in_any_order_of_its_properties() => Each((form, happened, random) =>
    {
        Assert.Equal(happened, form.Read(BySerializer(happened, default)));
        Assert.Equal(happened, form.Read(Object(Properties(happened).Shuffled(random))));
        Assert.Equal(happened, form.Read(Encoding.UTF8.GetBytes($"\n {Encoding.UTF8.GetString(Stored(happened))}\t")));
    });

    [Fact]
    public void A_property_too_many_or_too_few_is_judged_as_the_serializer_judges_it() => Each((form, happened,
        random) =>
    {
        var properties = Properties(happened);
        foreach (var (name, value) in properties)
        {
            SameVerdict(form, Object(properties.Where(one => one.Name != name)));
            SameVerdict(form, Object([.. properties, (name, value)]));
            SameVerdict(form, Object([(name, "{}"), .. properties]));
            SameVerdict(form, Object([.. properties, (name.ToLowerInvariant(), value)]));
            SameVerdict(form,
                Object(properties.Select(
                    one => one.Name == name ? ("\\u" + ((int)name[0]).ToString("x4") + name[1..], value) : one)));
        }

        SameVerdict(form, Object([.. properties, ("Unknown", "[{\"a\": [1, null]}]")]));
        SameVerdict(form, Object([("$id", "\"1\""), .. properties]));
        SameVerdict(form, Object([]));
    });

    [Fact]
    public void A_value_of_a_wrong_type_is_judged_as_the_serializer_judges_it() => Seed.Run(
        random => Assert.All(StoredForm.All, form =>
    {
        var properties = Properties((ChainEvent)RandomEvents.Of(random, form.Record));
        foreach (var (name, _) in properties)
            foreach (var wrong in WrongValues)
                SameVerdict(form, Object(properties.Select(one => one.Name == name ? (name, wrong) : one)));
    }));

    [Fact]
    public void A_damaged_text_is_judged_as_the_serializer_judges_it() => Seed.Run(
        random => Assert.All(StoredForm.All, form =>
    {
        var stored = Stored((ChainEvent)RandomEvents.Of(random, form.Record));
        var step = 1 + stored.Length / MostTruncations;
        for (var length = 0; length < stored.Length; length += step) SameVerdict(form, stored[..length]);
        for (var i = 0; i < DamagesOfEach; i++)
        {
            var damaged = stored.ToArray();
            damaged[random.Next(damaged.Length)] = random.Next(3) > 0
                ? (byte)random.Next(' ', 128) : (byte)random.Next(256);
            SameVerdict(form, damaged);
        }

        foreach (
            var text in new[] { "", "null", "[]", "7", "{", "nul" }) SameVerdict(form, Encoding.UTF8.GetBytes(text));
        SameVerdict(form, [.. stored, (byte)'}']);
        SameVerdict(form, [.. stored, .. "null"u8]);
        SameVerdict(form, [.. stored, .. " \n"u8]);
        SameVerdict(form, [0xEF, 0xBB, 0xBF, .. stored]);
    }));

    [Theory]
    [InlineData("\0")]
    [InlineData("a\ud83d")]
    [InlineData("\ude00b")]
    [InlineData("\ud83d\ud83d\ude00")]
    [InlineData(null)]
    public void A_text_that_is_none_is_written_as_the_serializer_writes_it(string? text)
    {
        var happened = new URIUpdated(1, text!, default);
        var form = StoredForm.All.Single(form => form.Record == typeof(URIUpdated));
        Assert.All(Writers, options => Assert.Equal(BySerializer(happened, options), ByForm(form, happened, options)));
    }

    [Fact]
    public void A_part_that_is_missing_is_written_as_null()
    {
        var form = StoredForm.All.Single(form => form.Record == typeof(TaskCreated));
        var happened = form.Read("{}"u8)!;
        Assert.All(Writers, options => Assert.Equal(BySerializer(happened, options), ByForm(form, happened, options)));
    }

    private static void Each(
        Action<EventForm, ChainEvent, Random> check) => Seed.Run(random => Assert.All(StoredForm.All, form =>
    {
        for (var i = 0; i < RecordsOfEach; i++) check(form, (ChainEvent)RandomEvents.Of(random, form.Record), random);
    }));

    private static void SameVerdict(EventForm form, byte[] json)
    {
        var (expected, refusal) = Verdict(() => JsonSerializer.Deserialize(json, TypeOf(form.Record)));
        var (found, complaint) = Verdict(() => form.Read(json));
        if (Equals(expected, found) && refusal == complaint) return;
        Assert.Fail(
            $"{form.Name} {Encoding.UTF8.GetString(json)}: expected {expected} {refusal}, found {found} {complaint}");
    }

    private static (object? Record, string? Refusal) Verdict(Func<object?> read)
    {
        try
        {
            return (read(), null);
        }
        catch (Exception refusal) when (refusal is JsonException or FormatException or InvalidOperationException)
        {
            return (null, $"{refusal.GetType().Name}: {refusal.Message}");
        }
    }

    private static byte[] BySerializer(ChainEvent happened, JsonWriterOptions options) =>
        Written(options, json => JsonSerializer.Serialize(json, happened, TypeOf(happened.GetType())));

    private static byte[] ByForm(EventForm form, ChainEvent happened, JsonWriterOptions options)
    {
        var writing = (Delegate)form.GetType().GetProperty(nameof(EventForm<Moved>.Writing))!.GetValue(form)!;
        return Written(options, json => writing.DynamicInvoke(json, happened));
    }

    private static byte[] Written(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, options)) write(json);
        return stream.ToArray();
    }

    private static JsonTypeInfo TypeOf(Type record) => EventJson.Default.GetTypeInfo(record)!;

    private static Reading Quick(EventForm form) => typeof(StoredForm)
        .GetMethod(
            $"Stored{form.Record.Name}", BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<Reading>();

    private static byte[] Stored(ChainEvent happened)
    {
        using var document = JsonDocument.Parse(BySerializer(happened, default));
        return Encoding.UTF8.GetBytes(PostgresText.Of(document.RootElement));
    }

    private static (string Name, string Value)[] Properties(ChainEvent happened)
    {
        using var document = JsonDocument.Parse(BySerializer(happened, default));
        return [.. document.RootElement.EnumerateObject().OrderBy(
            one => one.Name.Length).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => (one.Name, PostgresText.Of(one.Value)))];
    }

    private static byte[] Object(IEnumerable<(string Name, string Value)> properties) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(", ", properties.Select(one => $"\"{one.Name}\": {one.Value}"))}}}");
}

/// <summary>JSON as PostgreSQL writes jsonb; a test of the indexer asks PostgreSQL itself.</summary>
internal static class PostgresText
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(", ", value.EnumerateObject()
            .OrderBy(one => one.Name.Length).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => $"\"{one.Name}\": {Of(one.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(Of)) + "]",
        JsonValueKind.String => "\"" + string.Concat(value.GetString()!.Select(Of)) + "\"",
        _ => value.GetRawText(),
    };

    public static T[] Shuffled<T>(this T[] items, Random random)
    {
        random.Shuffle(items);
        return items;
    }

    private static string Of(char letter) => letter switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' => $"\\u{(int)letter:x4}",
        _ => letter.ToString(),
    };
}
