// The log's head -> a signed checkpoint. Enters: the head, after its transaction is durable. Leaves: a checkpoint in
// the database. It states the size, the root, the root of all states, the covered read models, and the final block.
// Always holds: nothing is signed before its tiles are durable, nor twice for one size, nor without the state root.
// While the past is read, the state root is made only at intervals; the next checkpoint waits for it.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventSourced.Domain.Values;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Attest;

/// <summary>The way in which the log is signed.</summary>
/// <param name="Keys">The log's keys, each by its line. An Ed25519 key comes first; it alone covers the extension
/// lines.</param>
/// <param name="AwaitsWitnesses">Whether a checkpoint is served only after witnesses have cosigned it.</param>
public sealed record LogSigning(IReadOnlyList<SigningKey> Keys, bool AwaitsWitnesses)
{
    /// <summary>The log's identity: the name of its keys.</summary>
    public string Origin { get; } = Keys is [{ Verifier.Type: SignatureType.Ed25519 }, ..]
        && Keys.All(key =>
            key.Verifier.Name == Keys[0].Verifier.Name && key.Verifier.Type != SignatureType.Ed25519Cosignature)
            ? Keys[0].Verifier.Name
            : throw new ArgumentException(
                "expected a key of Ed25519 (0x01), then keys of ML-DSA-44 (0x06), of one name", nameof(Keys));

    /// <summary>The verifier keys, one per line.</summary>
    public string VerifierKeys => string.Concat(Keys.Select(key => $"{key.Verifier}\n"));
}

/// <summary>Signs the log's head.</summary>
internal sealed class CheckpointSigner(NpgsqlConnection connection, long epoch, LogSigning signing)
{
    /// <summary>Signs the durable head, unless it is signed already.</summary>
    internal async Task SignAsync(CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        var state = await LogTable.StatementAsync(connection, cancellation).ConfigureAwait(false);
        if (state is not { Final: { } final, StateRoot: { } root } || state.Head.Size <= state.SignedSize) return;
        // The finalized block is ahead of the log, which still catches up.
        if (state.FinalSequence != state.Head.Size) return;
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var signed = SignedCheckpoint.Sign(Checkpoints.Of(signing.Origin, state, final, root), seconds, signing.Keys);
        await LogTable.SignAsync(
            connection, signing.VerifierKeys, $"{signed}", state.Head.Size, !signing.AwaitsWitnesses, cancellation)
                .ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }
}

/// <summary>The extension lines of our checkpoints.</summary>
public static class Checkpoints
{
    private const string BlockLine = "final-block ";
    private const string ModelsLine = "read-models ";

    internal static Checkpoint Of(string origin, LogStatement state, BlockLink final, Word root) => new(
        origin, state.Head.Size, CompactRange.FromBytes(state.Head.Edge).Root(),
        [
            Checkpoint.StateRootExtension(new MerkleHash(root.ToArray())),
            string.Create(CultureInfo.InvariantCulture, $"{BlockLine}{final.Number} {final.Hash}"),
            ModelsLine + ModelsOf(state.Models),
        ]);

    /// <summary>
    /// The number and hash of the block up to which the log holds every event; null if none is stated.
    /// </summary>
    public static (ulong Number, string Hash)? FinalBlock(Checkpoint checkpoint) =>
        Value(checkpoint, BlockLine)?.Split(' ') is [var number, var hash]
        && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var block)
            ? (block, hash)
            : null;

    /// <summary>The hash of a fingerprint of read models, in the form of the extension line.</summary>
    public static string ModelsOf(string fingerprint) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)));

    /// <summary>The hash of the fingerprint of the read models that the state root covers.</summary>
    public static string? Models(Checkpoint checkpoint) => Value(checkpoint, ModelsLine);

    private static string? Value(Checkpoint checkpoint, string line)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return checkpoint.Extensions.Where(one => one.StartsWith(line, StringComparison.Ordinal)).ToList() is [var only]
            ? only[line.Length..]
            : null;
    }
}
