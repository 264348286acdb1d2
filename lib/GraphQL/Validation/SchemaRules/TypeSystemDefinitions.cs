// 3 A schema is made of type system definitions only.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class TypeSystemDefinitions : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is ExecutableDefinitionNode definition)
            context.Report("Expected a definition of the type system, found an operation or a fragment.", definition);
    }
}
