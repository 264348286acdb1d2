// An argument as the planner sees it: its value now, which decides the statement's form, and where the value comes
// from, so that the same statement can be run again with other variables.
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql;

internal sealed class BoundValue
{
    private readonly string? _variable;
    private readonly ImmutableArray<object> _path;
    private readonly ValueNode? _syntax;
    private readonly GraphQLType _type;
    private readonly IReadOnlyDictionary<string, object?> _variables;

    private BoundValue(
        object? value, GraphQLType type, IReadOnlyDictionary<string, object?> variables,
        ValueNode? syntax = null, string? variable = null, ImmutableArray<object> path = default)
    {
        Value = value;
        _type = type;
        _variables = variables;
        _syntax = syntax;
        _variable = variable;
        _path = path.IsDefault ? [] : path;
    }

    public object? Value { get; }

    // Null when the argument is not given and has no default.
    public static BoundValue? Argument(
        Execution.Selection selection, string name, IReadOnlyDictionary<string, object?> variables)
    {
        if (!selection.Field.Arguments.TryGet(name, out var definition))
            return null;
        var given = selection.Node.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value;
        return Of(given ?? definition.DefaultValue, definition.Type, variables)
            ?? (definition.DefaultValue is { } byDefault ? Of(byDefault, definition.Type, variables) : null);
    }

    private static BoundValue? Of(ValueNode? node, GraphQLType type, IReadOnlyDictionary<string, object?> variables)
    {
        if (node is null)
            return null;
        if (node is VariableNode variable)
            return variables.TryGetValue(variable.Name, out var value)
                ? new(value, type, variables, variable: variable.Name)
                : null;
        return InputCoercion.TryFromLiteral(node, type, variables, out var literal)
            ? new(literal, type, variables, node)
            : throw new GraphQLException(new GraphQLError(
                $"The value {node} does not fit the type {type}.", ErrorCodes.BadUserInput));
    }

    // The fields of an input object that are there, in the order of its type.
    public IEnumerable<(string Name, BoundValue Value)> Fields()
    {
        var type = (InputObjectType)_type.NamedType;
        var given = (IReadOnlyDictionary<string, object?>)Value!;
        foreach (var field in type.Fields)
        {
            if (!given.TryGetValue(field.Name, out var value))
                continue;
            if (_variable is not null)
                yield return (
                    field.Name, new(value, field.Type, _variables, variable: _variable, path: _path.Add(field.Name)));
            else
                yield return (
                    field.Name,
                    Of((_syntax as ObjectValueNode)?.Fields.FirstOrDefault(f => f.Name == field.Name)?.Value,
                        field.Type, _variables) ?? new(value, field.Type, _variables));
        }
    }

    // The elements of a list; one value stands for a list of one.
    public IEnumerable<BoundValue> Elements()
    {
        var elementType = ((ListType)_type.Nullable).ElementType;
        var given = (IReadOnlyList<object?>)Value!;
        for (var index = 0; index < given.Count; index++)
        {
            if (_variable is not null)
                yield return new(given[index], elementType, _variables, variable: _variable, path: _path.Add(index));
            else
                yield return Of(_syntax is ListValueNode list ? list.Values[index] : _syntax, elementType, _variables)
                    ?? new(given[index], elementType, _variables);
        }
    }

    // Finds the value again among the variables of a later request with the same form.
    public Func<IReadOnlyDictionary<string, object?>, object?> Source()
    {
        if (_variable is null)
        {
            // A list with variables in it has to be coerced again.
            if (_syntax is not null && HasVariable(_syntax))
                return variables =>
                    InputCoercion.TryFromLiteral(_syntax, _type, variables, out var value) ? value : null;
            return _ => Value;
        }

        return variables =>
        {
            var value = variables[_variable];
            foreach (var step in _path)
                value = step is int index
                    ? ((IReadOnlyList<object?>)value!)[index]
                    : ((IReadOnlyDictionary<string, object?>)value!)[(string)step];
            return value;
        };
    }

    private static bool HasVariable(ValueNode node) => node switch
    {
        VariableNode => true,
        ListValueNode list => list.Values.Any(HasVariable),
        ObjectValueNode fields => fields.Fields.Any(field => HasVariable(field.Value)),
        _ => false,
    };
}
