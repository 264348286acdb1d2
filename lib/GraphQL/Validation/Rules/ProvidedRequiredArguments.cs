// 5.4.3 Required arguments are given, to fields and directives.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class ProvidedRequiredArguments : ValidationRule
{
    public override void Leave(SyntaxNode node, ValidationContext context)
    {
        switch (node)
        {
            case FieldNode field when context.Field is { } definition:
                foreach (var argument in definition.Arguments)
                {
                    if (argument.IsRequired && field.Arguments.All(given => given.Name != argument.Name))
                        context.Report(
                            $"Field \"{field.Name}\" argument \"{argument.Name}\" of type \"{argument.Type}\" is " +
                            $"required, but it was not provided.", field);
                }

                break;
            case DirectiveNode directive when context.Directive is { } definition:
                foreach (var argument in definition.Arguments)
                {
                    var isRequired = argument.Type is NonNullTypeNode && argument.DefaultValue is null;
                    if (isRequired && directive.Argument(argument.Name) is null)
                        context.Report(
                            $"Directive \"@{directive.Name}\" argument \"{argument.Name}\" of type " +
                            $"\"{argument.Type}\" is required, but it was not provided.", directive);
                }

                break;
        }
    }
}
