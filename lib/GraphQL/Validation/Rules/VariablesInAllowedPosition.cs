// 5.8.5 All variable usages are allowed: the type of the variable fits the place where it stands.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class VariablesInAllowedPosition : ValidationRule
{
    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document)
            return;
        foreach (var operation in document.Operations)
        {
            var variables = new Dictionary<string,
            (VariableDefinitionNode Node, GraphQLType? Type)>(StringComparer.Ordinal);
            foreach (var variable in operation.VariableDefinitions)
                variables[variable.Name] = (variable, TypeRelations.Resolve(context.Schema!, variable.Type));
            foreach (var usage in context.UsagesIn(operation))
            {
                if (usage.Type is { } expected && variables.TryGetValue(usage.Node.Name, out var found)
                    && found.Type is { } type)
                    Check(usage, expected, found.Node, type, context);
            }
        }
    }

    private static void Check(
        VariableUsage usage, GraphQLType expected, VariableDefinitionNode variable, GraphQLType type,
        ValidationContext context)
    {
        if (!IsAllowed(context.Schema!, type, variable.DefaultValue, expected, usage.HasDefault))
            context.Report(
                $"Variable \"${variable.Name}\" of type \"{type}\" used in position expecting type \"{expected}\".",
                variable, usage.Node);
        if (usage.ParentType is InputObjectType { IsOneOf: true } oneOf && !type.IsNonNull)
            context.Report(
                $"Variable \"${variable.Name}\" is of type \"{type}\" but must be non-nullable to be used for OneOf " +
                $"Input Object \"{oneOf}\".", variable, usage.Node);
    }

    private static bool IsAllowed(
        Schema schema, GraphQLType type, ValueNode? variableDefault, GraphQLType expected, bool hasDefault)
    {
        if (!expected.IsNonNull || type.IsNonNull)
            return TypeRelations.IsSubtype(schema, type, expected);
        var isNeverMissing = variableDefault is not null and not NullValueNode || hasDefault;
        return isNeverMissing && TypeRelations.IsSubtype(schema, type, expected.Nullable);
    }
}
