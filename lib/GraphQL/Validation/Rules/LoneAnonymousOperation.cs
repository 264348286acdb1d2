// 5.2.2.1 Lone anonymous operation: an operation without a name stands alone.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class LoneAnonymousOperation : ValidationRule
{
    private int _operations;

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is DocumentNode document)
            _operations = document.Operations.Count();
        else if (node is OperationDefinitionNode { Name: null } operation && _operations > 1)
            context.Report("This anonymous operation must be the only defined operation.", operation);
    }
}
