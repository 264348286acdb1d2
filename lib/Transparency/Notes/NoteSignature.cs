// One signature line of a note: em dash, space, name, space, base64 of key id and signature.
using System.Buffers.Binary;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>A signature with the name and the id of its key. It is not verified yet.</summary>
public sealed record NoteSignature
{
    private const int IdBytes = sizeof(uint);

    /// <summary>A signature by a key.</summary>
    public NoteSignature(string name, uint keyId, ReadOnlyMemory<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(name);
        KeyName.Check(name, "in a signature");
        (Name, KeyId, Signature) = (name, keyId, signature);
    }

    private static ReadOnlySpan<byte> Dash => "— "u8;

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>The key's id.</summary>
    public uint KeyId { get; }

    /// <summary>The signature's bytes. In a cosignature the time comes first.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>The line with its newline.</summary>
    public override string ToString()
    {
        var bytes = new byte[IdBytes + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.Span.CopyTo(bytes.AsSpan(IdBytes));
        return $"— {Name} {Convert.ToBase64String(bytes)}\n";
    }

    /// <summary>Reads the lines of a witness's answer: at least one signature, and nothing else.</summary>
    public static IReadOnlyList<NoteSignature> ParseLines(ReadOnlySpan<byte> lines)
    {
        Strict.Text(lines, TransparencyLimits.NoteBytes, "signature lines");
        return ParseAll(lines, "the signatures");
    }

    internal static IReadOnlyList<NoteSignature> ParseAll(ReadOnlySpan<byte> lines, string what)
    {
        var signatures = new List<NoteSignature>();
        var reader = new LineReader(lines, what);
        do
        {
            var line = reader.Next("a signature");
            if (signatures.Count == TransparencyLimits.Signatures)
                throw new TransparencyFormatException(
                    $"at most {TransparencyLimits.Signatures} signatures", "more", reader.Where);
            signatures.Add(Parse(line, reader.Where));
        }
        while (!reader.AtEnd);
        return signatures;
    }

    private static NoteSignature Parse(ReadOnlySpan<byte> line, string where)
    {
        const string Expected = "em dash, space, name, space, base64 of a signature";
        if (!line.StartsWith(Dash)) throw Strict.Fault(Expected, line, where);
        var rest = line[Dash.Length..];
        var space = rest.IndexOf((byte)' ');
        if (space < 0) throw Strict.Fault(Expected, line, where);
        var name = Encoding.UTF8.GetString(rest[..space]);
        KeyName.Check(name, where);
        var bytes = Strict.Base64Bytes(
            rest[(space + 1)..], IdBytes + TransparencyLimits.SignatureBytes, "base64 of key id and signature", where);
        if (bytes.Length <= IdBytes)
            throw new TransparencyFormatException("4 bytes of key id and a signature", $"{bytes.Length} bytes", where);
        return new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(IdBytes));
    }
}
