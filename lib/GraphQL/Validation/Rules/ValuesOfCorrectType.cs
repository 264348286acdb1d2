// 5.6.1 Values of correct type, with 5.6.2, 5.6.4 and 3.10.1 for input objects; variables are checked where they are
// used.
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Validation.Traversal;

namespace EventSourced.GraphQL.Validation.Rules;

internal sealed class ValuesOfCorrectType : ValidationRule
{
    public override void Enter(SyntaxNode node, ValidationContext context)
    {
        var value = node switch
        {
            ArgumentNode argument => argument.Value,
            VariableDefinitionNode variable => variable.DefaultValue,
            _ => null,
        };
        if (value is not null && context.InputType is { } type)
            LiteralCheck.Check(value, type, context.Report);
    }
}
