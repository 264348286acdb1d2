// What a witness answers, and what it must have stored before it does.
using System.Globalization;

namespace EventSourced.Transparency;

/// <summary>The head of a log that a witness cosigned last.</summary>
/// <param name="Size">Its size.</param>
/// <param name="Root">Its root.</param>
public sealed record WitnessedTree(long Size, MerkleHash Root)
{
    /// <summary>What a witness knows of a log that it never cosigned.</summary>
    public static WitnessedTree None { get; } = new(0, MerkleHash.EmptyRoot);
}

/// <summary>The answer to add-checkpoint.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="ContentType">The body's type.</param>
/// <param name="Body">Cosignatures, a size, or a sentence for people.</param>
/// <param name="Next">
/// Of 200: what to store in place of what was known, in the transaction that read it, before answering; otherwise null.
/// </param>
/// <param name="Served">
/// Of 200: what to serve to monitors, the log's verified signatures and the cosignatures; otherwise null.
/// </param>
public sealed record WitnessAnswer(
    int Status, string ContentType, string Body, WitnessedTree? Next, SignedCheckpoint? Served)
{
    internal const string Text = "text/plain; charset=utf-8";

    /// <summary>The type of a conflict's body.</summary>
    public const string SizeType = "text/x.tlog.size";

    /// <summary>The answer to a body that is no request.</summary>
    public static WitnessAnswer Malformed(TransparencyFormatException fault) => Refusal(400, fault.Message);

    internal static WitnessAnswer Refusal(int status, string reason) => new(status, Text, reason + "\n", null, null);

    internal static WitnessAnswer Conflict(long size) =>
        new(409, SizeType, string.Create(CultureInfo.InvariantCulture, $"{size}\n"), null, null);
}
