// The memory of a witness: for each log, the head that it cosigned last. Enters: heads. Leaves: the same heads after
// any crash. Always holds: one process has the folder; a head is on the disk before its cosignature is given away; a
// file is replaced whole or not at all.
using System.Globalization;
using System.Text;
using EventSourced.Transparency;

namespace EventSourced.Host.Attesting;

/// <summary>A witness's memory in a folder.</summary>
public sealed class WitnessStore : IDisposable
{
    private const string LockFile = "lock";
    private const string CheckpointFile = "checkpoint";

    private readonly string _folder;
    private readonly FileStream _lock;

    private WitnessStore(string folder, FileStream held) => (_folder, _lock) = (folder, held);

    /// <summary>Opens the folder for this process alone.</summary>
    /// <exception cref="IOException">Another witness has the folder.</exception>
    public static WitnessStore Open(string folder)
    {
        Directory.CreateDirectory(folder);
        return new WitnessStore(folder,
            new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
    }

    /// <summary>The head that was cosigned last.</summary>
    public WitnessedTree Known(string origin)
    {
        var path = PathOf(origin);
        if (!File.Exists(path)) return WitnessedTree.None;
        var head = SignedCheckpoint.Parse(File.ReadAllBytes(path)).Checkpoint;
        return new WitnessedTree(head.Size, head.Root);
    }

    /// <summary>The cosigned checkpoint of a log by the hash of its origin; null: there is none.</summary>
    public byte[]? Served(string hash) =>
        hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
            && Path.Combine(_folder, hash, CheckpointFile) is var path && File.Exists(path)
            ? File.ReadAllBytes(path)
            : null;

    /// <summary>Keeps a cosigned head: it is flushed to the disk, then replaces the head before it.</summary>
    public void Keep(string origin, SignedCheckpoint served)
    {
        ArgumentNullException.ThrowIfNull(served);
        var path = PathOf(origin);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = string.Create(CultureInfo.InvariantCulture, $"{path}.{served.Checkpoint.Size}");
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes($"{served}"));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private string PathOf(string origin) => Path.Combine(_folder, WitnessRules.MonitoringPath(origin));
}
