// Client input enters as JSON (variables) or literals (documents), values of .NET leave (specification 3.10, 6.1.2,
// 6.4.1): lists as IReadOnlyList, input objects as IReadOnlyDictionary, enums as their names, scalars as their
// bindings say.
using System.Collections.Immutable;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

/// <summary>Makes values of .NET from a client's values.</summary>
public static class InputCoercion
{
    // Coerces a JSON value. The callback gets each problem with its path within the value.
    internal static object? FromJson(JsonElement json, GraphQLType type, string path, Action<string, string> problem)
    {
        switch (type)
        {
            case NonNullType nonNull:
                if (json.ValueKind != JsonValueKind.Null)
                    return FromJson(json, nonNull.InnerType, path, problem);
                problem(path, $"Expected non-nullable type \"{type}\" not to be null.");
                return null;
            case var _ when json.ValueKind == JsonValueKind.Null:
                return null;
            case ListType list when json.ValueKind == JsonValueKind.Array:
                var index = 0;
                var elements = new List<object?>(json.GetArrayLength());
                foreach (var element in json.EnumerateArray())
                    elements.Add(FromJson(element, list.ElementType, $"{path}[{index++}]", problem));
                return elements;
            case ListType list:
                return new List<object?>(1) { FromJson(json, list.ElementType, path, problem) };
            case InputObjectType input:
                return ObjectFromJson(json, input, path, problem);
            case EnumType @enum:
                return EnumFromJson(json, @enum, path, problem);
            default:
                var coerced = ((ScalarType)type).Binding.ParseValue(json);
                if (!coerced.IsGood)
                    problem(path, $"Expected type \"{type}\". {coerced.Problem}");
                return coerced.Value;
        }
    }

    /// <summary>Makes the value of a literal that validation accepted (6.4.1). The answer is false when a variable in
    /// the literal has no value where the type needs one.</summary>
    public static bool TryFromLiteral(
        ValueNode literal, GraphQLType type, IReadOnlyDictionary<string, object?> variables, out object? value)
    {
        value = null;
        switch (literal)
        {
            case VariableNode variable:
                return variables.TryGetValue(variable.Name, out value) && !(value is null && type.IsNonNull);
            case NullValueNode:
                return !type.IsNonNull;
        }

        switch (type.Nullable)
        {
            case ListType list when literal is ListValueNode nodes:
                return TryList(nodes, list, variables, out value);
            case ListType list:
                if (!TryFromLiteral(literal, list.ElementType, variables, out var only))
                    return false;
                value = new List<object?>(1) { only };
                return true;
            case InputObjectType input when literal is ObjectValueNode node:
                return TryObject(node, input, variables, out value);
            case EnumType @enum when literal is EnumValueNode name && @enum.Values.TryGet(name.Value, out var member):
                value = member.Name;
                return true;
            case ScalarType { IsBound: false }:
                value = AnyScalar.FromLiteral(literal, variables);
                return true;
            case ScalarType scalar:
                var coerced = scalar.Binding.ParseLiteral(literal);
                value = coerced.Value;
                return coerced.IsGood;
            default:
                return false;
        }
    }

    private static bool TryList(
        ListValueNode nodes, ListType list, IReadOnlyDictionary<string, object?> variables, out object? value)
    {
        value = null;
        var elements = new List<object?>(nodes.Values.Length);
        foreach (var node in nodes.Values)
        {
            // 6.4.1: a variable without a value is null in a list.
            var isMissing = node is VariableNode variable && !variables.ContainsKey(variable.Name);
            if (isMissing && !list.ElementType.IsNonNull)
                elements.Add(null);
            else if (TryFromLiteral(node, list.ElementType, variables, out var element))
                elements.Add(element);
            else
                return false;
        }

        value = elements;
        return true;
    }

    private static bool TryObject(
        ObjectValueNode node, InputObjectType type, IReadOnlyDictionary<string, object?> variables, out object? value)
    {
        value = null;
        var members = new Dictionary<string, object?>(node.Fields.Length, StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            var given = Find(node.Fields, field.Name);
            var isMissing = given is null || (given is VariableNode variable && !variables.ContainsKey(variable.Name));
            if (isMissing && field.DefaultValue is { } byDefault)
                members[field.Name] = Default(byDefault, field.Type);
            else if (isMissing && field.Type.IsNonNull)
                return false;
            else if (isMissing)
                continue;
            else if (TryFromLiteral(given!, field.Type, variables, out var member))
                members[field.Name] = member;
            else
                return false;
        }

        value = members;
        return node.Fields.All(field => type.Fields.TryGet(field.Name, out _))
            && (!type.IsOneOf || (members.Count == 1 && members.Values.First() is not null));
    }

    // The value of a default that schema or query validation accepted.
    internal static object? Default(ValueNode literal, GraphQLType type) =>
        TryFromLiteral(literal, type, ImmutableDictionary<string, object?>.Empty, out var value) ? value : null;

    private static ValueNode? Find(ImmutableArray<ObjectFieldNode> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name == name)
                return field.Value;
        }

        return null;
    }

    private static Dictionary<string, object?>? ObjectFromJson(
        JsonElement json, InputObjectType type, string path, Action<string, string> problem)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem(path, $"Expected type \"{type}\" to be an object.");
            return null;
        }

        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            if (json.TryGetProperty(field.Name, out var given))
                members[field.Name] = FromJson(given, field.Type, $"{path}.{field.Name}", problem);
            else if (field.DefaultValue is { } literal)
                members[field.Name] = Default(literal, field.Type);
            else if (field.Type.IsNonNull)
                problem(path, $"Field \"{field.Name}\" of required type \"{field.Type}\" was not provided.");
        }

        var count = 0;
        foreach (var property in json.EnumerateObject())
        {
            count++;
            if (type.Fields[property.Name] is null)
                problem(path,
                    $"Field \"{property.Name}\" is not defined by type " +
                    $"\"{type}\".{Suggestions.DidYouMean(property.Name, type.Fields.Names)}");
        }

        if (type.IsOneOf && (count != 1 || members.Count != 1))
            problem(path, $"Exactly one key must be specified for OneOf type \"{type}\".");
        else if (type.IsOneOf && members.Values.First() is null)
            problem($"{path}.{members.Keys.First()}", $"Field \"{members.Keys.First()}\" must be non-null.");
        return members;
    }

    private static string? EnumFromJson(JsonElement json, EnumType type, string path, Action<string, string> problem)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            problem(path, $"Enum \"{type}\" cannot represent non-string value: {json.GetRawText()}.");
            return null;
        }

        var name = json.GetString()!;
        if (type.Values[name] is not null)
            return name;
        problem(path,
            $"Value \"{name}\" does not exist in \"{type}\" " +
            $"enum.{Suggestions.DidYouMean(name, type.Values.Names, "the enum value ")}");
        return null;
    }
}
