// The block at which a root field is read. Its arguments enter. Three parts leave: the statement's expression for the
// block, the text that stands before the statement, and a check of the snapshot's word on the index. The statement that
// reads the rows also looks up the block, so that a reorg in between cannot mix two chains.
using System.Collections.Immutable;
using System.Globalization;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

// The progress of the index, in the snapshot of the rows.
internal readonly record struct IndexProgress(long? Tip, long? Final, long? Horizon);

internal sealed class BlockReading
{
    private readonly SqlBlocks _blocks;
    private readonly bool _isFinal;
    private readonly string _kind;
    private readonly Func<IReadOnlyDictionary<string, object?>, object?> _given;

    private BlockReading(
        SqlBlocks blocks, bool isFinal, string kind, Func<IReadOnlyDictionary<string, object?>, object?> given)
    {
        _blocks = blocks;
        _isFinal = isFinal;
        _kind = kind;
        _given = given;
    }

    // The block in the statement's terms; null for the present rows.
    public string? At { get; private init; }

    // The query that finds the block's number, to stand before the statement under this name; empty when none is
    // needed.
    public string With { get; private init; } = "";

    public string Name { get; private init; } = "";

    // Null when rows are read as they are now.
    public static BlockReading? Of(
        Selection selection, SqlModel model, Statement statement, IReadOnlyDictionary<string, object?> variables)
    {
        if (model.Blocks is not { } blocks)
            return null;
        var isFinal = BoundValue.Argument(selection, "finality", variables)?.Value is "SAFE" or "FINALIZED";
        var head = isFinal ? blocks.FinalNumber : blocks.TipNumber;
        var name = statement.Alias("b");
        var at = $"(select at from {name})";
        if (BoundValue.Argument(selection, "block", variables) is not { Value: not null } block)
        {
            return isFinal
                ? new(blocks, isFinal, "", static _ => null) { At = at, Name = name, With = Head(blocks, head) }
                : null;
        }

        var (kind, value) = block.Fields().Single();
        var given = value.Source();
        switch (kind)
        {
            case "number":
                return new(blocks, isFinal, kind, given)
                {
                    At = statement.Parameter(given, NpgsqlDbType.Bigint, "bigint", number => number),
                };
            case "hash":
                var hash = statement.Parameter(given, NpgsqlDbType.Bytea, "bytea", Bytes);
                return new(blocks, isFinal, kind, given) { At = at, Name = name, With = ByHash(blocks, hash) };
            case "numberAtLeast":
                return new(blocks, isFinal, kind, given)
                {
                    At = isFinal ? at : null,
                    Name = isFinal ? name : "",
                    With = isFinal ? Head(blocks, head) : "",
                };
            default:
                var ago = statement.Parameter(given, NpgsqlDbType.Bigint, "bigint", Ago);
                return new(blocks, isFinal, kind, given)
                {
                    At = at,
                    Name = name,
                    With = Head(blocks, $"{head} - {ago}"),
                };
        }
    }

    // The progress of the index in the snapshot: one value, so that it is one column for all root fields.
    public static string Progress(SqlBlocks blocks) =>
        $"(select array[p.{blocks.TipNumber}, p.{blocks.FinalNumber}, {blocks.Horizon}] from {blocks.Progress} p)";

    // Null when the block could be read at; else the reason why not. The number is the one that the statement found for
    // the block.
    public GraphQLException? Refusal(
        IndexProgress progress, long? number, IReadOnlyDictionary<string, object?> variables)
    {
        var head = _isFinal ? progress.Final : progress.Tip;
        if (head is not { } newest)
        {
            return Refused(
                ErrorCodes.BlockNotIndexed, _isFinal ? "a finalized block" : "an indexed block", "none yet");
        }

        var given = _given(variables);
        // A hash below the horizon is forgotten with its block: it is unknown.
        if (progress.Horizon is { } horizon && (_kind == "number" ? (long)given! : number) is { } wanted
            && wanted >= _blocks.First && wanted < horizon)
            return Refused(
                ErrorCodes.BlockArchived,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a block from {horizon} to {newest}; rows of earlier ones were archived and dropped from this index"),
                wanted);
        var range = string.Create(CultureInfo.InvariantCulture, $"a block from {_blocks.First} to {newest}");
        switch (_kind)
        {
            case "number" when (long)given! < _blocks.First || (long)given > newest:
                return Refused(Beyond((long)given, progress), range, given);
            case "hash" when number is null:
                return Refused(ErrorCodes.UnknownBlock, "the hash of a canonical block that has events", given);
            case "hash" when number > newest:
                return Refused(ErrorCodes.BlockNotFinal, range, number);
            case "numberAtLeast" when (long)given! > newest:
                var atLeast = string.Create(CultureInfo.InvariantCulture, $"an index at block {given} or beyond");
                return Refused(Beyond((long)given, progress), atLeast, newest);
            case "ago" when number < _blocks.First:
                return Refused(ErrorCodes.UnknownBlock, range, number);
            default:
                return null;
        }
    }

    // A block that is there and not final yet is another case than one that is not there.
    private string Beyond(long number, IndexProgress progress) =>
        number < _blocks.First ? ErrorCodes.UnknownBlock
        : number <= progress.Tip ? ErrorCodes.BlockNotFinal
        : ErrorCodes.BlockNotIndexed;

    private static string Head(SqlBlocks blocks, string number) => $"select p.{number} as at from {blocks.Progress} p";

    // Blocks without events are not in the table; the newest and the final one are known all the same.
    private static string ByHash(SqlBlocks blocks, string hash) =>
        $"select coalesce((select k.{blocks.Number} from {blocks.Name} k where k.{blocks.Hash} = {hash}), " +
        $"(select p.{blocks.TipNumber} from {blocks.Progress} p where p.{blocks.TipHash} = {hash}), " +
        $"(select p.{blocks.FinalNumber} from {blocks.Progress} p where p.{blocks.FinalHash} = {hash})) as at";

    private static GraphQLException Refused(string code, string expected, object? found) => new(
        new GraphQLError(string.Create(CultureInfo.InvariantCulture, $"Expected {expected}, found {found}."), code)
            .WithExtension("expected", expected)
            .WithExtension("found", Convert.ToString(found, CultureInfo.InvariantCulture)));

    private static object Ago(object blocks) => blocks is long and >= 0
        ? blocks
        : throw Refused(ErrorCodes.BadUserInput, "a number of blocks from 0 on", blocks);

    private static object Bytes(object hash)
    {
        try
        {
            var text = (string)hash;
            return Convert.FromHexString(text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text);
        }
        catch (FormatException)
        {
            throw Refused(ErrorCodes.BadUserInput, "a block's hash in hex", $"\"{hash}\"");
        }
    }
}
