// The number of blocks in one eth_getLogs. Enters: the weight of the last answers, or a refusal. Leaves: the next size.
// Pure. The aim is a weight in bytes, not a number of blocks: nodes get slow above about a megabyte, and a round trip
// is wasted on less. A quiet stretch must not widen the range so far that the next busy one comes as one huge answer,
// so the past density of the chain is remembered, and fades.
namespace EventSourced.Indexer.Ingest;

/// <summary>
/// An adaptive number of blocks, and the highest recent density: the logs a block, averaged over an answer.
/// </summary>
public readonly record struct RangeSize(ulong Blocks, double Density = 0)
{
    /// <summary>The logs that one answer should hold: about 0.75 MB of JSON.</summary>
    public const int AimLogs = 1_000;

    /// <summary>The logs that one answer should not exceed, even if a busy stretch follows a quiet one.</summary>
    public const int MostLogs = 4 * AimLogs;

    /// <summary>The share of the remembered density that is left after each answer.</summary>
    public const double Fading = 0.98;

    /// <summary>The most blocks of one question; several providers allow no more.</summary>
    public const ulong Most = 2_000;

    /// <summary>
    /// The first size, and the assumed density of a chain that has not shown it yet: a quiet beginning widens the range
    /// slowly. Several ranges are asked for before the first answer tells anything, and a chain may begin with its
    /// fullest blocks.
    /// </summary>
    public static RangeSize First => new(2, Density: 40);

    /// <summary>After an answer: towards the aim, at most twice or half the size at once.</summary>
    public RangeSize After(ulong blocks, int logs)
    {
        // A short last range says little about the planned size.
        if (blocks == 0 || blocks < Blocks / 2) return this;
        var density = Math.Max((double)logs / blocks, Fading * Density);
        var wanted = logs == 0 ? 2 * Blocks : Math.Max(1, blocks * AimLogs / (ulong)logs);
        var safe = density * Most <= MostLogs ? Most : Math.Max(1, (ulong)(MostLogs / density));
        var size = Math.Clamp(Math.Min(wanted, safe), Math.Max(1, Blocks / 2), Math.Min(Most, 2 * Blocks));
        return new RangeSize(size, density);
    }

    /// <summary>After a refusal or a time-out: half, at least one block.</summary>
    public RangeSize Refused() => this with { Blocks = Math.Max(1, Blocks / 2) };
}
