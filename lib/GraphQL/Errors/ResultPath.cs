// The path of a field in the response (specification 7.1.2): a chain from the field back to the root, shared by
// siblings.
namespace EventSourced.GraphQL.Errors;

/// <summary>A response name or a list index, and the part that it stands in.</summary>
public sealed class ResultPath
{
    private ResultPath(ResultPath? parent, string? name, int index)
    {
        Parent = parent;
        Name = name;
        Index = index;
    }

    /// <summary>The parent of this segment; null at the root.</summary>
    public ResultPath? Parent { get; }

    /// <summary>The response name; null when this segment is an index.</summary>
    public string? Name { get; }

    /// <summary>The index, when there is no name.</summary>
    public int Index { get; }

    /// <summary>A field of <paramref name="parent"/>.</summary>
    public static ResultPath Field(ResultPath? parent, string name) => new(parent, name, 0);

    /// <summary>An element of the list at <paramref name="parent"/>.</summary>
    public static ResultPath Element(ResultPath parent, int index) => new(parent, null, index);

    /// <summary>The segments from the root on: strings and integers.</summary>
    public IReadOnlyList<object> ToList()
    {
        var segments = new List<object>();
        for (var segment = this; segment is not null; segment = segment.Parent)
            segments.Add(segment.Name is { } name ? name : segment.Index);
        segments.Reverse();
        return segments;
    }

    /// <summary>The path as people write it: <c>tasks.nodes[3].agent</c>.</summary>
    public override string ToString() =>
        string.Concat(
            ToList().Select(
                (segment, at) => segment is int index ? $"[{index}]" : at == 0 ? $"{segment}" : $".{segment}"));
}
