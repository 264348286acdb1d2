// What an audit is asked, and what it answers. Always holds: a line says of one subject whether it holds, does not
// hold, or was not checked and why; the first difference names its place.
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Segments;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>What to audit; a log, a chain, or both.</summary>
public sealed record AuditQuestion
{
    /// <summary>The log: an address or a folder; null: the chain alone is folded.</summary>
    public LogCopy? Log { get; init; }

    /// <summary>An archive of the log's economy: an address or a folder; null: none is checked.</summary>
    public FilePlace? Archive { get; init; }

    /// <summary>The node; null: the log alone is checked.</summary>
    public EthereumClient? Node { get; init; }

    /// <summary>The economy on the node's chain.</summary>
    public Deployment? Deployment { get; init; }

    /// <summary>How the chain is read.</summary>
    public IngestionOptions Ingestion { get; init; } = new();

    /// <summary>
    /// Whose signatures are believed; null: the keys that the log names of itself, which proves no identity.
    /// </summary>
    public TrustPolicy? Policy { get; init; }

    /// <summary>A checkpoint that was kept from earlier: the log must extend it.</summary>
    public SignedCheckpoint? Since { get; init; }

    /// <summary>Whether the receipts of every block are hashed and compared with its header.</summary>
    public bool Receipts { get; init; }

    /// <summary>How many rows of each kind are proven by the storage of the contracts; 0: none.</summary>
    public int Proofs { get; init; }

    /// <summary>
    /// A folder in which the chain's logs are kept as they were checked, so that an audit that was ended goes on;
    /// null: nothing is kept.
    /// </summary>
    public string? Keep { get; init; }

    /// <summary>
    /// Whether a root that was accepted on the chain and is not the chain's is only told of, and no difference: worlds
    /// that are made up post roots that are made up.
    /// </summary>
    public bool TellsOfAnchorsOnly { get; init; }

    /// <summary>Whether the audit ends at the first difference.</summary>
    public bool StopsAtFirst { get; init; }

    /// <summary>The leaf to explain.</summary>
    public long? Explain { get; init; }

    /// <summary>The last block; null: the checkpoint's, or the newest final one.</summary>
    public ulong? ToBlock { get; init; }

    /// <summary>
    /// Told how far it is: done, all, of blocks where there is a node and of leaves where there is none.
    /// </summary>
    public Action<long, long>? Progress { get; init; }
}

/// <summary>What was found of one subject.</summary>
/// <param name="Subject">The subject, in a word.</param>
/// <param name="Holds">Whether it holds; null: it was not checked.</param>
/// <param name="Text">For people.</param>
public sealed record AuditLine(string Subject, bool? Holds, string Text);

/// <summary>What an audit answers.</summary>
/// <param name="Lines">Subject by subject.</param>
/// <param name="Difference">The first difference; null: everything that was checked holds.</param>
/// <param name="Explanation">Why the leaf is there that was asked for.</param>
public sealed record AuditReport(
    IReadOnlyList<AuditLine> Lines, Difference? Difference, IReadOnlyList<string> Explanation)
{
    /// <summary>Whether everything that was checked holds.</summary>
    public bool Holds => Difference is null && Lines.All(line => line.Holds != false);
}
