// Content ids of the documents that the chain names. Enters: a hash on the chain, or a CID as text. Leaves: the other
// form. Always holds: the hash is the SHA-256 of the bytes; a CID of another kind is refused.
using System.Security.Cryptography;
using EventSourced.Content;
using EventSourced.Ethereum;

namespace EventSourced.Workers.Documents;

/// <summary>From hashes to CIDs and back.</summary>
public static class ContentIds
{
    /// <summary>The prefix of a URI on the chain that names a place in the content store.</summary>
    public const string Scheme = "ipfs://";

    /// <summary>The hash of bytes.</summary>
    public static Hash32 HashOf(ReadOnlySpan<byte> bytes) => new(SHA256.HashData(bytes));

    /// <summary>The CID of a hash.</summary>
    public static string CidOf(Hash32 hash) => Cid.OfSha256(hash.Bytes).ToString();

    /// <summary>The hash of a CID in a document. Another kind of CID throws <see cref="FormatException"/>.</summary>
    public static Hash32 HashOf(string cid, string where) => Cid.TryParse(cid, out var found) && found.IsRawBlock
        ? new Hash32(found.Digest)
        : throw new FormatException(
            $"{where}: expected the CID (version 1, base32) of a raw block by SHA-256, found '{cid}'");

    /// <summary>Reads a hash as receipts write it: 64 digits.</summary>
    public static Hash32 FromDigits(string digits) => Hash32.Parse("0x" + digits);

    /// <summary>Writes a hash as receipts do.</summary>
    public static string Digits(Hash32 hash) => hash.ToString()[2..];
}

/// <summary>Finds content by its SHA-256; null: no store has it. The returned bytes have that hash.</summary>
public delegate Task<ReadOnlyMemory<byte>?> FindContent(Hash32 hash, CancellationToken cancellation);

/// <summary>Keeps content, and returns its SHA-256 after the content is on the disk.</summary>
public delegate Task<Hash32> KeepContent(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
