// A witness's decision (C2SP tlog-witness, add-checkpoint) as a function. Enters: a request, the head that the witness
// knows of its log, the time. Leaves: the answer, and the head to store. Always holds: a cosignature is made only for a
// head that extends the stored one; the caller reads the stored head, decides and writes the next one in one
// transaction, so that two requests at once cannot roll a log back.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventSourced.Transparency;

/// <summary>The decision of a witness on a checkpoint.</summary>
/// <param name="logs">The trusted keys of each log, by origin.</param>
/// <param name="keys">The witness's keys, of cosigning types.</param>
public sealed class WitnessRules(
    IReadOnlyDictionary<string, IReadOnlyList<VerifierKey>> logs, IReadOnlyList<SigningKey> keys)
{
    private readonly IReadOnlyList<SigningKey> _keys =
        keys.Count > 0 && keys.All(key => key.Verifier.Type != SignatureType.Ed25519)
            ? keys
            : throw new ArgumentException(
                "expected cosigning keys (types 0x04 and 0x06), found none or another type", nameof(keys));

    /// <summary>Whether the witness follows a log.</summary>
    public bool Follows(string origin) => logs.ContainsKey(origin);

    /// <summary>The path of a log's checkpoint below the witness's monitoring prefix.</summary>
    public static string MonitoringPath(string origin) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Strict.Utf8Text.GetBytes(origin)))}/checkpoint";

    /// <summary>Decides on a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The head that was cosigned last; <see cref="WitnessedTree.None"/> for a new log.</param>
    /// <param name="seconds">The time in seconds since 1970.</param>
    public WitnessAnswer Decide(AddCheckpointRequest request, WitnessedTree known, long seconds)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        var head = request.Checkpoint.Checkpoint;
        if (!logs.TryGetValue(head.Origin, out var trusted))
            return WitnessAnswer.Refusal(404, "expected the origin of a log that this witness follows, found another");
        var note = request.Checkpoint.Note.Judge(trusted);
        if (!note.Holds) return WitnessAnswer.Refusal(403, note.Refusal!);
        if (request.OldSize > head.Size)
            return Refusal(400, $"expected an old size of at most {head.Size}, found {request.OldSize}");
        if (request.OldSize != known.Size) return WitnessAnswer.Conflict(known.Size);
        if (head.Size == 0 && head.Root != MerkleHash.EmptyRoot)
            return WitnessAnswer.Refusal(422, "expected the root of the empty tree, found another");
        var proof = CollectionsMarshal.AsSpan(request.Proof.ToList());
        if (!MerkleProof.Extends(known.Size, known.Root, head.Size, head.Root, proof))
            return Refusal(422, $"expected a proof from {known.Size} to {head.Size} leaves, found one that fails");
        return Cosigned(request.Checkpoint, note, seconds);
    }

    private WitnessAnswer Cosigned(SignedCheckpoint checkpoint, NoteVerdict note, long seconds)
    {
        // A name that does not fit the message of ML-DSA-44 is the log's fault, not the witness's.
        var text = checkpoint.Note.Text;
        if (_keys.Any(key => !key.Verifier.CanCosign(text)))
            return Refusal(422, $"expected an origin of at most {TransparencyLimits.NameBytes} bytes, found more");
        var cosignatures = _keys.Select(key => key.Sign(text, seconds)).ToList();
        return new WitnessAnswer(
            200,
            WitnessAnswer.Text,
            string.Concat(cosignatures),
            new WitnessedTree(checkpoint.Checkpoint.Size, checkpoint.Checkpoint.Root),
            checkpoint.Only(note.Verified.Select(one => one.Key)).With(cosignatures));
    }

    private static WitnessAnswer Refusal(int status, FormattableString reason) =>
        WitnessAnswer.Refusal(status, reason.ToString(CultureInfo.InvariantCulture));
}
