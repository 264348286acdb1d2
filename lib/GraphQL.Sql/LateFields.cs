// The values that a statement leaves open. Enters: the JSON text of a root field with marks in it, and how each value
// is made. Leaves: the JSON with the values in the places of the marks, shaped by the client's selection. Always
// holds: a mark begins and ends with U+0001, which JSON escapes in every value, so no value can be taken for a mark;
// equal questions of one answer are asked once.
using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql;

// A field that is finished late, and where the client wrote it.
internal sealed record LateField(Selection Selection, SqlLate Late);

internal static class LateFields
{
    private const byte Mark = 1;
    private const byte Between = 2;

    // The text that stands in the statement's JSON for a value that comes later.
    public static string Open(int number, string given) =>
        FormattableString.Invariant($"chr({Mark}) || '{number}' || chr({Between}) || coalesce(({given})::text, 'null') || chr({Mark})");

    public static async ValueTask<byte[]> FillAsync(
        byte[] json, IReadOnlyList<LateField> fields, IReadOnlyDictionary<string, object?> variables,
        CancellationToken cancellation)
    {
        var whole = new ArrayBufferWriter<byte>(json.Length * 2);
        var known = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var at = 0;
        while (json.AsSpan(at).IndexOf(Mark) is >= 0 and var before)
        {
            whole.Write(json.AsSpan(at, before));
            var begin = at + before + 1;
            var length = json.AsSpan(begin).IndexOf(Mark);
            var question = json.AsMemory(begin, length);
            var key = System.Text.Encoding.UTF8.GetString(question.Span);
            if (!known.TryGetValue(key, out var value))
                known[key] = value = await ValueAsync(question, fields, variables, cancellation).ConfigureAwait(false);
            whole.Write(value);
            at = begin + length + 1;
        }

        whole.Write(json.AsSpan(at));
        return whole.WrittenSpan.ToArray();
    }

    private static async ValueTask<byte[]> ValueAsync(
        ReadOnlyMemory<byte> question, IReadOnlyList<LateField> fields, IReadOnlyDictionary<string, object?> variables,
        CancellationToken cancellation)
    {
        var between = question.Span.IndexOf(Between);
        if (!Utf8Parser.TryParse(question.Span[..between], out int number, out _))
            throw new InvalidOperationException("Expected the number of a field in a mark, found none.");
        var field = fields[number];
        using var given = JsonDocument.Parse(question[(between + 1)..]);
        var value = await field.Late.Value(given.RootElement, cancellation).ConfigureAwait(false);
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
            Write(writer, value, field.Selection, variables);
        return text.WrittenSpan.ToArray();
    }

    private static void Write(
        Utf8JsonWriter writer, JsonElement? value, Selection selection, IReadOnlyDictionary<string, object?> variables)
    {
        switch (value)
        {
            case null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                writer.WriteNullValue();
                break;
            case { ValueKind: JsonValueKind.Array } list:
                writer.WriteStartArray();
                foreach (var element in list.EnumerateArray())
                    Write(writer, element, selection, variables);
                writer.WriteEndArray();
                break;
            case { } some when selection.Field.Type.NamedType is ObjectType type:
                WriteObject(writer, some, selection.SelectionSet(type), variables);
                break;
            case { } leaf:
                leaf.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(
        Utf8JsonWriter writer, JsonElement value, SelectionSet selected, IReadOnlyDictionary<string, object?> variables)
    {
        writer.WriteStartObject();
        foreach (var member in selected.Selections)
        {
            if (!member.IsIncluded(variables))
                continue;
            writer.WritePropertyName(member.ResponseName);
            if (member.Field.Name == "__typename")
                writer.WriteStringValue(selected.Type.Name);
            else
                Write(writer, value.TryGetProperty(member.Field.Name, out var found) ? found : null, member, variables);
        }

        writer.WriteEndObject();
    }
}
