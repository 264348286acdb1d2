// The log of a database as a folder of files, as anybody may have downloaded it. Enters: an indexed database. Leaves:
// a folder that tests may spoil.
using EventSourced.Indexer.Attest;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Tests.Audit;

/// <summary>A downloaded log.</summary>
internal sealed class ServedLog : IDisposable
{
    private ServedLog(string folder) => Folder = folder;

    public const string Origin = "log.example/economy";

    public string Folder { get; }

    public static SigningKey NewKey() => SigningKey.Parse(SigningKey.NewSecret(Origin, SignatureType.Ed25519));

    public static IndexerOptions Signing(IndexerOptions options, SigningKey key) =>
        options with { LogSigning = new LogSigning([key], false) };

    /// <summary>Trusts one key.</summary>
    public static TrustPolicy Trusting(SigningKey key) => TrustPolicy.Of(key.Verifier, [], 0);

    /// <summary>Saves what a database would serve.</summary>
    public static async Task<ServedLog> OfAsync(NpgsqlDataSource source)
    {
        var log = new ServedLog(Directory.CreateTempSubdirectory("log-").FullName);
        var checkpoints = await CheckpointsAsync(source);
        Assert.True(checkpoints.Published is not null, "expected a published checkpoint, found none");
        await File.WriteAllTextAsync(log.PathOf("checkpoint"), checkpoints.Published);
        foreach (var tile in TilePath.Of(checkpoints.PublishedSize))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(log.PathOf($"{tile}"))!);
            await File.WriteAllBytesAsync(log.PathOf($"{tile}"), (await TileAsync(source, tile, default)).ToArray());
        }

        return log;
    }

    public static async Task<LogCheckpoints> CheckpointsAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await LogTable.CheckpointsAsync(connection, CancellationToken.None);
    }

    public static async ValueTask<ReadOnlyMemory<byte>> TileAsync(
        NpgsqlDataSource source, TilePath tile, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var stored = await LogTable.TileAsync(connection, tile.Level, tile.Index, cancellation);
        return tile.BeginningOf(stored!.Value.Bytes);
    }

    public ServedLog Copy()
    {
        var copy = new ServedLog(Directory.CreateTempSubdirectory("log-").FullName);
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var to = copy.PathOf(Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Changes a file.</summary>
    public void Spoil(string name, Func<byte[], byte[]> change) =>
        File.WriteAllBytes(PathOf(name), change(File.ReadAllBytes(PathOf(name))));

    /// <summary>The first bundle's entries changed.</summary>
    public void SpoilEntries(Action<List<byte[]>> change)
    {
        var name = $"{TilePath.OfEntries(0)}";
        Spoil(name, bytes =>
        {
            var entries = new List<byte[]>();
            foreach (var entry in EntryBundle.Read(bytes)) entries.Add(entry.ToArray());
            change(entries);
            var spoiled = new MemoryStream();
            foreach (var entry in entries) spoiled.Write([(byte)(entry.Length >> 8), (byte)entry.Length, .. entry]);
            return spoiled.ToArray();
        });
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
