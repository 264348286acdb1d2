// The signature types of C2SP signed-note that this library makes and verifies. Key ids contain their bytes; stored,
// never change.
namespace EventSourced.Transparency;

/// <summary>How a key signs.</summary>
public enum SignatureType : byte
{
    /// <summary>Ed25519 over the note's text.</summary>
    Ed25519 = 0x01,

    /// <summary>Ed25519 over a checkpoint with a time (cosignature/v1).</summary>
    Ed25519Cosignature = 0x04,

    /// <summary>ML-DSA-44 over origin, size and root of a checkpoint with a time (subtree/v1).</summary>
    MlDsa44Cosignature = 0x06,
}
