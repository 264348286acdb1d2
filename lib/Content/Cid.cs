// The name of content: a CID as IPFS writes it (https://github.com/multiformats/cid). Enters: content, a SHA-256, text
// or bytes of strangers. Leaves: a CID. Always holds: a CID has one text and one form in bytes, and nothing else is
// read as it; the default value names nothing and is never given out.
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Content;

/// <summary>A content identifier. The store keeps raw blocks by SHA-256; other kinds are only read.</summary>
[JsonConverter(typeof(CidJson))]
public readonly struct Cid : IEquatable<Cid>, IComparable<Cid>, ISpanParsable<Cid>
{
    /// <summary>The codec of bytes that are nothing but bytes.</summary>
    public const ulong Raw = 0x55;

    /// <summary>The codec of IPFS's nodes of files: MerkleDAG protobuf.</summary>
    public const ulong DagPb = 0x70;

    /// <summary>The hash function SHA-256.</summary>
    public const ulong Sha256 = 0x12;

    /// <summary>The characters of the text of a raw block by SHA-256.</summary>
    public const int TextLength = 59;

    private const int MostDigest = 64;
    private const int MostText = 256;
    private const int Version0Text = 46;

    private readonly string _text;
    private readonly byte[] _bytes;
    private readonly int _digestAt;

    private Cid(int version, ulong codec, ulong hash, byte[] bytes, int digestAt)
    {
        (Version, Codec, HashFunction, _bytes, _digestAt) = (version, codec, hash, bytes, digestAt);
        _text = version == 0 ? Base58.Text(bytes) : "b" + Base32.Text(bytes);
    }

    /// <summary>0 or 1.</summary>
    public int Version { get; }

    /// <summary>How the bytes are to be read.</summary>
    public ulong Codec { get; }

    /// <summary>The function of the hash.</summary>
    public ulong HashFunction { get; }

    /// <summary>The hash.</summary>
    public ReadOnlySpan<byte> Digest => _bytes.AsSpan(_digestAt);

    /// <summary>The CID as bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>
    /// Whether it names a raw block by SHA-256, the kind that the store keeps and that a fetch can check.
    /// </summary>
    public bool IsRawBlock => Version == 1 && Codec == Raw && HashFunction == Sha256;

    /// <summary>The kind of content that it names, for people.</summary>
    public string Kind => IsRawBlock
        ? "a raw block by SHA-256"
        : $"version {Version}, {CodecName}, {(HashFunction == Sha256 ? "sha2-256" : $"hash function 0x{HashFunction:x}")}";

    private string CodecName => Codec switch { Raw => "raw", DagPb => "dag-pb", _ => $"codec 0x{Codec:x}" };

    /// <summary>The name of content.</summary>
    public static Cid Of(ReadOnlySpan<byte> content) => OfSha256(SHA256.HashData(content));

    /// <summary>The name of content with a known SHA-256.</summary>
    public static Cid OfSha256(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException($"expected {SHA256.HashSizeInBytes} bytes of SHA-256, found {hash.Length}");
        return new Cid(1, Raw, Sha256, [1, (byte)Raw, (byte)Sha256, SHA256.HashSizeInBytes, .. hash], 4);
    }

    /// <summary>Reads a CID: version 1 in lower base32, or version 0.</summary>
    public static Cid Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        Read(s, out var cid) is { } wrong ? throw new FormatException($"expected a CID, found {wrong}") : cid;

    /// <summary>Reads a CID: version 1 in lower base32, or version 0.</summary>
    public static Cid Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a CID.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Cid result) =>
        Read(s, out result) is null;

    /// <summary>Reads a CID.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Cid result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a CID.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out Cid result) =>
        TryParse(s.AsSpan(), null, out result);

    /// <summary>Reads a CID in bytes.</summary>
    public static Cid FromBytes(ReadOnlySpan<byte> bytes) => ReadBytes(bytes.ToArray(), out var cid) is { } wrong
        ? throw new FormatException($"expected a CID, found {wrong}")
        : cid;

    /// <summary>Whether the content has this name.</summary>
    public bool IsOf(ReadOnlySpan<byte> content) =>
        IsRawBlock && SHA256.HashData(content).AsSpan().SequenceEqual(Digest);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <inheritdoc/>
    public bool Equals(Cid other) => _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public int CompareTo(Cid other) => string.CompareOrdinal(_text, other._text);

    /// <summary>Whether both name the same.</summary>
    public static bool operator ==(Cid left, Cid right) => left.Equals(right);

    /// <summary>Whether they name different things.</summary>
    public static bool operator !=(Cid left, Cid right) => !left.Equals(right);

    /// <summary>The order of the texts.</summary>
    public static bool operator <(Cid left, Cid right) => left.CompareTo(right) < 0;

    /// <summary>The order of the texts.</summary>
    public static bool operator >(Cid left, Cid right) => left.CompareTo(right) > 0;

    /// <summary>The order of the texts.</summary>
    public static bool operator <=(Cid left, Cid right) => left.CompareTo(right) <= 0;

    /// <summary>The order of the texts.</summary>
    public static bool operator >=(Cid left, Cid right) => left.CompareTo(right) >= 0;

    // The problem in words, or null.
    private static string? Read(ReadOnlySpan<char> text, out Cid cid)
    {
        cid = default;
        if (text.Length is 0 or > MostText) return $"{text.Length} characters";
        if (text.Length == Version0Text && text.StartsWith("Qm"))
            return Base58.Bytes(text) is { } old ? ReadVersion0(old, out cid) : "a character that base58 has not";
        if (text[0] != 'b') return "no version 0 and no text that begins with b, for lower base32";
        return Base32.Bytes(text[1..]) is { } bytes
            ? ReadVersion1(bytes, out cid)
            : "text after the b that is not lower base32 as it is written without padding";
    }

    private static string? ReadBytes(byte[] bytes, out Cid cid) =>
        bytes is [(byte)Sha256, SHA256.HashSizeInBytes, ..]
            ? ReadVersion0(bytes, out cid) : ReadVersion1(bytes, out cid);

    private static string? ReadVersion0(byte[] bytes, out Cid cid)
    {
        cid = default;
        if (bytes is not [(byte)Sha256, SHA256.HashSizeInBytes, ..] || bytes.Length != 2 + SHA256.HashSizeInBytes)
            return "a version 0 that is no SHA-256";
        cid = new Cid(0, DagPb, Sha256, bytes, 2);
        return null;
    }

    private static string? ReadVersion1(byte[] bytes, out Cid cid)
    {
        cid = default;
        var at = 0;
        if (Varint.Read(bytes, ref at) is not { } version || version != 1) return "no version 1";
        if (Varint.Read(bytes, ref at) is not { } codec) return "no codec";
        if (Varint.Read(bytes, ref at) is not { } hash) return "no hash function";
        if (Varint.Read(bytes, ref at) is not { } length || length > MostDigest) return "no length of a hash";
        if (bytes.Length - at != (int)length) return $"{bytes.Length - at} bytes of a hash of {length}";
        if (hash == Sha256 && length != SHA256.HashSizeInBytes) return $"a SHA-256 of {length} bytes";
        cid = new Cid(1, codec, hash, bytes, at);
        return null;
    }
}

/// <summary>A CID in JSON: its text.</summary>
internal sealed class CidJson : JsonConverter<Cid>
{
    public override Cid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Cid.TryParse(reader.GetString(), out var cid)
            ? cid
            : throw new JsonException("expected a CID as text, found something else");

    public override void Write(Utf8JsonWriter writer, Cid value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
