// The response before it is bytes. A value is null, a string, a bool, a number, raw JSON, one of these nodes, or one
// of two marks: Nulled (an error took the value, and a parent that may be null must take its place) and Absent (left
// out).
using System.Text.Json;

namespace EventSourced.GraphQL.Response;

/// <summary>A field's value that is JSON already, shaped by its selection; it is copied to the response
/// unread.</summary>
public sealed class RawJson(ReadOnlyMemory<byte> utf8)
{
    /// <summary>The text.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;
}

// One value for each name, in the order of the response. All objects of one selection share the names.
internal sealed class ResultObject(JsonEncodedText[] names, object?[] values)
{
    public JsonEncodedText[] Names => names;

    public object?[] Values => values;
}

internal sealed class ResultList(object?[] elements)
{
    public object?[] Elements => elements;
}

internal sealed class ResultMark
{
    public static readonly ResultMark Nulled = new();
    public static readonly ResultMark Absent = new();
}
