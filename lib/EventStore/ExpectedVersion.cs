// What a writer believes of a stream before its events are appended. Not a bare number: Marten counts the version
// after the append, most other stores the one before, and a silent difference between the two would lose events.
namespace EventSourced.EventStore;

/// <summary>The version that a stream must have before an append.</summary>
public readonly record struct ExpectedVersion
{
    private ExpectedVersion(long value) => Value = value;

    /// <summary>Whatever the stream holds, even nothing.</summary>
    public static ExpectedVersion Any { get; } = new(-1);

    /// <summary>The stream must not exist.</summary>
    public static ExpectedVersion NoStream { get; } = new(0);

    /// <summary>The stream's last event must have exactly this version.</summary>
    public static ExpectedVersion Of(long version) =>
        version >= 0
            ? new ExpectedVersion(version)
            : throw new ArgumentOutOfRangeException(nameof(version), version, "expected a version of 0 or more");

    internal long Value { get; }

    internal bool IsAny => Value < 0;

    /// <inheritdoc/>
    public override string ToString() => Value switch
    {
        < 0 => "any version",
        0 => "no stream",
        _ => $"version {Value}",
    };
}
