// 5.8.4 All variables used, by the operation or by a fragment that it reaches.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class NoUnusedVariables : ValidationRule
{
    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document)
            return;
        foreach (var operation in document.Operations.Where(operation => !operation.VariableDefinitions.IsEmpty))
        {
            var used = context.UsagesIn(operation).Select(usage => usage.Node.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var variable in operation.VariableDefinitions.Where(variable => !used.Contains(variable.Name)))
            {
                var where = operation.Name is { } name ? $" in operation \"{name}\"" : "";
                context.Report($"Variable \"${variable.Name}\" is never used{where}.", variable);
            }
        }
    }
}
