// The roots of an epoch: what a poster posts on the chain and what a signer compares. Enters: a checkpoint that our log
// signed; or a fold of the chain, which the indexer's audit makes. Leaves: the same record by either way. Always holds:
// es log post, es log sign and the keepers speak of this one record, and a test compares what each of them makes.
using System.Globalization;
using EventSourced.Domain.Values;

namespace EventSourced.Tables;

/// <summary>The roots at the end of a block.</summary>
/// <param name="LogRoot">The root over every event.</param>
/// <param name="StateRoot">The root over every state.</param>
/// <param name="ToBlock">The block.</param>
/// <param name="EventCount">How many events there are.</param>
public sealed record EpochRoots(Word LogRoot, Word StateRoot, ulong ToBlock, ulong EventCount)
{
    private const string StateRootLine = "state-root ";
    private const string BlockLine = "final-block ";
    private const int HeadLines = 3;

    /// <summary>Reads a checkpoint of ours; null: it states no root of states, or no final block.</summary>
    public static EpochRoots? Parse(string checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var lines = checkpoint.Split('\n');
        var end = Array.IndexOf(lines, "");
        if (end < HeadLines) return null;
        return TryNumber(lines[1], out var count) && TryRoot(lines[2], out var root)
            && TryRoot(Value(StateRootLine), out var state) && TryNumber(Value(BlockLine)?.Split(' ')[0], out var block)
                ? new EpochRoots(root, state, block, count)
                : null;

        string? Value(string line) => Array.Find(
            lines[HeadLines..end], one => one.StartsWith(line, StringComparison.Ordinal))?[line.Length..];
    }

    private static bool TryNumber(string? text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryRoot(string? text, out Word root)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        var isRoot = Convert.TryFromBase64String(text ?? "", bytes, out var written) && written == Word.Length;
        root = isRoot ? new Word(bytes) : default;
        return isRoot;
    }
}
