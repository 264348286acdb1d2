// 3.6, 3.7, 3.10 All fields of a type have different names, its extensions included.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class UniqueFieldDefinitionNames : ValidationRule
{
    private readonly HashSet<(string, string)> _seen = [];

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        var (typeName, fields) = node switch
        {
            ComplexTypeDefinitionNode type => (type.Name, type.Fields.Select(field => (field.Name, (SyntaxNode)field))),
            InputObjectTypeDefinitionNode input =>
                (input.Name, input.Fields.Select(field => (field.Name, (SyntaxNode)field))),
            _ => ("", []),
        };
        foreach (var (name, field) in fields)
        {
            if (!_seen.Add((typeName, name)))
                context.Report($"Field \"{typeName}.{name}\" can only be defined once.", field);
        }
    }
}
