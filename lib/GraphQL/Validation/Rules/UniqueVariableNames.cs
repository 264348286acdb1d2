// 5.8.1 Variable uniqueness.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class UniqueVariableNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not OperationDefinitionNode operation)
            return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in operation.VariableDefinitions)
        {
            if (!seen.Add(variable.Name))
                context.Report($"There can be only one variable named \"${variable.Name}\".", variable);
        }
    }
}
