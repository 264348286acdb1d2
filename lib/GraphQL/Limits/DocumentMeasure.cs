// A parsed document enters before anything of it is validated; a refusal by name leaves when, with its fragments
// expanded, it is too deep or too wide. Each fragment is measured once and counted as often as it is spread, so that
// fragments that double cost nothing to refuse. Cycles are left to validation.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;

namespace EventSourced.GraphQL.Limits;

internal sealed class DocumentMeasure
{
    private readonly Dictionary<string, FragmentDefinitionNode> _fragments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Size> _measured = new(StringComparer.Ordinal);
    private readonly RequestLimits _limits;
    private int _nesting;

    private DocumentMeasure(DocumentNode document, RequestLimits limits)
    {
        _limits = limits;
        foreach (var fragment in document.Fragments)
            _fragments.TryAdd(fragment.Name, fragment);
    }

    // The contents of a selection set with its fragments expanded. Counts saturate instead of overflowing.
    private readonly record struct Size(int Depth, double Fields, double Aliases, double Directives)
    {
        public Size Beside(Size other) =>
            new(Math.Max(Depth, other.Depth), Fields + other.Fields, Aliases + other.Aliases,
                Directives + other.Directives);
    }

    /// <exception cref="GraphQLException">A limit is exceeded.</exception>
    public static void Check(DocumentNode document, RequestLimits limits)
    {
        var measure = new DocumentMeasure(document, limits);
        foreach (var definition in document.Definitions.OfType<ExecutableDefinitionNode>())
        {
            var size = measure.Measure(definition.SelectionSet) with { };
            Refuse(LimitNames.Depth, limits.MaxDepth, size.Depth);
            Refuse(LimitNames.FragmentExpansion, limits.MaxFields, size.Fields);
            Refuse(LimitNames.Aliases, limits.MaxAliases, size.Aliases);
            Refuse(LimitNames.Directives, limits.MaxDirectives, size.Directives + definition.Directives.Length);
        }
    }

    private static void Refuse(string limit, double maximum, double found)
    {
        if (found > maximum)
            throw LimitExceeded.Exception(limit, maximum, found);
    }

    private Size Measure(SelectionSetNode selectionSet)
    {
        // Fragments that only spread one another add no depth, but each is a frame on the stack.
        Refuse(LimitNames.Nesting, _limits.MaxNesting * 4, ++_nesting);
        var size = default(Size);
        foreach (var selection in selectionSet.Selections)
        {
            size = size.Beside(selection switch
            {
                FieldNode field => OfField(field),
                InlineFragmentNode inline => Measure(inline.SelectionSet),
                var spread => OfFragment(((FragmentSpreadNode)spread).Name),
            });
            size = size with { Directives = size.Directives + selection.Directives.Length };
        }

        _nesting--;
        return size;
    }

    private Size OfField(FieldNode field)
    {
        var below = field.SelectionSet is { } children ? Measure(children) : default;
        return new(below.Depth + 1, below.Fields + 1, below.Aliases + (field.Alias is null ? 0 : 1), below.Directives);
    }

    private Size OfFragment(string name)
    {
        if (_measured.TryGetValue(name, out var known))
            return known;
        if (!_fragments.TryGetValue(name, out var fragment))
            return default;
        _measured[name] = default;
        return _measured[name] = Measure(fragment.SelectionSet);
    }
}
