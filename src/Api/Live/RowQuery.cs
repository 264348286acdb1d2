// The rows that a subscription shows, as a query of its own. Enters: the selection of a subscription's field.
// Leaves: a document that reads the selected rows for a list of ids, with the client's fragments and conditions
// resolved, and the variables that the document needs. Always holds: two subscriptions with equal selections and
// equal values give the same query, so that one answer serves both.
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EventSourced.Api.Model;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.Projections;

namespace EventSourced.Api.Live;

/// <summary>A query for the rows of a list of ids.</summary>
/// <param name="Document">The document.</param>
/// <param name="Variables">The variables, without the ids.</param>
/// <param name="Names">The names that the rows have in the client's selection.</param>
internal sealed record RowQuery(string Document, string Variables, IReadOnlyList<string> Names)
{
    /// <summary>The variable of the ids.</summary>
    private const string Ids = "idsThatChanged";

    /// <summary>Makes the query for the rows that a subscription selects; null when it selects and filters no
    /// rows.</summary>
    internal static RowQuery? Of(ResolverContext context, ReadModel model, bool withFilter)
    {
        var writer = new Writer(context);
        return writer.Write(context.Selection, model, withFilter);
    }

    /// <summary>The request for some ids.</summary>
    internal OperationRequest For(IReadOnlyList<string> ids)
    {
        var json = new StringBuilder(Variables, 0, Variables.Length - 1, Variables.Length + ids.Count * 16);
        if (Variables.Length > 2) json.Append(',');
        json.Append('"').Append(Ids).Append("\":").Append(JsonSerializer.Serialize(ids)).Append('}');
        using var parsed = JsonDocument.Parse(json.ToString());
        return new OperationRequest
        {
            Document = Encoding.UTF8.GetBytes(Document),
            Variables = parsed.RootElement.Clone(),
        };
    }

    /// <summary>Two queries are equal when their documents, variables and names are equal.</summary>
    public bool Equals(RowQuery? other) =>
        other is not null && Document == other.Document && Variables == other.Variables
        && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => HashCode.Combine(Document, Variables);

    private sealed class Writer(ResolverContext context)
    {
        private readonly StringBuilder _text = new();
        private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
        private readonly IReadOnlyDictionary<string, object?> _variables = context.Variables;

        internal RowQuery? Write(Selection root, ReadModel model, bool withFilter)
        {
            var names = new List<string>();
            var type = (ObjectType)root.Field.Type.NamedType;
            foreach (var selection in root.SelectionSet(type).Selections)
            {
                if (selection.Field.Name != FieldNames.Single(model.TypeName) || !selection.IsIncluded(_variables))
                    continue;
                Rows(root, model, withFilter, names.Count, selection);
                names.Add(selection.ResponseName);
            }

            if (names.Count == 0)
            {
                // The client shows no row, but its filter still decides which rows match.
                if (!withFilter || Argument(root, "where") is null) return null;
                Rows(root, model, true, 0, null);
                names.Add("");
            }

            var definitions = context.Request.Plan.Operation.VariableDefinitions
                .Where(variable => _used.Contains(variable.Name))
                .Select(Definition);
            var document = $"query({string.Join(", ", definitions.Prepend($"${Ids}: [ID!]!"))}) {{ {_text}}}";
            return new RowQuery(document, Values(), names);
        }

        private void Rows(Selection root, ReadModel model, bool withFilter, int number, Selection? row)
        {
            var many = FieldNames.Many(model.TypeName);
            _text.Append(CultureInfo.InvariantCulture, $"rows{number}: {many}(first: {RowChanges.MostRows}, ");
            _text.Append(CultureInfo.InvariantCulture, $"where: {{id: {{in: ${Ids}}}");
            if (withFilter && Argument(root, "where") is { } where) _text.Append(", and: [").Append(where).Append(']');
            _text.Append('}');
            if (Argument(root, "finality") is { } finality) _text.Append(", finality: ").Append(finality);
            _text.Append(") { nodes");
            if (row is null) _text.Append(" { __typename }");
            else Members(row);
            _text.Append(" edges { node { id } } }\n");
        }

        private void Members(Selection parent)
        {
            if (parent.Field.Type.NamedType is not ObjectType type) return;
            _text.Append(" {");
            var isEmpty = true;
            foreach (var selection in parent.SelectionSet(type).Selections)
            {
                if (!selection.IsIncluded(_variables)) continue;
                isEmpty = false;
                _text.Append(' ');
                if (selection.ResponseName != selection.Field.Name) _text.Append(selection.ResponseName).Append(": ");
                _text.Append(selection.Field.Name);
                var arguments = selection.Node.Arguments;
                if (!arguments.IsEmpty)
                {
                    var given = arguments.Select(argument => $"{argument.Name}: {Value(argument.Value)}");
                    _text.Append('(').AppendJoin(", ", given).Append(')');
                }

                Members(selection);
            }

            // A selection whose conditions leave nothing still has to be a selection.
            _text.Append(isEmpty ? " __typename }" : " }");
        }

        private string? Argument(Selection selection, string name) =>
            selection.Node.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value is { } value
            && !(value is VariableNode variable && _variables.GetValueOrDefault(variable.Name) is null)
                ? Value(value)
                : null;

        // Declare a variable with a value as non-null: here the filter stands in a list, which the client's own
        // document does not have.
        private string Definition(VariableDefinitionNode variable)
        {
            var isKnown = variable.Type is not NonNullTypeNode
                && _variables.GetValueOrDefault(variable.Name) is not null;
            var byDefault = variable.DefaultValue is { } value ? $" = {value}" : "";
            return $"${variable.Name}: {variable.Type}{(isKnown ? "!" : "")}{byDefault}";
        }

        private string Value(ValueNode value)
        {
            Use(value);
            return value.ToString()!;
        }

        private void Use(ValueNode value)
        {
            switch (value)
            {
                case VariableNode variable:
                    _used.Add(variable.Name);
                    break;
                case ListValueNode list:
                    foreach (var element in list.Values) Use(element);
                    break;
                case ObjectValueNode members:
                    foreach (var member in members.Fields) Use(member.Value);
                    break;
            }
        }

        private string Values()
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                json.WriteStartObject();
                foreach (var name in _used)
                {
                    if (!_variables.TryGetValue(name, out var value)) continue;
                    json.WritePropertyName(name);
                    WriteValue(json, value);
                }

                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(stream.ToArray());
        }

        // Turns a coerced value back into the JSON that it came from.
        private static void WriteValue(Utf8JsonWriter json, object? value)
        {
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                case bool truth:
                    json.WriteBooleanValue(truth);
                    break;
                case DateTime moment:
                    json.WriteStringValue(moment.ToString("O", CultureInfo.InvariantCulture));
                    break;
                case IReadOnlyDictionary<string, object?> members:
                    json.WriteStartObject();
                    foreach (var (name, member) in members)
                    {
                        json.WritePropertyName(name);
                        WriteValue(json, member);
                    }

                    json.WriteEndObject();
                    break;
                case IEnumerable list:
                    json.WriteStartArray();
                    foreach (var element in list) WriteValue(json, element);
                    json.WriteEndArray();
                    break;
                default:
                    JsonSerializer.Serialize(json, value, value.GetType());
                    break;
            }
        }
    }
}
