// Where an event stands: its block and log are packed into its identity (see EventIdentity), and SQL unpacks the block
// from there. Always holds: what SQL unpacks is what EventIdentity packed.
namespace EventSourced.Tables;

/// <summary>Places of stored events in SQL.</summary>
public static class EventPlace
{
    /// <summary>The block of an event, from its identity.</summary>
    public static string BlockOf(string id) => $"('x' || substr(replace({id}::text, '-', ''), 1, 12))::bit(48)::bigint";

    /// <summary>
    /// The last event of the newest block for which a condition on <c>b</c> holds; 0 when there is none.
    /// </summary>
    public static string LastEventOf(string condition) =>
        $"coalesce((select b.last_sequence from {TableNames.Blocks} b where {condition} order by b.number desc limit 1), 0)";
}
