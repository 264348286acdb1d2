// 3.3 A document defines at most one schema; 3.3.2 an extension needs the definition that it extends.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class LoneSchemaDefinition : ValidationRule
{
    private int _definitions;

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is SchemaDefinitionNode { IsExtension: false } definition && ++_definitions > 1)
            context.Report("Must provide only one schema definition.", definition);
    }

    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        if (node is not DocumentNode document || _definitions > 0)
            return;
        foreach (var extension in document.Definitions.OfType<SchemaDefinitionNode>())
            context.Report("Cannot extend the schema because it is not defined by a schema definition.", extension);
    }
}
