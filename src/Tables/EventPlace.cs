// Where an event stands: its block and log are packed into its identity (see EventIdentity), and SQL unpacks them
// from there. Always holds: what SQL unpacks is what EventIdentity packed.
namespace EventSourced.Tables;

/// <summary>Places of stored events in SQL.</summary>
public static class EventPlace
{
    /// <summary>The block of an event, from its identity.</summary>
    public static string BlockOf(string id) => $"('x' || substr(replace({id}::text, '-', ''), 1, 12))::bit(48)::bigint";

    /// <summary>The log of an event in its block, from its identity.</summary>
    public static string LogOf(string id) => $"substring({LowOf(id)} from 11 for 20)::bit(20)::integer";

    /// <summary>The ordinal of an event behind its log, from its identity.</summary>
    public static string OrdinalOf(string id) =>
        $"((('x' || substr(replace({id}::text, '-', ''), 14, 3))::bit(12)::integer << 8) | " +
        $"substring({LowOf(id)} from 3 for 8)::bit(8)::integer)";

    private static string LowOf(string id) => $"('x' || substr(replace({id}::text, '-', ''), 17, 16))::bit(64)";

    /// <summary>
    /// The last event of the newest block for which a condition on <c>b</c> holds; 0 when there is none.
    /// </summary>
    public static string LastEventOf(string condition) =>
        $"coalesce((select b.last_sequence from {TableNames.Blocks} b where {condition} order by b.number desc limit 1), 0)";
}
