// The directives that speak to the engine itself: @deprecated, @specifiedBy, @cost, @listSize.
using System.Collections.Immutable;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.TypeSystem;

internal static class AppliedDirectives
{
    public const string DefaultDeprecationReason = "No longer supported";

    public static DirectiveNode? Find(ImmutableArray<DirectiveNode> directives, string name)
    {
        foreach (var directive in directives)
        {
            if (directive.Name == name)
                return directive;
        }

        return null;
    }

    public static string? DeprecationReason(ImmutableArray<DirectiveNode> directives) =>
        Find(directives, "deprecated") is not { } deprecated ? null
        : deprecated.Argument("reason") is StringValueNode reason ? reason.Value
        : DefaultDeprecationReason;
}
