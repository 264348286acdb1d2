// Fuzzing by mutation. Enters: a seeded generator and a good payload. Leaves: the payload with a few changes of the
// kinds that accidents and attackers make to words of 32 bytes: bits, cuts, insertions, moved words, other offsets.
namespace EventSourced.Testing;

/// <summary>Good bytes gone wrong.</summary>
public static class Mutations
{
    /// <summary>The bytes after one to three changes of the kinds that accidents and attackers make.</summary>
    public static byte[] Of(Random random, byte[] good)
    {
        var bytes = (byte[])good.Clone();
        for (var change = random.Next(1, 4); change > 0 && bytes.Length > 0; change--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. Random(random, random.Next(40)), .. bytes[at..]];
                    break;
                case 4:
                    var word = at / 32 * 32;
                    bytes.AsSpan(
                        word, Math.Min(32, bytes.Length - word)).Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0);
                    break;
                case 5:
                    var from = random.Next(bytes.Length);
                    var count = Math.Min(random.Next(1, 65), bytes.Length - Math.Max(from, at));
                    bytes.AsSpan(from, count).CopyTo(bytes.AsSpan(at));
                    break;
                default:
                    // Offsets and lengths are small numbers in a word's last bytes.
                    bytes[Math.Min(bytes.Length - 1, at / 32 * 32 + 31)] = (byte)(32 * random.Next(8));
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Bytes of any content.</summary>
    public static byte[] Random(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
