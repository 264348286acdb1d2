// Limits on all untrusted input. A reader stops at its limit before it allocates anything for the rest.
namespace EventSourced.Transparency;

/// <summary>The upper limits of this library's readers.</summary>
public static class TransparencyLimits
{
    /// <summary>Bytes of an entry: its length is a big-endian uint16 in a bundle.</summary>
    public const int EntryBytes = ushort.MaxValue;

    /// <summary>Bytes of a signed note: enough for 64 signatures by ML-DSA-44 and their text.</summary>
    public const int NoteBytes = 256 * 1024;

    /// <summary>Signatures of a note. Verifiers must accept 16 (C2SP signed-note).</summary>
    public const int Signatures = 64;

    /// <summary>Bytes of a signature without its key id; ML-DSA-87 has 4,627 and a timestamp.</summary>
    public const int SignatureBytes = 8 * 1024;

    /// <summary>Bytes of a verifier key's material; ML-DSA-44 has 1,312.</summary>
    public const int KeyBytes = 4 * 1024;

    /// <summary>Bytes of a key's name and of an origin. A cosignature by ML-DSA-44 counts each in one byte.</summary>
    public const int NameBytes = 255;

    /// <summary>Extension lines of a checkpoint.</summary>
    public const int ExtensionLines = 16;

    /// <summary>Hashes of a proof: a tree of 2^63 - 1 leaves is 63 high.</summary>
    public const int ProofHashes = 63;

    /// <summary>Bytes of a proof's extra data.</summary>
    public const int ExtraBytes = 64 * 1024;

    /// <summary>Bytes of a proof file.</summary>
    public const int ProofBytes = NoteBytes + 128 * 1024;

    /// <summary>Bytes of a state in a proof.</summary>
    public const int StateBytes = 1024 * 1024;

    /// <summary>
    /// Other things in the bucket of a proven thing: with a hundred million things a bucket has about 1,500.
    /// </summary>
    public const int StateOthers = 4096;

    /// <summary>Bytes of a state proof.</summary>
    public const int StateProofBytes = 2 * StateBytes + NoteBytes;

    /// <summary>Bytes of a request to a witness.</summary>
    public const int RequestBytes = NoteBytes + 8 * 1024;

    /// <summary>Bytes of a policy.</summary>
    public const int PolicyBytes = 512 * 1024;

    /// <summary>Logs, witnesses and groups of a policy: this many of each.</summary>
    public const int PolicyNames = 256;
}
