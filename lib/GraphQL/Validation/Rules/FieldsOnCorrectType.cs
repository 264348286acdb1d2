// 5.3.1 Field selections: the field exists on the type.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class FieldsOnCorrectType : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is not FieldNode field || context.ParentType is not { } parent || context.Field is not null)
            return;
        var hint = FragmentHint(field.Name, parent, context.Schema!);
        if (hint.Length == 0)
            hint = Suggestions.DidYouMean(field.Name, (parent as ComplexType)?.Fields.Names ?? []);
        context.Report($"Cannot query field \"{field.Name}\" on type \"{parent}\".{hint}", field);
    }

    // The types that have the field, when the parent is one of their interfaces or unions.
    private static string FragmentHint(string name, NamedType parent, Schema schema)
    {
        if (parent is ObjectType)
            return "";
        var types = schema.PossibleTypes(parent)
            .Where(type => type.Fields[name] is not null)
            .SelectMany(type => type.Interfaces.Where(i => i.Fields[name] is not null).Cast<NamedType>().Append(type))
            .GroupBy(type => type)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Take(5)
            .Select(group => $"\"{group.Key}\"")
            .ToList();
        return types.Count == 0 ? "" : $" Did you mean to use an inline fragment on {Suggestions.Listed(types)}?";
    }
}
