// 5.2.1.1 Operation name uniqueness.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class UniqueOperationNames : ValidationRule
{
    private readonly Dictionary<string, OperationDefinitionNode> _seen = new(StringComparer.Ordinal);

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is OperationDefinitionNode { Name: { } name } operation && !_seen.TryAdd(name, operation))
            context.Report($"There can be only one operation named \"{name}\".", _seen[name], operation);
    }
}
