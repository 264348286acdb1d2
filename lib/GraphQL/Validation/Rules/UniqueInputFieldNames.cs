// 5.6.3 Input object field uniqueness.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class UniqueInputFieldNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not ObjectValueNode { Fields.Length: > 1 } value)
            return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in value.Fields)
        {
            if (!seen.Add(field.Name))
                context.Report($"There can be only one input field named \"{field.Name}\".", field);
        }
    }
}
