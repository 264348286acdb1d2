// 5.2.1.1 and 3.3.1 Operation type existence: the schema supports the kind of operation.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class OperationTypeExists : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is OperationDefinitionNode operation && context.Schema!.RootType(operation.Operation) is null)
            context.Report(
                $"The schema does not support {operation.Operation.ToString().ToLowerInvariant()} operations.",
                operation);
    }
}
