// The log as files below the archive, in the layout of C2SP tlog-tiles, so that the database may drop full tiles.
// Enters: the log in the database. Leaves: log/checkpoint, log/keys, log/tile/... Always holds: the checkpoint is
// written after its tiles; a full tile is written once; wider tiles replace narrower ones.
using System.Text;
using EventSourced.Indexer.Segments;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Archive;

/// <summary>Writes the log's files.</summary>
internal sealed class LogFiles(NpgsqlConnection connection, string folder)
{
    /// <summary>The log, below the archive.</summary>
    internal const string Folder = "log/";

    internal async Task WriteAsync(LogCheckpoints log, CancellationToken cancellation)
    {
        foreach (var path in TilePath.Of(log.PublishedSize))
        {
            var name = Folder + path;
            if (File.Exists(Path.Combine(folder, name))) continue;
            var stored = await LogTable.TileAsync(connection, path.Level, path.Index, cancellation)
                .ConfigureAwait(false) ?? throw new InvalidOperationException(
                    $"expected {path} in the database or in {folder}, found none");
            await FilePlace.WriteAsync(
                folder, name, path.BeginningOf(stored.Bytes), isDurable: true, cancellation).ConfigureAwait(false);
            ForgetNarrower(path, Path.Combine(folder, name));
        }

        await WriteAsync("checkpoint", log.Published!, cancellation).ConfigureAwait(false);
        await WriteAsync("keys", log.Keys, cancellation).ConfigureAwait(false);
    }

    private Task WriteAsync(string name, string text, CancellationToken cancellation) => FilePlace.WriteAsync(
        folder, Folder + name, Encoding.UTF8.GetBytes(text), isDurable: true, cancellation);

    private static void ForgetNarrower(TilePath path, string file)
    {
        if (!path.IsPartial)
        {
            if (Directory.Exists($"{file}.p")) Directory.Delete($"{file}.p", recursive: true);
            return;
        }

        foreach (var narrower in Directory.EnumerateFiles(Path.GetDirectoryName(file)!).ToList())
            if (narrower != file) File.Delete(narrower);
    }
}
