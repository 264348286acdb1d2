// The outcome of fitting a value into a type: the value, or the problem in words. A problem is a value and not an
// exception, because a hostile list may hold thousands of them.
namespace EventSourced.GraphQL.TypeSystem;

/// <summary>A coerced value, or why there is none.</summary>
/// <param name="Value">The value, when there is no problem.</param>
/// <param name="Problem">The expected and the found; null when the value is good.</param>
public readonly record struct Coercion(object? Value, string? Problem)
{
    /// <summary>A good value.</summary>
    public static Coercion Of(object? value) => new(value, null);

    /// <summary>No value, and why.</summary>
    public static Coercion Failed(string problem) => new(null, problem);

    /// <summary>Whether there is a value.</summary>
    public bool IsGood => Problem is null;
}
