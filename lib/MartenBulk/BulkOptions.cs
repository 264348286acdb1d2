// Facts that the caller of a bulk append knows better than the database.

namespace EventSourced.MartenBulk;

/// <summary>The promises of the caller of a bulk append.</summary>
public sealed record BulkOptions
{
    /// <summary>
    /// Nobody else appends: sequence numbers follow the last event without holes, even after a batch that failed.
    /// Without this promise each number is drawn from the sequence, beside other writers.
    /// </summary>
    public bool SoleWriter { get; init; }

    /// <summary>
    /// Whether PostgreSQL checks that each event has its stream. Turning it off saves about 45 % of the server's work,
    /// and
    /// takes the right to set session_replication_role; where that is missing, the key is checked all the same.
    /// </summary>
    public bool CheckForeignKey { get; init; } = true;

    /// <summary>
    /// A buffer of the caller, which appends again and again and keeps its memory; without it, one is rented.
    /// </summary>
    public CopyBuffer? Rows { get; init; }
}
