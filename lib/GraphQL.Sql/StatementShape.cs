// The facts of the variables that decide a statement's form: presence, nulls, the keys of objects, the lengths of
// lists of objects, booleans, and enums that are not values of columns. Two requests of one shape share a prepared
// statement and differ in parameters only.
using System.Globalization;
using System.Text;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql;

internal static class StatementShape
{
    public static string Of(OperationPlan plan, IReadOnlyDictionary<string, object?> variables, SqlRoots roots)
    {
        if (plan.Variables.IsEmpty && !roots.HasNodes(plan))
            return "";
        var shape = new StringBuilder();
        foreach (var (name, type) in plan.Variables)
        {
            if (variables.TryGetValue(name, out var value))
                Write(shape, value, type, roots);
            else
                shape.Append('-');
        }

        foreach (var selection in plan.Root.Selections)
            WriteNodes(shape, selection, variables, roots);
        return shape.ToString();
    }

    private static void Write(StringBuilder shape, object? value, GraphQLType type, SqlRoots roots)
    {
        switch (value)
        {
            case null:
                shape.Append('0');
                break;
            case bool truth:
                shape.Append(truth ? 't' : 'f');
                break;
            case string name when type.Nullable is EnumType @enum && !roots.IsColumnEnum(@enum):
                shape.Append(name).Append('.');
                break;
            case IReadOnlyDictionary<string, object?> members when type.Nullable is InputObjectType input:
                shape.Append('{');
                var at = 0;
                foreach (var field in input.Fields)
                {
                    at++;
                    if (!members.TryGetValue(field.Name, out var member))
                        continue;
                    shape.Append(CultureInfo.InvariantCulture, $"{at}:");
                    Write(shape, member, field.Type, roots);
                }

                shape.Append('}');
                break;
            case IReadOnlyList<object?> list when type.Nullable is ListType { ElementType: var elementType }
                && IsForm(elementType.NamedType, list, roots):
                shape.Append('[');
                foreach (var element in list)
                    Write(shape, element, elementType, roots);
                shape.Append(']');
                break;
            default:
                shape.Append('s');
                break;
        }
    }

    // Whether the elements decide the form, and not only their values a parameter.
    private static bool IsForm(NamedType element, IReadOnlyList<object?> list, SqlRoots roots) =>
        element is InputObjectType || (element is EnumType @enum && !roots.IsColumnEnum(@enum)) || list.Contains(null);

    // Ids choose the tables that they are looked for in.
    private static void WriteNodes(
        StringBuilder shape, Selection selection, IReadOnlyDictionary<string, object?> variables, SqlRoots roots)
    {
        switch (selection.Field.Name)
        {
            case "node" when roots.IsNode(selection):
                var id = BoundValue.Argument(selection, "id", variables)?.Value as string;
                shape.Append(CultureInfo.InvariantCulture, $"n{roots.TableOf(id)}");
                break;
            case "nodes" when roots.IsNode(selection):
                foreach (var table in roots.TablesOf(BoundValue.Argument(selection, "ids", variables)))
                    shape.Append(CultureInfo.InvariantCulture, $"n{table}");
                shape.Append('.');
                break;
        }
    }
}
