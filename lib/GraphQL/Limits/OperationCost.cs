// An operation with its variables enters, its cost leaves, or a refusal by name. The weights are the schema's: @cost on
// a field (1 for a field with a selection, 0 for a leaf) and @listSize for the number of times that the selection below
// it counts. The sum runs over the document with fragments expanded, which DocumentMeasure has bounded.
using System.Globalization;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Limits;

internal sealed class OperationCost(Schema schema, DocumentNode document, RequestLimits limits)
{
    private readonly Dictionary<string, FragmentDefinitionNode> _fragments =
        document.Fragments.ToDictionary(fragment => fragment.Name, StringComparer.Ordinal);

    public double Check(OperationDefinitionNode operation, IReadOnlyDictionary<string, object?> variables)
    {
        var cost = Of(operation.SelectionSet, schema.RootType(operation.Operation)!, variables, null);
        return cost <= limits.MaxCost ? cost : throw LimitExceeded.Exception(LimitNames.Cost, limits.MaxCost, cost);
    }

    // A connection passes its size on to those of its fields that hold the list.
    private readonly record struct PassedSize(double Size, IReadOnlyList<string> Fields);

    private double Of(
        SelectionSetNode selectionSet, NamedType parent, IReadOnlyDictionary<string, object?> variables,
        PassedSize? passed)
    {
        var cost = 0.0;
        foreach (var selection in selectionSet.Selections)
        {
            cost += selection switch
            {
                FieldNode field => OfField(field, parent, variables, passed),
                InlineFragmentNode inline =>
                    Of(inline.SelectionSet, Narrowed(inline.TypeCondition, parent), variables, passed),
                FragmentSpreadNode spread when _fragments.TryGetValue(spread.Name, out var fragment) =>
                    Of(fragment.SelectionSet, Narrowed(fragment.TypeCondition, parent), variables, passed),
                _ => 0,
            };
        }

        return cost;
    }

    private NamedType Narrowed(NamedTypeNode? condition, NamedType parent) =>
        condition is null ? parent : schema.Type(condition.Name) ?? parent;

    private double OfField(
        FieldNode node, NamedType parent, IReadOnlyDictionary<string, object?> variables, PassedSize? passed)
    {
        if (node.Name.StartsWith("__", StringComparison.Ordinal) || schema.Field(parent, node.Name) is not { } field)
            return 0;
        var size = ListSize(node, field, variables);
        var sizedFields = SizedFields(field);
        var below = size is { } known && sizedFields.Count > 0
            ? new PassedSize(known, sizedFields)
            : default(PassedSize?);
        var times = passed is { } given && given.Fields.Contains(node.Name) ? given.Size
            : sizedFields.Count > 0 ? 1
            : size ?? 1;
        var children = node.SelectionSet is { } selectionSet
            ? Of(selectionSet, field.Type.NamedType, variables, below)
            : 0;
        return times * (Weight(field) + children);
    }

    private static double Weight(OutputField field) =>
        AppliedDirectives.Find(field.Syntax.Directives, "cost")?.Argument("weight") is StringValueNode weight
        && double.TryParse(weight.Value, CultureInfo.InvariantCulture, out var value)
            ? value
            : field.Type.NamedType.IsLeaf ? 0 : 1;

    // The largest of the slicing arguments, else the size that the schema assumes; null when the schema names none.
    private double? ListSize(FieldNode node, OutputField field, IReadOnlyDictionary<string, object?> variables)
    {
        if (AppliedDirectives.Find(field.Syntax.Directives, "listSize") is not { } listSize)
            return null;
        double? asked = null;
        foreach (var name in Names(listSize.Argument("slicingArguments")))
        {
            if (Asked(node, field, name, variables) is not { } size)
                continue;
            if (size > limits.MaxListSize)
                throw LimitExceeded.Exception(LimitNames.ListSize, limits.MaxListSize, size);
            asked = Math.Max(asked ?? 0, size);
        }

        return asked ?? (listSize.Argument("assumedSize") is IntValueNode assumed
            ? int.Parse(assumed.Value, CultureInfo.InvariantCulture)
            : null);
    }

    private static double? Asked(
        FieldNode node, OutputField field, string name, IReadOnlyDictionary<string, object?> variables)
    {
        var given = node.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value
            ?? field.Arguments[name]?.DefaultValue;
        return given switch
        {
            IntValueNode literal => double.Parse(literal.Value, CultureInfo.InvariantCulture),
            VariableNode variable when variables.GetValueOrDefault(variable.Name) is int value => value,
            _ => null,
        };
    }

    private static IReadOnlyList<string> SizedFields(OutputField field) =>
        AppliedDirectives.Find(field.Syntax.Directives, "listSize") is { } listSize
            ? Names(listSize.Argument("sizedFields"))
            : [];

    private static IReadOnlyList<string> Names(ValueNode? list) => list switch
    {
        ListValueNode names => [.. names.Values.OfType<StringValueNode>().Select(name => name.Value)],
        StringValueNode name => [name.Value],
        _ => [],
    };
}
