// Content by hash in a folder: receipts name it, and it is kept so that they can be verified. Enters: bytes. Leaves:
// bytes under their SHA-256. Always holds: a file's name is the hash of the bytes that were written to it; readers
// check, because a disk may lie.
using System.Security.Cryptography;

namespace EventSourced.Sandbox.Receipts;

/// <summary>A folder of files named by their SHA-256.</summary>
public sealed class ContentFolder(string folder)
{
    /// <summary>Keeps bytes and gives their hash in hex.</summary>
    public async Task<string> AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var path = Path.Combine(folder, hash);
        if (File.Exists(path))
            return hash;
        Directory.CreateDirectory(folder);
        // Written aside and moved, so that a crash leaves no half of a file under a whole name.
        var aside = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(aside, bytes, cancellation).ConfigureAwait(false);
        File.Move(aside, path, overwrite: true);
        return hash;
    }

    /// <summary>The bytes kept under a hash, or null.</summary>
    public ReadOnlyMemory<byte>? Find(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        var path = Path.Combine(folder, hash);
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower) || !File.Exists(path))
            return null;
        return File.ReadAllBytes(path);
    }
}
