// A rule sees every node of a document once on the way in and once on the way out, with the types that the walker knows
// there. Rules keep their state in fields: each document gets rules of its own.
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.Validation.Traversal;

internal abstract class ValidationRule
{
    public virtual void Enter(SyntaxNode node, ValidationContext context)
    {
    }

    public virtual void Leave(SyntaxNode node, ValidationContext context)
    {
    }
}
