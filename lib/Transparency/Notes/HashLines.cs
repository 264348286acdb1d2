// The hashes of a proof as proofs and requests write them: one hash a line, then an empty line.
using System.Text;

namespace EventSourced.Transparency;

internal static class HashLines
{
    public static List<MerkleHash> Read(ref LineReader lines)
    {
        var hashes = new List<MerkleHash>();
        while (true)
        {
            var line = lines.Next("a hash or an empty line");
            if (line.IsEmpty) return hashes;
            if (hashes.Count == TransparencyLimits.ProofHashes)
                throw new TransparencyFormatException(
                    $"at most {TransparencyLimits.ProofHashes} hashes", "more", lines.Where);
            hashes.Add(MerkleHash.Parse(line, lines.Where));
        }
    }

    public static void Write(StringBuilder text, IEnumerable<MerkleHash> hashes)
    {
        foreach (var hash in hashes) text.Append(hash).Append('\n');
        text.Append('\n');
    }
}
