// The trust of a verifier (C2SP tlog-policy): logs, witnesses, and the witnesses that suffice. Enters: a policy, then
// checkpoints. Leaves: a verdict. Always holds: a log signs only for the origin that equals its key's name; extension
// lines are believed only under a signature of the log that covers them, and a signature by ML-DSA-44 does not.
namespace EventSourced.Transparency;

/// <summary>The keys that a verifier trusts, and the number of them that it demands.</summary>
public sealed class TrustPolicy
{
    internal TrustPolicy(
        IReadOnlyList<VerifierKey> logs,
        IReadOnlyList<VerifierKey> witnesses,
        Quorum? quorum,
        IReadOnlyDictionary<VerifierKey, Uri>? addresses = null) =>
        (Logs, Witnesses, Quorum, WitnessAddresses) =
            (logs, witnesses, quorum, addresses ?? new Dictionary<VerifierKey, Uri>());

    /// <summary>The logs; each key's name is the origin that it signs for.</summary>
    public IReadOnlyList<VerifierKey> Logs { get; }

    /// <summary>The witnesses.</summary>
    public IReadOnlyList<VerifierKey> Witnesses { get; }

    /// <summary>The witnesses that suffice; null: none is needed.</summary>
    public Quorum? Quorum { get; }

    /// <summary>The addresses at which the witnesses accept checkpoints, as far as the policy names them.</summary>
    public IReadOnlyDictionary<VerifierKey, Uri> WitnessAddresses { get; }

    /// <summary>One log, and a number of witnesses out of a list.</summary>
    public static TrustPolicy Of(VerifierKey log, IReadOnlyList<VerifierKey> witnesses, int threshold)
    {
        ArgumentNullException.ThrowIfNull(witnesses);
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, witnesses.Count);
        // A witness that is listed twice would count twice.
        if (witnesses.DistinctBy(key => Convert.ToHexString(key.PublicKey.Span)).Count() < witnesses.Count)
            throw new ArgumentException("expected each witness's public key once, found one again", nameof(witnesses));
        var members = witnesses.Select(key => new Quorum(key.Name, key, 0, [])).ToList();
        return new TrustPolicy([log], witnesses, threshold == 0 ? null : new Quorum("all", null, threshold, members));
    }

    /// <summary>Reads a policy file.</summary>
    public static TrustPolicy Parse(ReadOnlySpan<byte> policy) => new PolicyReader().Read(policy);

    /// <summary>Whether a checkpoint may be believed, and the witnesses that cosigned it.</summary>
    public CheckpointVerdict Judge(SignedCheckpoint signed)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var checkpoint = signed.Checkpoint;
        var logs = Logs.Where(key => key.Name == checkpoint.Origin).ToList();
        if (logs.Count == 0)
        {
            var origin = Strict.Shown(Strict.Utf8Text.GetBytes(checkpoint.Origin));
            return Refused($"expected the origin of a known log, found {origin}");
        }

        var note = signed.Note.Judge(logs.Concat(Witnesses));
        if (!note.Holds) return Refused(note.Refusal!);
        var byLog = note.Verified.Where(one => logs.Contains(one.Key)).ToList();
        if (byLog.Count == 0) return Refused($"expected a signature by the log {checkpoint.Origin}, found none");
        if (checkpoint.Extensions.Count > 0 && !byLog.Any(one => one.Key.CoversExtensions))
            return Refused(
                "expected extension lines under a signature of the log that covers them, found ML-DSA-44 alone");
        var witnessed = note.Verified.Where(one => Witnesses.Contains(one.Key)).ToList();
        return Quorum is null || Quorum.IsMet(witnessed.Select(one => one.Key).ToHashSet())
            ? new CheckpointVerdict(witnessed, null)
            : Refused(
                $"expected cosignatures that meet the quorum '{Quorum.Name}', " +
                $"found {witnessed.Count} by known witnesses");
    }

    private static CheckpointVerdict Refused(string refusal) => new([], refusal);
}

/// <summary>Whether a checkpoint may be believed.</summary>
/// <param name="Witnessed">The known witnesses' cosignatures that hold.</param>
/// <param name="Refusal">The reason not to believe it, or null.</param>
public sealed record CheckpointVerdict(IReadOnlyList<VerifiedSignature> Witnessed, string? Refusal)
{
    /// <summary>Whether the checkpoint may be believed.</summary>
    public bool Holds => Refusal is null;
}
