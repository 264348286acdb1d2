// The answer of a witness, and the state that it must store before it answers.
using System.Globalization;

namespace EventSourced.Transparency;

/// <summary>The head of a log that a witness cosigned last.</summary>
/// <param name="Size">Its size.</param>
/// <param name="Root">Its root.</param>
public sealed record WitnessedTree(long Size, MerkleHash Root)
{
    /// <summary>The state of a log that the witness has never cosigned.</summary>
    public static WitnessedTree None { get; } = new(0, MerkleHash.EmptyRoot);
}

/// <summary>The answer to add-checkpoint.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">Cosignatures, a size, or a sentence for people.</param>
/// <param name="Next">
/// With 200: the head to store in place of the known one, in the transaction that read it, before the answer; otherwise
/// null.
/// </param>
/// <param name="Served">
/// With 200: the checkpoint to serve to monitors, with the log's verified signatures and the cosignatures; otherwise
/// null.
/// </param>
public sealed record WitnessAnswer(
    int Status, string ContentType, string Body, WitnessedTree? Next, SignedCheckpoint? Served)
{
    internal const string Text = "text/plain; charset=utf-8";

    /// <summary>The media type of a conflict's body.</summary>
    public const string SizeType = "text/x.tlog.size";

    /// <summary>The answer to a body that is no request.</summary>
    public static WitnessAnswer Malformed(TransparencyFormatException fault) => Refusal(400, fault.Message);

    internal static WitnessAnswer Refusal(int status, string reason) => new(status, Text, reason + "\n", null, null);

    internal static WitnessAnswer Conflict(long size) =>
        new(409, SizeType, string.Create(CultureInfo.InvariantCulture, $"{size}\n"), null, null);
}
