// The response before it is bytes. A value is null, a string, a bool, a number, raw JSON, one of these nodes, or one
// of two marks: Nulled (an error took the value, and a parent that may be null must take its place) and Absent (left
// out).
namespace EventSourced.GraphQL.Execution;

internal sealed class ResultObject(SelectionSet selectionSet, object?[] values)
{
    public SelectionSet SelectionSet => selectionSet;

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
