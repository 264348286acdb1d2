// Beyond the specification: an operator may keep the schema to himself (4.2 lets a service do so). __typename stays.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class NoIntrospection : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        if (node is FieldNode { Name: "__schema" or "__type" } field)
            context.Report($"Introspection is switched off, but the document asks for {field.Name}.", field);
    }
}
