// 5.8.2 Variables are input types.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class VariablesAreInputTypes : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is VariableDefinitionNode variable
            && TypeRelations.Resolve(context.Schema!, variable.Type) is { IsInput: false } type)
            context.Report($"Variable \"${variable.Name}\" cannot be non-input type \"{type}\".", variable.Type);
    }
}
