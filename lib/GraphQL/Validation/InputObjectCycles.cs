// 3.10 "Circular References": an input object that must contain itself can never be written, and neither can one whose
// default values contain themselves.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation;

internal static class InputObjectCycles
{
    public static void Check(IEnumerable<NamedType> types, LiteralCheck.Report report)
    {
        var state = new Dictionary<InputObjectType, bool>();
        foreach (var type in types.OfType<InputObjectType>())
        {
            Search(type, [], state, report);
            SearchDefaults(type, report);
        }
    }

    private static void Search(
        InputObjectType type, List<(InputObjectType Type, InputField Field)> path,
        Dictionary<InputObjectType, bool> state, LiteralCheck.Report report)
    {
        if (state.TryGetValue(type, out var isOpen))
        {
            if (isOpen)
            {
                var cycle = path.Skip(path.FindIndex(step => step.Type == type)).ToList();
                report(
                    $"Cannot reference Input Object \"{type}\" within itself through a series of non-null fields: " +
                    $"\"{string.Join('.', cycle.Select(step => step.Field.Name))}\".",
                    cycle[0].Field.Syntax);
            }

            return;
        }

        state[type] = true;
        foreach (var field in type.Fields)
        {
            if (field.Type is NonNullType { InnerType: InputObjectType inner })
            {
                path.Add((type, field));
                Search(inner, path, state, report);
                path.RemoveAt(path.Count - 1);
            }
        }

        state[type] = false;
    }

    // The default of a field is expanded with the defaults of the fields that it leaves out.
    private static void SearchDefaults(InputObjectType type, LiteralCheck.Report report)
    {
        foreach (var field in type.Fields)
        {
            if (field.DefaultValue is { } value && Contains(value, field.Type, field, [field]))
                report($"The default value of {type}.{field.Name} contains itself.", field.Syntax);
        }
    }

    private static bool Contains(ValueNode value, GraphQLType type, InputField sought, HashSet<InputField> open) =>
        (value, type.Nullable) switch
        {
            (ListValueNode list, ListType listType) =>
                list.Values.Any(element => Contains(element, listType.ElementType, sought, open)),
            (ObjectValueNode, ListType listType) => Contains(value, listType.ElementType, sought, open),
            (ObjectValueNode fields, InputObjectType input) => input.Fields.Any(member =>
                fields.Fields.FirstOrDefault(given => given.Name == member.Name) is { } given
                    ? Contains(given.Value, member.Type, sought, open)
                    : member == sought
                    || (member.DefaultValue is { } byDefault && open.Add(member)
                        && Contains(byDefault, member.Type, sought, open))),
            _ => false,
        };
}
