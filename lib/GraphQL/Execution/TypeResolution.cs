// The object type of a value of an abstract type (specification 6.4.3 "ResolveAbstractType"): by the schema's binding,
// by the value's own __typename, or by the name of its CLR type.
using System.Text.Json;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal static class TypeResolution
{
    public static ObjectType? Resolve(Schema schema, NamedType type, object value)
    {
        if (type is ObjectType known)
            return known;
        var possible = schema.PossibleTypes(type);
        foreach (var candidate in possible)
        {
            if (candidate.IsTypeOf is { } check && check(value))
                return candidate;
        }

        var name = value switch
        {
            IReadOnlyDictionary<string, object?> members => members.GetValueOrDefault("__typename") as string,
            JsonElement { ValueKind: JsonValueKind.Object } json
                when json.TryGetProperty("__typename", out var member) => member.GetString(),
            _ => value.GetType().Name,
        };
        return name is not null && schema.Type(name) is ObjectType named && possible.Contains(named) ? named : null;
    }
}
