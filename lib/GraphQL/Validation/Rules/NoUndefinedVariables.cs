// 5.8.3 All variable uses defined, in the operation and in every fragment that it reaches.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class NoUndefinedVariables : ValidationRule
{
    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document)
            return;
        foreach (var operation in document.Operations)
        {
            var defined = operation.VariableDefinitions.Select(variable => variable.Name)
                .ToHashSet(StringComparer.Ordinal);
            foreach (var usage in context.UsagesIn(operation).Where(usage => !defined.Contains(usage.Node.Name)))
            {
                var where = operation.Name is { } name ? $" by operation \"{name}\"" : "";
                context.Report($"Variable \"${usage.Node.Name}\" is not defined{where}.", usage.Node, operation);
            }
        }
    }
}
