// How many blocks one eth_getLogs asks for. Enters: what the last answers weighed, or that one was refused. Leaves: the
// next size. Pure. The aim is a weight in bytes, not a number of blocks: nodes get slow above about a megabyte, and a
// round trip is wasted on less.
namespace EventSourced.Indexer.Ingestion;

/// <summary>An adaptive number of blocks.</summary>
public readonly record struct RangeSize(ulong Blocks)
{
    /// <summary>The logs that one answer should hold: about 0.75 MB of JSON.</summary>
    public const int AimLogs = 1_000;

    /// <summary>The most blocks of one question.</summary>
    public const ulong Most = 10_000;

    /// <summary>The size to begin with.</summary>
    public static RangeSize First => new(25);

    /// <summary>After an answer: towards the aim, at most twice or half the size at once.</summary>
    public RangeSize After(ulong blocks, int logs)
    {
        // A short last range says little about the size that was planned.
        if (blocks == 0 || blocks < Blocks / 2) return this;
        var wanted = logs == 0 ? 2 * Blocks : Math.Max(1, blocks * AimLogs / (ulong)logs);
        return new RangeSize(Math.Clamp(wanted, Math.Max(1, Blocks / 2), Math.Min(Most, 2 * Blocks)));
    }

    /// <summary>After a refusal or a time-out: half, at least one block.</summary>
    public RangeSize Refused() => new(Math.Max(1, Blocks / 2));
}
