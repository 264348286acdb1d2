// The arguments of one selection (specification 6.4.1): coerced once when they are constant, with the variables of each
// request otherwise.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal sealed class ArgumentBinder
{
    private static readonly Dictionary<string, object?> None = new(StringComparer.Ordinal);

    private readonly OutputField _field;
    private readonly FieldNode _node;
    private readonly IReadOnlyDictionary<string, object?>? _constant;

    public ArgumentBinder(OutputField field, FieldNode node)
    {
        _field = field;
        _node = node;
        if (field.Arguments.Count == 0)
            _constant = None;
        else if (!node.Arguments.Any(argument => HasVariable(argument.Value)))
            _constant = Coerce(None);
    }

    public IReadOnlyDictionary<string, object?> Bind(IReadOnlyDictionary<string, object?> variables) =>
        _constant ?? Coerce(variables);

    private Dictionary<string, object?> Coerce(IReadOnlyDictionary<string, object?> variables)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var argument in _field.Arguments)
        {
            var given = Find(argument.Name);
            var isMissing = given is null || (given is VariableNode variable && !variables.ContainsKey(variable.Name));
            if (!isMissing)
            {
                if (!InputCoercion.TryFromLiteral(given!, argument.Type, variables, out var value))
                    throw Invalid(argument, $"has the value {given}, which does not fit");
                values[argument.Name] = value;
            }
            else if (argument.DefaultValue is { } literal)
            {
                values[argument.Name] = InputCoercion.Default(literal, argument.Type);
            }
            else if (argument.Type.IsNonNull)
            {
                throw Invalid(
                    argument, given is null
                        ? "is required, but none was provided"
                        : $"got {given}, which has no value");
            }
        }

        return values;
    }

    private static GraphQLException Invalid(InputField argument, string what) =>
        new(new GraphQLError(
            $"Argument \"{argument.Name}\" of type \"{argument.Type}\" {what}.", ErrorCodes.BadUserInput));

    private ValueNode? Find(string name)
    {
        foreach (var argument in _node.Arguments)
        {
            if (argument.Name == name)
                return argument.Value;
        }

        return null;
    }

    private static bool HasVariable(ValueNode value) => value switch
    {
        VariableNode => true,
        ListValueNode list => list.Values.Any(HasVariable),
        ObjectValueNode fields => fields.Fields.Any(field => HasVariable(field.Value)),
        _ => false,
    };
}
