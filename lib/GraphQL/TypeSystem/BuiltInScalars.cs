// The five scalars that every schema has (specification 3.5.1 to 3.5.5).
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal static class BuiltInScalars
{
    public const string Sdl = """
        "A signed 32-bit integer."
        scalar Int
        "A number of double precision (IEEE 754)."
        scalar Float
        "Text: a sequence of Unicode characters."
        scalar String
        "true or false."
        scalar Boolean
        "A key of an object: text that people need not read. Whole numbers are accepted too."
        scalar ID
        """;

    public static ScalarBinding? Find(string name) => name switch
    {
        "Int" => new(SerializeInt, ParseInt, LiteralInt),
        "Float" => new(SerializeFloat, ParseFloat, LiteralFloat),
        "String" => new(SerializeString, ParseString, LiteralString),
        "Boolean" => new(SerializeBoolean, ParseBoolean, LiteralBoolean),
        "ID" => new(SerializeId, ParseId, LiteralId),
        _ => null,
    };

    public static bool Contains(string name) => name is "Int" or "Float" or "String" or "Boolean" or "ID";

    private static Coercion SerializeInt(object value)
    {
        switch (value)
        {
            case int:
                return Coercion.Of(value);
            case bool truth:
                return Coercion.Of(truth ? 1 : 0);
            case string text:
                return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
                    ? Coercion.Of(parsed)
                    : Coercion.Failed($"Int cannot represent non-integer value: \"{text}\"");
            default:
                return Number(value) is not { } number || number != Math.Floor(number)
                    ? Coercion.Failed($"Int cannot represent non-integer value: {Text(value)}")
                    : number is < int.MinValue or > int.MaxValue
                    ? Coercion.Failed($"Int cannot represent non 32-bit signed integer value: {Text(value)}")
                    : Coercion.Of((int)number);
        }
    }

    private static Coercion ParseInt(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number || !double.IsInteger(json.GetDouble()))
            return Coercion.Failed($"Int cannot represent non-integer value: {json.GetRawText()}");
        var number = json.GetDouble();
        return number is < int.MinValue or > int.MaxValue
            ? Coercion.Failed($"Int cannot represent non 32-bit signed integer value: {json.GetRawText()}")
            : Coercion.Of((int)number);
    }

    private static Coercion LiteralInt(ValueNode literal) =>
        literal is not IntValueNode number
            ? Coercion.Failed($"Int cannot represent non-integer value: {literal}")
            : int.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Coercion.Of(value)
            : Coercion.Failed($"Int cannot represent non 32-bit signed integer value: {literal}");

    private static Coercion SerializeFloat(object value) => value switch
    {
        bool truth => Coercion.Of(truth ? 1.0 : 0.0),
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out var parsed)
            && double.IsFinite(parsed) => Coercion.Of(parsed),
        decimal => Coercion.Of(value),
        _ when Number(value) is { } number && double.IsFinite(number) => Coercion.Of(number),
        _ => Coercion.Failed($"Float cannot represent non numeric value: {Text(value)}"),
    };

    private static Coercion ParseFloat(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.GetDouble() is var number && double.IsFinite(number)
            ? Coercion.Of(number)
            : Coercion.Failed($"Float cannot represent non numeric value: {json.GetRawText()}");

    private static Coercion LiteralFloat(ValueNode literal)
    {
        var digits = literal switch { IntValueNode whole => whole.Value, FloatValueNode real => real.Value, _ => null };
        return digits is null
            ? Coercion.Failed($"Float cannot represent non numeric value: {literal}")
            : Coercion.Of(double.Parse(digits, CultureInfo.InvariantCulture));
    }

    private static Coercion SerializeString(object value) => value switch
    {
        string => Coercion.Of(value),
        bool truth => Coercion.Of(truth ? "true" : "false"),
        IFormattable formattable => Coercion.Of(formattable.ToString(null, CultureInfo.InvariantCulture)),
        _ => Coercion.Failed($"String cannot represent value: {Text(value)}"),
    };

    private static Coercion ParseString(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? Coercion.Of(json.GetString())
        : Coercion.Failed($"String cannot represent a non string value: {json.GetRawText()}");

    private static Coercion LiteralString(ValueNode literal) => literal is StringValueNode text
        ? Coercion.Of(text.Value)
        : Coercion.Failed($"String cannot represent a non string value: {literal}");

    private static Coercion SerializeBoolean(object value) => value is bool ? Coercion.Of(value)
        : Number(value) is { } number && double.IsFinite(number) ? Coercion.Of(number != 0)
        : Coercion.Failed($"Boolean cannot represent a non boolean value: {Text(value)}");

    private static Coercion ParseBoolean(JsonElement json) =>
        json.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? Coercion.Of(json.GetBoolean())
        : Coercion.Failed($"Boolean cannot represent a non boolean value: {json.GetRawText()}");

    private static Coercion LiteralBoolean(ValueNode literal) => literal is BooleanValueNode boolean
        ? Coercion.Of(boolean.Value)
        : Coercion.Failed($"Boolean cannot represent a non boolean value: {literal}");

    private static Coercion SerializeId(object value) => value switch
    {
        string => Coercion.Of(value),
        Guid or BigInteger => Coercion.Of(value.ToString()),
        _ when Number(value) is { } number && double.IsInteger(number) =>
            Coercion.Of(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        _ => Coercion.Failed($"ID cannot represent value: {Text(value)}"),
    };

    private static Coercion ParseId(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Coercion.Of(json.GetString()),
        JsonValueKind.Number when json.TryGetInt64(out var whole) =>
            Coercion.Of(whole.ToString(CultureInfo.InvariantCulture)),
        JsonValueKind.Number when double.IsInteger(json.GetDouble()) =>
            Coercion.Of(new BigInteger(json.GetDouble()).ToString(CultureInfo.InvariantCulture)),
        _ => Coercion.Failed($"ID cannot represent value: {json.GetRawText()}"),
    };

    private static Coercion LiteralId(ValueNode literal) => literal switch
    {
        StringValueNode text => Coercion.Of(text.Value),
        IntValueNode number => Coercion.Of(number.Value),
        _ => Coercion.Failed($"ID cannot represent a non-string and non-integer value: {literal}"),
    };

    private static double? Number(object value) => value switch
    {
        double real => real,
        float or byte or sbyte or short or ushort or int or uint or long or ulong or decimal =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
        _ => null,
    };

    private static string Text(object value) =>
        Convert.ToString(value, CultureInfo.InvariantCulture) ?? value.GetType().Name;
}
