// The logs of the chain as an audit read and checked them, in a folder of the auditor. Enters: ranges in order. Leaves:
// the same ranges to a later audit, as far as they adjoin. Always holds: a file is whole or absent; a spoiled range
// counts as never read; ranges of a weaker check never pass for those of a stronger one; the whole folder is given up
// if the node no longer has its newest block.
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;

namespace EventSourced.Indexer.Audit;

/// <summary>A range from an earlier reading.</summary>
/// <param name="Range">Its logs.</param>
/// <param name="Last">The hash of its last block; zero: it was not asked for.</param>
internal readonly record struct KeptRange(RangeLogs Range, Hash32 Last);

/// <summary>Keeps the ranges of one economy under one strictness.</summary>
internal sealed class KeptChain
{
    private const string Folder = "chain";
    private const string Extension = ".logs";
    private const int HeadBytes = 2 * SHA256.HashSizeInBytes + 2 * sizeof(ulong) + sizeof(int) + sizeof(int);
    private const int MostFileBytes = 512 << 20;
    private const int MostPlainBytes = 1 << 30;

    private readonly string _folder;
    private readonly ArrayBufferWriter<byte> _plain = new();

    /// <summary>Opens the folder.</summary>
    /// <param name="folder">The auditor's folder.</param>
    /// <param name="identity">Chain and contracts.</param>
    /// <param name="strictness">The way in which ranges are checked before they are kept.</param>
    internal KeptChain(string folder, string identity, string strictness) =>
        _folder = Path.Combine(folder, Folder, identity, strictness);

    /// <summary>Keeps a range.</summary>
    /// <param name="range">The range, checked.</param>
    /// <param name="last">The hash of its last block, if it is known.</param>
    /// <param name="cancellation">Ends the writing; the range is not kept then.</param>
    internal async Task KeepAsync(RangeLogs range, Hash32 last, CancellationToken cancellation)
    {
        _plain.ResetWrittenCount();
        foreach (var block in range.Blocks)
            for (var i = block.First; i < block.First + block.Count; i++)
                LogBytes.Write(_plain, in range.Logs[i], block.Timestamp, range.Logs.Data(i).Span);
        using var file = new MemoryStream();
        var head = new byte[HeadBytes];
        file.Write(head);
        using (var packed = new BrotliStream(file, CompressionLevel.Fastest, leaveOpen: true))
            packed.Write(_plain.WrittenSpan);
        var bytes = file.GetBuffer().AsMemory(0, (int)file.Length);
        var at = bytes.Span[SHA256.HashSizeInBytes..];
        last.Bytes.CopyTo(at);
        BinaryPrimitives.WriteUInt64LittleEndian(at[Hash32.ByteCount..], range.From);
        BinaryPrimitives.WriteUInt64LittleEndian(at[(Hash32.ByteCount + sizeof(ulong))..], range.To);
        BinaryPrimitives.WriteInt32LittleEndian(at[(Hash32.ByteCount + 2 * sizeof(ulong))..], range.Logs.Count);
        BinaryPrimitives.WriteInt32LittleEndian(
            at[(Hash32.ByteCount + 2 * sizeof(ulong) + sizeof(int))..], _plain.WrittenCount);
        SHA256.HashData(bytes.Span[SHA256.HashSizeInBytes..], bytes.Span);
        await FilePlace.WriteAsync(_folder, NameOf(range.From, range.To), bytes, isDurable: false, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// The ranges from one block on, as far as they adjoin and end by another block. Answers none if the node has a
    /// different block in place of the newest one with logs.
    /// </summary>
    internal async Task<IReadOnlyList<(ulong From, ulong To)>> FindAsync(
        EthereumClient node, ulong from, ulong to, CancellationToken cancellation)
    {
        var found = new List<(ulong From, ulong To)>();
        foreach (var range in Files().OrderBy(range => range))
            if (range.From == from && range.To <= to)
            {
                found.Add(range);
                from = range.To + 1;
            }

        for (var i = found.Count - 1; i >= 0; i--)
        {
            if (await ReadAsync(found[i], cancellation).ConfigureAwait(false) is not { } kept)
            {
                // This file is spoiled, so the ranges behind it are of no use either.
                found.RemoveRange(i, found.Count - i);
                continue;
            }

            using (kept.Range)
            {
                if (kept.Range.Blocks is not [.., var newest]) continue;
                var header = await node.GetHeaderAsync(newest.Number, cancellation).ConfigureAwait(false);
                if (header?.Hash == newest.Hash) return found;
                Directory.Delete(_folder, recursive: true);
                return [];
            }
        }

        return found;
    }

    /// <summary>Reads a range again; null if it differs from the kept one.</summary>
    internal async Task<KeptRange?> ReadAsync((ulong From, ulong To) range, CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, NameOf(range.From, range.To));
        var info = new FileInfo(path);
        if (!info.Exists || info.Length is < HeadBytes or > MostFileBytes) return null;
        var bytes = await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
        return Read(bytes, range);
    }

    private static KeptRange? Read(byte[] bytes, (ulong From, ulong To) range)
    {
        var at = bytes.AsSpan(SHA256.HashSizeInBytes);
        if (!SHA256.HashData(at).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes))) return null;
        var last = new Hash32(at[..Hash32.ByteCount]);
        var from = BinaryPrimitives.ReadUInt64LittleEndian(at[Hash32.ByteCount..]);
        var to = BinaryPrimitives.ReadUInt64LittleEndian(at[(Hash32.ByteCount + sizeof(ulong))..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(at[(Hash32.ByteCount + 2 * sizeof(ulong))..]);
        var size = BinaryPrimitives.ReadInt32LittleEndian(at[(Hash32.ByteCount + 2 * sizeof(ulong) + sizeof(int))..]);
        if ((from, to) != range || count < 0 || size is < 0 or > MostPlainBytes) return null;
        var plain = new byte[size];
        using (var packed = new BrotliStream(new MemoryStream(bytes[HeadBytes..]), CompressionMode.Decompress))
        {
            if (packed.ReadAtLeast(plain, size, throwOnEndOfStream: false) != size || packed.ReadByte() >= 0)
                return null;
        }

        var logs = new LogBatch();
        if (LogBytes.TryRead(plain, count, logs) && RangeLogs.TryTake(from, to, logs, out var taken, out _))
            return new KeptRange(taken!, last);
        logs.Dispose();
        return null;
    }

    private IEnumerable<(ulong From, ulong To)> Files() => !Directory.Exists(_folder)
        ? []
        : Directory.EnumerateFiles(_folder, "*" + Extension)
            .Select(file => Path.GetFileNameWithoutExtension(file).Split('-'))
            .Select(name => name is [var from, var to]
                && ulong.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && ulong.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                ? (first, last) : ((ulong, ulong)?)null)
            .OfType<(ulong, ulong)>();

    private static string NameOf(ulong from, ulong to) =>
        string.Create(CultureInfo.InvariantCulture, $"{from}-{to}{Extension}");
}
