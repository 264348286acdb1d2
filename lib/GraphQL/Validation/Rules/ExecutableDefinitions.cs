// 5.1.1 Executable definitions: a document that is run holds operations and fragments only.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class ExecutableDefinitions : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not TypeSystemDefinitionNode definition)
            return;
        var name = definition switch
        {
            SchemaDefinitionNode => "schema",
            TypeDefinitionNode type => $"\"{type.Name}\"",
            DirectiveDefinitionNode directive => $"\"{directive.Name}\"",
            _ => "definition",
        };
        context.Report($"The {name} definition is not executable.", definition);
    }
}
