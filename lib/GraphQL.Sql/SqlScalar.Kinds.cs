// The kinds of columns: PostgreSQL's value on the left, the client's view on the right. A text that cannot be a value
// of a key is sent as a value that no row has, so that it finds nothing instead of failing.
using System.Globalization;
using System.Text.Json;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

public sealed partial record SqlScalar
{
    private const int WeiDigits = 78;
    private const int MaxBytes = 65_536;
    private const long LastSecond = 253_402_300_799;

    /// <summary>A text column.</summary>
    public static SqlScalar Text { get; } =
        new("String", e => $"to_json({e})", "text", NpgsqlDbType.Text, value => value) { IsText = true };

    /// <summary>A text column whose values need no escapes, shown as ID.</summary>
    public static SqlScalar TextId { get; } =
        new("ID", e => e, "text", NpgsqlDbType.Text, value => value)
        {
            Before = "\"",
            After = "\"",
            HasOrder = false,
        };

    /// <summary>A bigint column, shown as ID.</summary>
    public static SqlScalar LongId { get; } = TextId with
    {
        Cast = "bigint",
        ParameterType = NpgsqlDbType.Bigint,
        Parameter = value => LongOrNone((string)value),
        None = "0",
    };

    /// <summary>An integer column.</summary>
    public static SqlScalar Int { get; } =
        new("Int", e => e, "integer", NpgsqlDbType.Integer, value => value) { None = "0", SumName = "Long" };

    /// <summary>A smallint column, shown as Int.</summary>
    public static SqlScalar SmallInt { get; } = Int with
    {
        // Sent as integer: a value beyond a smallint compares by its true size.
        Cast = "integer",
    };

    /// <summary>A bigint column of a count or a size; a JSON number.</summary>
    public static SqlScalar Long { get; } = new(
        "Long", e => e, "bigint", NpgsqlDbType.Bigint, value => value)
    {
        None = "0",
        SumName = "BigInt",
        SumQuote = "\"",
        Sdl = LongSdl,
        Binding = LongBinding,
    };

    internal const string LongSdl =
        "\"A whole number of up to 64 bits, as a JSON number; a string of digits is accepted too.\" scalar Long";

    internal const string BigIntSdl = "\"A whole number of any size and sign, as a decimal string.\" scalar BigInt";

    /// <summary>A boolean column.</summary>
    public static SqlScalar Boolean { get; } =
        new("Boolean", e => e, "boolean", NpgsqlDbType.Boolean, value => value) { HasOrder = false, None = "false" };

    /// <summary>A double precision column; a value that is no number in JSON is null.</summary>
    public static SqlScalar Float { get; } = new(
        "Float", e => $"case when {e} in ('NaN', 'Infinity', '-Infinity') then 'null' else ({e})::text end",
        "double precision", NpgsqlDbType.Double, value => Convert.ToDouble(value, CultureInfo.InvariantCulture))
    {
        None = "0",
    };

    /// <summary>A numeric column of an amount in the smallest unit, as decimal strings: no precision is lost.</summary>
    public static SqlScalar Wei { get; } = Whole(
        "Wei", "\"An amount in the smallest unit of its currency: a whole number of any size, as a decimal string.\"" +
        " scalar Wei");

    /// <summary>A numeric column of a whole number that is no amount, as decimal strings.</summary>
    public static SqlScalar BigInt { get; } = Whole("BigInt", BigIntSdl);

    /// <summary>A timestamptz column.</summary>
    public static SqlScalar DateTime { get; } = new(
        "DateTime", e => $"to_char({e} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
        "timestamptz", NpgsqlDbType.TimestampTz, value => value)
    {
        Before = "\"",
        After = "\"",
        None = "'epoch'::timestamptz",
        Sdl = "\"A point in time (RFC 3339), in UTC.\" scalar DateTime @specifiedBy(url: " +
            "\"https://scalars.graphql.org/andimarek/date-time\")",
        Binding = ScalarBinding.OfString(text =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? Coercion.Of(moment.UtcDateTime)
                : Coercion.Failed($"DateTime is a time as in 2026-01-31T12:00:00Z; found \"{text}\".")),
        Bucket = (bucket, e) => $"date_trunc('{Unit(bucket)}', {e}, 'UTC')",
    };

    /// <summary>A bigint column of seconds since 1970, shown as DateTime; fractions of a second that a client sends are
    /// cut off.</summary>
    public static SqlScalar UnixTime { get; } = DateTime with
    {
        // RFC 3339 ends with the year 9999; a stranger's deadline may be later.
        Inner = e => $"to_char(to_timestamp(case when {e} > {LastSecond} then {LastSecond} when {e} < 0 then 0 else " +
            $"{e} end) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
        Cast = "bigint",
        ParameterType = NpgsqlDbType.Bigint,
        Parameter = value => new DateTimeOffset((System.DateTime)value).ToUnixTimeSeconds(),
        None = "0",
        Bucket = BucketOfSeconds,
    };

    /// <summary>A bytea column of any length, as lower-case hex with 0x.</summary>
    public static SqlScalar Bytes { get; } = new(
        "Bytes", e => $"encode({e}, 'hex')", "bytea", NpgsqlDbType.Bytea, value => HexOrNone((string)value))
    {
        Before = "\"0x",
        After = "\"",
        HasOrder = false,
        None = "''::bytea",
        Sdl = "\"Bytes in lower-case hex, after 0x.\" scalar Bytes",
        Binding = ScalarBinding.OfString(text =>
            IsHex(text) && text.Length % 2 == 0 && text.Length <= 2 + (MaxBytes * 2)
            ? Coercion.Of(text.ToLowerInvariant())
            : Coercion.Failed($"Bytes is 0x and an even number of hex digits, at most {MaxBytes * 2}; found " +
                $"\"{Shortened(text)}\".")),
    };

    /// <summary>A bytea column of one length, as lower-case hex with 0x; all zero is none.</summary>
    public static SqlScalar Hex(string name, int bytes) => Bytes with
    {
        Name = name,
        SumName = name,
        None = $"'\\x{new string('0', bytes * 2)}'::bytea",
        Sdl = $"\"{bytes} bytes in lower-case hex, after 0x; checksummed input is accepted too.\" scalar {name}",
        Binding = ScalarBinding.OfString(text => IsHex(text) && text.Length == 2 + (bytes * 2)
            ? Coercion.Of(text.ToLowerInvariant())
            : Coercion.Failed($"{name} is 0x and {bytes * 2} hex digits; found \"{Shortened(text)}\".")),
    };

    /// <summary>A text column with a few values, as an enum.</summary>
    public static SqlScalar Enum(string name, params ReadOnlySpan<string> values) => new(
        name, e => e, "text", NpgsqlDbType.Text, value => value)
    {
        Before = "\"",
        After = "\"",
        IsEnum = true,
        Sdl = $"\"What a {name} can be.\" enum {name} {{ {string.Join(' ', values)} }}",
    };

    /// <summary>A smallint column with a few values, as an enum; it is ordered by the numbers.</summary>
    public static SqlScalar Enum(string name, string description, IReadOnlyList<SqlEnumValue> values)
    {
        var numbers = values.ToDictionary(value => value.Name, value => value.Number, StringComparer.Ordinal);
        // A number without a name is a fault of the model: it shows as the number, and does not void the row.
        var cases = string.Concat(values.Select(value =>
            string.Create(CultureInfo.InvariantCulture, $" when {value.Number} then '{value.Name}'")));
        return new(
            name, e => $"case {e}{cases} else ({e})::text end", "smallint", NpgsqlDbType.Smallint,
            value => numbers[(string)value])
        {
            Before = "\"",
            After = "\"",
            IsEnum = true,
            None = "0",
            Sdl = $"{SqlSchemaDocument.Quoted(description)} enum {name} {{ " + string.Join(' ', values.Select(value =>
                $"{SqlSchemaDocument.Quoted(value.Description)} {value.Name}")) + " }",
        };
    }

    /// <summary>A smallint column whose bit k is set where a list has the value with the number k, as a list of an enum
    /// over numbers.</summary>
    public static SqlScalar EnumBits(SqlScalar @enum, IReadOnlyList<SqlEnumValue> values)
    {
        var cases = string.Join(", ", values.Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"({value.Number}, '{value.Name}')")));
        return new(
            $"{@enum.Name}s",
            e => $"(select string_agg(v.name, '\",\"' order by v.bit) from (values {cases}) v(bit, name) where " +
                $"({e})::integer >> v.bit & 1 = 1)",
            "smallint", NpgsqlDbType.Smallint, value => value)
        {
            Element = @enum,
            HasOrder = false,
            None = "0",
            HasElement = (list, one) => $"(({list})::integer >> {one}) & 1 = 1",
        };
    }

    /// <summary>JSON that the database holds as jsonb, as the schema's JSON; rows are not filtered by it.</summary>
    public static SqlScalar Jsonb { get; } = new("JSON", e => e, "jsonb", NpgsqlDbType.Jsonb, value => value)
    {
        HasOrder = false,
        None = "'null'::jsonb",
    };

    /// <summary>A bigint[] column, shown as IDs.</summary>
    public static SqlScalar LongIds { get; } = new(
        "IDs", e => $"array_to_string({e}, '\",\"')", "bigint[]", NpgsqlDbType.Bigint | NpgsqlDbType.Array,
        value => value)
    {
        Element = LongId,
        HasOrder = false,
        None = "'{}'::bigint[]",
        HasElement = (list, one) => $"{list} @> array[{one}]",
    };

    /// <summary>A bytea column that holds values of one length, one behind the other.</summary>
    public static SqlScalar HexList(string name, int bytes) => new(
        $"{name}s", e => $"regexp_replace(encode({e}, 'hex'), '(.{{{bytes * 2}}})(?!$)', '\\1\",\"0x', 'g')", "bytea",
        NpgsqlDbType.Bytea, value => value)
    {
        Element = Hex(name, bytes),
        HasOrder = false,
        None = "''::bytea",
        // Piece by piece: bytes that straddle two values are not a value.
        HasElement = (list, one) =>
            $"exists (select 1 from generate_series(0, length({list}) / {bytes} - 1) at where " +
            $"substr({list}, at * {bytes} + 1, {bytes}) = {one})",
    };

    // The text of a list, brackets included; an empty list has no first element that quotes could stand around.
    internal string ListJson(string operand) => Element is { } element
        ? $"case when {operand} = {None} then '[]' else '[{element.Before}' || ({Inner(operand)})::text || " +
            $"'{element.After}]' end"
        : Json(operand);

    private static SqlScalar Whole(string name, string sdl) => new(
        name, e => e, "numeric", NpgsqlDbType.Text, value => value)
    {
        Before = "\"",
        After = "\"",
        None = "0",
        Sdl = sdl,
        Binding = ScalarBinding.OfString(text => IsWhole(text)
            ? Coercion.Of(text)
            : Coercion.Failed(
                $"{name} is a whole number of at most {WeiDigits} digits, as a string; found \"{Shortened(text)}\".")),
    };

    internal static ScalarBinding LongBinding => new(
        value => Coercion.Of(value),
        json => json.ValueKind switch
        {
            JsonValueKind.Number when json.TryGetInt64(out var whole) => Coercion.Of(whole),
            JsonValueKind.String => LongOf(json.GetString()!),
            _ => Coercion.Failed($"Long is a whole number of up to 64 bits; found {Shortened(json.GetRawText())}."),
        },
        literal => literal switch
        {
            IntValueNode number => LongOf(number.Value),
            StringValueNode text => LongOf(text.Value),
            _ => Coercion.Failed($"Long is a whole number of up to 64 bits; found {literal}."),
        });

    private static Coercion LongOf(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? Coercion.Of(whole)
            : Coercion.Failed($"Long is a whole number of up to 64 bits; found \"{Shortened(text)}\".");

    private static long LongOrNone(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? id
            : long.MinValue;

    private static byte[] HexOrNone(string text) =>
        IsHex(text) && text.Length % 2 == 0 ? Convert.FromHexString(text.AsSpan(2)) : [];

    internal static bool IsWhole(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        return digits.Length is > 0 and <= WeiDigits && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool IsHex(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && text.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0;

    internal static readonly System.Buffers.SearchValues<char> HexDigits =
        System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static string Shortened(string text) => text.Length <= 100 ? text : $"{text[..100]}…";

    private static string Unit(TimeBucket bucket) => bucket switch
    {
        TimeBucket.Hour => "hour",
        TimeBucket.Day => "day",
        TimeBucket.Week => "week",
        _ => "month",
    };

    // Whole hours, days and weeks by arithmetic, which is ten times cheaper than dates; 1970 began on a Thursday.
    private static string BucketOfSeconds(TimeBucket bucket, string e) => bucket switch
    {
        TimeBucket.Hour => $"({e} - {e} % 3600)",
        TimeBucket.Day => $"({e} - {e} % 86400)",
        TimeBucket.Week => $"({e} - ({e} + 259200) % 604800)",
        _ => $"extract(epoch from date_trunc('month', to_timestamp({e}) at time zone 'UTC'))::bigint",
    };
}

/// <summary>One value of an enum over numbers.</summary>
/// <param name="Name">The name in the schema: <c>IN_REVIEW</c>.</param>
/// <param name="Number">The number in the column.</param>
/// <param name="Description">The description.</param>
public sealed record SqlEnumValue(string Name, short Number, string Description = "");
