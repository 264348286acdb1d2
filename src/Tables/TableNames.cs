// The names of everything that the roles share in the database: they meet in these tables and on this channel, and
// nowhere else. Always holds: each name is said here once; databases of earlier versions carry these names. Stored;
// never rename.
namespace EventSourced.Tables;

/// <summary>Names of schemas and tables.</summary>
public static class TableNames
{
    /// <summary>The schema whose tables serve.</summary>
    public const string ServingSchema = "model";

    /// <summary>The schema in which the next serving tables are built.</summary>
    public const string NextSchema = "model_next";

    /// <summary>The former serving schema, during the exchange.</summary>
    public const string OldSchema = "model_old";

    /// <summary>The blocks that have events.</summary>
    public const string Blocks = "es_block";

    /// <summary>One row: the indexer's progress.</summary>
    public const string Progress = "es_indexer";

    /// <summary>The branches that reorgs left.</summary>
    public const string Reorgs = "es_reorg";

    /// <summary>The events that reorgs cut, written by the event store.</summary>
    public const string OrphanedEvents = "es_orphaned_events";

    /// <summary>One row: the head of the audit log and its checkpoints.</summary>
    public const string Log = "es_log";

    /// <summary>The tiles and bundles of the audit log, each a growing value.</summary>
    public const string LogTiles = "es_log_tile";

    /// <summary>The state roots that no checkpoint states yet, by the last event that they cover.</summary>
    public const string StateRoots = "es_state_root";

    /// <summary>One row: the end of the history that was dropped after it was archived.</summary>
    public const string Horizon = "es_horizon";

    /// <summary>The events, as Marten lays them out.</summary>
    public const string Events = "mt_events";

    /// <summary>The streams, as Marten lays them out.</summary>
    public const string Streams = "mt_streams";

    /// <summary>The violations of integrity, a read model.</summary>
    public const string Violations = $"{ServingSchema}.violation";

    /// <summary>The table of a read model.</summary>
    public static string Of(string schema, string table) => $"{schema}.{table}";

    /// <summary>The history of a read model: its superseded rows.</summary>
    public static string HistoryOf(string schema, string table) => $"{schema}.{table}_history";
}
