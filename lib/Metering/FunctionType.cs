// Function types (specification 2.3.6). Enters: kinds of parameters and results. Leaves: a value compared by content.
// Always holds: two types with equal parameters and results are equal and get the same number in one engine.
namespace EventSourced.Metering;

/// <summary>The kinds of a function's parameters and results.</summary>
public sealed class FunctionType : IEquatable<FunctionType>
{
    private readonly ValueKind[] _parameters;
    private readonly ValueKind[] _results;
    private readonly int _hash;

    /// <summary>Makes a type from the kinds of parameters and results.</summary>
    public FunctionType(ReadOnlySpan<ValueKind> parameters, ReadOnlySpan<ValueKind> results)
    {
        _parameters = parameters.ToArray();
        _results = results.ToArray();
        var hash = new HashCode();
        foreach (var kind in _parameters)
            hash.Add((int)kind);
        hash.Add(-1);
        foreach (var kind in _results)
            hash.Add((int)kind);
        _hash = hash.ToHashCode();
    }

    /// <summary>The kinds of the parameters, in order.</summary>
    public IReadOnlyList<ValueKind> Parameters => _parameters;

    /// <summary>The kinds of the results, in order.</summary>
    public IReadOnlyList<ValueKind> Results => _results;

    internal ReadOnlySpan<ValueKind> ParameterKinds => _parameters;

    internal ReadOnlySpan<ValueKind> ResultKinds => _results;

    /// <summary>Equal parameters and results.</summary>
    public bool Equals(FunctionType? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && _parameters.AsSpan().SequenceEqual(other._parameters)
            && _results.AsSpan().SequenceEqual(other._results));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FunctionType);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The type in the words of the text format: (i32 i64) -> (f32).</summary>
    public override string ToString() =>
        $"({string.Join(' ', _parameters.Select(kind => kind.Text()))}) -> "
        + $"({string.Join(' ', _results.Select(kind => kind.Text()))})";
}
