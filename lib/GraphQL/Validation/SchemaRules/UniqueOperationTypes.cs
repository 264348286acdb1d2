// 3.3.1 There is one root type for each kind of operation.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class UniqueOperationTypes : ValidationRule
{
    private readonly HashSet<OperationType> _seen = [];

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is OperationTypeDefinitionNode root && !_seen.Add(root.Operation))
            context.Report(
                $"There can be only one {root.Operation.ToString().ToLowerInvariant()} type in schema.", root);
    }
}
