// How a column's values stand in JSON and how what clients send stands in parameters. The forms are those that
// measured best: everything is text that is concatenated, quotes stand around what needs no escapes, and to_json
// escapes the rest.
using System.Globalization;
using EventSourced.GraphQL.TypeSystem;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

/// <summary>What the values of a column are.</summary>
/// <param name="Name">The scalar's or enum's name in the schema.</param>
/// <param name="Inner">A column's value, not null, to its JSON text without quotes, in SQL.</param>
/// <param name="Cast">The type that a parameter is cast to.</param>
/// <param name="ParameterType">The type that a parameter is sent as.</param>
/// <param name="Parameter">A coerced value to what is sent.</param>
public sealed record SqlScalar(
    string Name, Func<string, string> Inner, string Cast, NpgsqlDbType ParameterType, Func<object, object> Parameter)
{
    /// <summary>What stands before the text; it joins the literals beside it, which saves work.</summary>
    public string Before { get; init; } = "";

    /// <summary>What stands behind the text.</summary>
    public string After { get; init; } = "";

    /// <summary>The definition of the scalar or enum, when the schema has to bring it.</summary>
    public string? Sdl { get; init; }

    /// <summary>How the scalar's values are coerced, when they are not strings as they come.</summary>
    public ScalarBinding? Binding { get; init; }

    /// <summary>Whether contains, startsWith and endsWith make sense.</summary>
    public bool IsText { get; init; }

    /// <summary>The whole JSON text of a value that is not null.</summary>
    internal string Json(string operand) =>
        Before.Length == 0 ? Inner(operand) : $"'{Before}' || ({Inner(operand)})::text || '{After}'";

    /// <summary>A text column.</summary>
    public static SqlScalar Text { get; } =
        new("String", e => $"to_json({e})", "text", NpgsqlDbType.Text, value => value) { IsText = true };

    /// <summary>A text column whose values need no escapes, shown as ID.</summary>
    public static SqlScalar TextId { get; } =
        new("ID", e => e, "text", NpgsqlDbType.Text, value => value) { Before = "\"", After = "\"" };

    /// <summary>A bigint column, shown as ID.</summary>
    public static SqlScalar LongId { get; } = TextId with
    {
        Cast = "bigint",
        ParameterType = NpgsqlDbType.Bigint,
        Parameter = value =>
            long.TryParse((string)value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                ? id
                : long.MinValue,
    };

    /// <summary>An integer column.</summary>
    public static SqlScalar Int { get; } =
        new("Int", e => e, "integer", NpgsqlDbType.Integer, value => value);

    /// <summary>A boolean column.</summary>
    public static SqlScalar Boolean { get; } =
        new("Boolean", e => e, "boolean", NpgsqlDbType.Boolean, value => value);

    /// <summary>A double precision column; what is no number in JSON is null.</summary>
    public static SqlScalar Float { get; } = new(
        "Float", e => $"case when {e} in ('NaN', 'Infinity', '-Infinity') then 'null' else ({e})::text end",
        "double precision", NpgsqlDbType.Double, value => Convert.ToDouble(value, CultureInfo.InvariantCulture));

    /// <summary>A numeric column of whole numbers without bound, as decimal strings: no precision is lost.</summary>
    public static SqlScalar Wei { get; } = new(
        "Wei", e => e, "numeric", NpgsqlDbType.Text, value => value)
    {
        Before = "\"",
        After = "\"",
        Sdl = "\"A whole number of any size, as a decimal string.\" scalar Wei",
        Binding = ScalarBinding.OfString(text => IsWei(text)
            ? Coercion.Of(text)
            : Coercion.Failed($"Wei is a whole number of at most 78 digits, as a string; found \"{text}\".")),
    };

    /// <summary>A timestamptz column.</summary>
    public static SqlScalar DateTime { get; } = new(
        "DateTime", e => $"to_char({e} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
        "timestamptz", NpgsqlDbType.TimestampTz, value => value)
    {
        Before = "\"",
        After = "\"",
        Sdl = "\"A point in time (RFC 3339), in UTC.\" scalar DateTime @specifiedBy(url: " +
            "\"https://scalars.graphql.org/andimarek/date-time\")",
        Binding = ScalarBinding.OfString(text =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? Coercion.Of(moment.UtcDateTime)
                : Coercion.Failed($"DateTime is a time as in 2026-01-31T12:00:00Z; found \"{text}\".")),
    };

    /// <summary>A bytea column as lower-case hex with 0x.</summary>
    public static SqlScalar Hex(string name, int bytes) => new(
        name, e => $"encode({e}, 'hex')", "bytea", NpgsqlDbType.Bytea,
        value => Convert.FromHexString(((string)value).AsSpan(2)))
    {
        Before = "\"0x",
        After = "\"",
        Sdl = $"\"{bytes} bytes in lower-case hex, after 0x; checksummed input is accepted too.\" scalar {name}",
        Binding = ScalarBinding.OfString(text => IsHex(text, bytes)
            ? Coercion.Of(text.ToLowerInvariant())
            : Coercion.Failed($"{name} is 0x and {bytes * 2} hex digits; found \"{text}\".")),
    };

    /// <summary>A text column with a few values, as an enum.</summary>
    public static SqlScalar Enum(string name, params ReadOnlySpan<string> values) => new(
        name, e => e, "text", NpgsqlDbType.Text, value => value)
    {
        Before = "\"",
        After = "\"",
        Sdl = $"\"What a {name} can be.\" enum {name} {{ {string.Join(' ', values)} }}",
    };

    private static bool IsWei(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        return digits.Length is > 0 and <= 78 && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool IsHex(string text, int bytes) =>
        text.Length == 2 + (bytes * 2) && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && text.Skip(2).All(char.IsAsciiHexDigit);
}
