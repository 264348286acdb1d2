// 5.4.2 Argument uniqueness.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class UniqueArgumentNames : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        var arguments =
            node switch { FieldNode field => field.Arguments, DirectiveNode directive => directive.Arguments, _ => [] };
        if (arguments.Length < 2)
            return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            if (!seen.Add(argument.Name))
                context.Report($"There can be only one argument named \"{argument.Name}\".", argument);
        }
    }
}
