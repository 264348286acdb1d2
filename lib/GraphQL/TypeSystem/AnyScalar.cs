// A custom scalar without coercions of its own (specification 3.5.5): JSON passes as it is, literals become the same
// shapes.
using System.Globalization;
using System.Text.Json;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal static class AnyScalar
{
    public static ScalarBinding Binding { get; } = new(
        Coercion.Of,
        json => Coercion.Of(FromJson(json)),
        literal => Coercion.Of(FromLiteral(literal, null)));

    public static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? integer : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.Object =>
            Object(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, FromJson(p.Value)))),
        _ => null,
    };

    public static object? FromLiteral(ValueNode literal, IReadOnlyDictionary<string, object?>? variables) =>
        literal switch
        {
            StringValueNode text => text.Value,
            BooleanValueNode boolean => boolean.Value,
            IntValueNode number when long.TryParse(number.Value, CultureInfo.InvariantCulture, out var whole) => whole,
            IntValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
            FloatValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
            EnumValueNode name => name.Value,
            ListValueNode list => list.Values.Select(value => FromLiteral(value, variables)).ToList(),
            ObjectValueNode fields =>
                Object(fields.Fields.Select(f => KeyValuePair.Create(f.Name, FromLiteral(f.Value, variables)))),
            VariableNode variable => variables?.GetValueOrDefault(variable.Name),
            _ => null,
        };

    private static Dictionary<string, object?> Object(IEnumerable<KeyValuePair<string, object?>> members)
    {
        var found = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
            found[name] = value;
        return found;
    }
}
