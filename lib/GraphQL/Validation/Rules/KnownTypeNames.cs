// 5.5.1.2 Fragment spread type existence, 5.8.2 Variables are input types, 3.3: every type that is named exists.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class KnownTypeNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is NamedTypeNode type && !context.HasType(type.Name))
            context.Report(
                $"Unknown type \"{type.Name}\".{Suggestions.DidYouMean(type.Name, context.TypeNames)}", type);
    }
}
