// 5.3.3 Leaf field selections: a scalar or enum has no selection, everything else has one.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class ScalarLeafs : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not FieldNode field || context.Type is not { } type)
            return;
        if (type.NamedType.IsLeaf && field.SelectionSet is { } selection)
        {
            context.Report(
                $"Field \"{field.Name}\" must not have a selection since type \"{type}\" has no subfields.", selection);
        }
        else if (!type.NamedType.IsLeaf && field.SelectionSet is null)
        {
            context.Report(
                $"Field \"{field.Name}\" of type \"{type}\" must have a selection of subfields. Did you mean " +
                $"\"{field.Name} {{ ... }}\"?",
                field);
        }
    }
}
