// The head machine: the finalized block and the hash-linked blocks above it. Enters: a header, or a branch of headers
// whose fork is sought. Leaves: its meaning. Pure: no clock, no node. Always holds: each block's parent hash is the
// hash of the block before it, numbers rise by one, and nothing at or below the finalized block ever changes.
using System.Collections.Immutable;
using EventSourced.Ethereum;

namespace EventSourced.Indexer.Ingest;

/// <summary>The unfinalized part of the chain, on top of its finalized block.</summary>
public sealed class HeadChain
{
    private readonly ImmutableArray<ChainLink> _above;

    private HeadChain(ChainLink finalized, ImmutableArray<ChainLink> above) => (Finalized, _above) = (finalized, above);

    /// <summary>The block that never changes any more.</summary>
    public ChainLink Finalized { get; }

    /// <summary>The blocks above the finalized one, oldest first.</summary>
    public ImmutableArray<ChainLink> Unfinalized => _above;

    /// <summary>The newest block.</summary>
    public ChainLink Tip => _above.IsEmpty ? Finalized : _above[^1];

    /// <summary>A chain that knows only its finalized block.</summary>
    public static HeadChain From(ChainLink finalized) => new(finalized, []);

    /// <summary>The block of a number, if it is known.</summary>
    public ChainLink? At(ulong number) =>
        number == Finalized.Number ? Finalized
        : number > Finalized.Number && number <= Tip.Number ? _above[(int)(number - Finalized.Number - 1)]
        : null;

    /// <summary>Judges a header.</summary>
    public HeadStep Judge(ChainLink header) => Judge([header]);

    /// <summary>
    /// Judges a branch: linked headers, oldest first, the newest of them the head. It grows downwards by MissingParent
    /// until the parent of its oldest header is known.
    /// </summary>
    public HeadStep Judge(ImmutableArray<ChainLink> branch)
    {
        var (oldest, newest) = (branch[0], branch[^1]);
        if (At(newest.Number)?.Hash == newest.Hash) return new HeadStep.Duplicate();
        if (oldest.Number <= Finalized.Number) return new HeadStep.BelowFinality(Finalized, oldest);
        if (oldest.Number > Tip.Number + 1) return new HeadStep.Gap(Tip.Number + 1, oldest.Number - 1);
        if (At(oldest.Number - 1) is not { } parent)
            throw new InvalidOperationException($"expected a block before {oldest}");
        if (parent.Hash != oldest.ParentHash)
        {
            return parent == Finalized
                ? new HeadStep.BelowFinality(Finalized, oldest)
                : new HeadStep.MissingParent(oldest.Number - 1, oldest.ParentHash);
        }

        var kept = (int)(parent.Number - Finalized.Number);
        var chain = new HeadChain(Finalized, [.. _above[..kept], .. branch]);
        return parent == Tip && branch.Length == 1
            ? new HeadStep.Next(chain)
            : new HeadStep.Reorg(parent, NewestFirst(kept), branch, chain);
    }

    /// <summary>
    /// The chain got shorter: everything above a known block is gone, and nothing has taken its place yet.
    /// </summary>
    public HeadStep CutTo(ChainLink tip)
    {
        if (tip.Number < Finalized.Number || At(tip.Number) != tip) return new HeadStep.BelowFinality(Finalized, tip);
        var kept = (int)(tip.Number - Finalized.Number);
        return kept == _above.Length
            ? new HeadStep.Duplicate()
            : new HeadStep.Reorg(tip, NewestFirst(kept), [], new HeadChain(Finalized, _above[..kept]));
    }

    /// <summary>
    /// Makes everything up to a number final. A number that is not above the finalized block, or not reached yet,
    /// changes nothing.
    /// </summary>
    public HeadChain Finalize(ulong number)
    {
        if (number <= Finalized.Number || number > Tip.Number) return this;
        var count = (int)(number - Finalized.Number);
        return new HeadChain(_above[count - 1], _above[count..]);
    }

    /// <summary>
    /// Whether a block that a node calls final equals our block of that number; a block above our tip is unknown and
    /// does not.
    /// </summary>
    public bool Agrees(ulong number, Hash32 hash) => At(number)?.Hash == hash;

    private ImmutableArray<ChainLink> NewestFirst(int kept) => [.. _above[kept..].Reverse()];
}
