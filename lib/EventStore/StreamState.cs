// The row of mt_streams, as a value.
namespace EventSourced.EventStore;

/// <summary>What the store knows of a stream without reading its events.</summary>
/// <param name="Key">The stream's key.</param>
/// <param name="Version">The version of its last event.</param>
/// <param name="AggregateTypeName">The alias of the aggregate type that the writer named, if any.</param>
/// <param name="LastTimestamp">When it was last written.</param>
/// <param name="Created">When it was started.</param>
/// <param name="IsArchived">Whether it takes no more events.</param>
public sealed record StreamState(
    string Key,
    long Version,
    string? AggregateTypeName,
    DateTimeOffset LastTimestamp,
    DateTimeOffset Created,
    bool IsArchived);
