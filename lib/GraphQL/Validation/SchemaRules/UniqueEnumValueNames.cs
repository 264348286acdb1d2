// 3.9 All values of an enum have different names, its extensions included.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.SchemaRules;

internal sealed class UniqueEnumValueNames : ValidationRule
{
    private readonly HashSet<(string, string)> _seen = [];

    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not EnumTypeDefinitionNode type)
            return;
        foreach (var value in type.Values)
        {
            if (!_seen.Add((type.Name, value.Name)))
                context.Report($"Enum value \"{type.Name}.{value.Name}\" can only be defined once.", value);
        }
    }
}
