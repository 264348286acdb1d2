// The question to an audit, and its answer. Always holds: each line says of one subject whether it holds, does not
// hold, or was not checked and why; the first difference names its place.
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Segments;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>The subject of the audit: a log, a chain, or both.</summary>
public sealed record AuditQuestion
{
    /// <summary>The log: an address or a folder; null: the chain alone is folded.</summary>
    public LogCopy? Log { get; init; }

    /// <summary>An archive of the log's economy: an address or a folder; null: none is checked.</summary>
    public FilePlace? Archive { get; init; }

    /// <summary>The node; null: only the log is checked.</summary>
    public EthereumClient? Node { get; init; }

    /// <summary>The economy on the node's chain.</summary>
    public Deployment? Deployment { get; init; }

    /// <summary>The way in which the chain is read.</summary>
    public IngestionOptions Ingestion { get; init; } = new();

    /// <summary>
    /// The keys whose signatures are believed; null: the keys that the log itself names, which prove no identity.
    /// </summary>
    public TrustPolicy? Policy { get; init; }

    /// <summary>An earlier checkpoint that the auditor kept: the log must extend it.</summary>
    public SignedCheckpoint? Since { get; init; }

    /// <summary>Whether the receipts of every block are hashed and compared with its header.</summary>
    public bool Receipts { get; init; }

    /// <summary>The number of rows of each kind to prove by the storage of the contracts; 0: none.</summary>
    public int Proofs { get; init; }

    /// <summary>
    /// A folder for the checked logs of the chain, so that an interrupted audit can resume; null: nothing is kept.
    /// </summary>
    public string? Keep { get; init; }

    /// <summary>
    /// Whether a root that was accepted on the chain, but differs from the chain's own, is only reported and not
    /// counted as a difference. Invented worlds post invented roots.
    /// </summary>
    public bool TellsOfAnchorsOnly { get; init; }

    /// <summary>Whether the audit ends at the first difference.</summary>
    public bool StopsAtFirst { get; init; }

    /// <summary>The leaf to explain.</summary>
    public long? Explain { get; init; }

    /// <summary>The last block; null: the checkpoint's, or the newest final one.</summary>
    public ulong? ToBlock { get; init; }

    /// <summary>Receives the progress: done and total. It counts blocks if there is a node, otherwise leaves.</summary>
    public Action<long, long>? Progress { get; init; }
}

/// <summary>The finding about one subject.</summary>
/// <param name="Subject">The subject, in a word.</param>
/// <param name="Holds">Whether it holds; null: it was not checked.</param>
/// <param name="Text">The finding, for people.</param>
public sealed record AuditLine(string Subject, bool? Holds, string Text);

/// <summary>The answer of an audit.</summary>
/// <param name="Lines">The findings, one per subject.</param>
/// <param name="Difference">The first difference; null: everything that was checked holds.</param>
/// <param name="Explanation">The origin of the leaf that was to be explained.</param>
public sealed record AuditReport(
    IReadOnlyList<AuditLine> Lines, Difference? Difference, IReadOnlyList<string> Explanation)
{
    /// <summary>Whether everything that was checked holds.</summary>
    public bool Holds => Difference is null && Lines.All(line => line.Holds != false);
}
