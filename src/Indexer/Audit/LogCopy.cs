// A log as somebody serves it: below an address, or in a folder that was downloaded. Enters: a place. Leaves: its
// checkpoint, tiles and bundles, none of them believed yet. Always holds: no answer is read beyond what its kind may
// have; with a folder to keep them, tiles are asked for once, so that an audit that was ended goes on from there.
using System.Net;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>Reads a log that may lie.</summary>
public sealed class LogCopy : IDisposable
{
    private const string CheckpointFile = "checkpoint";
    private const string KeysFile = "keys";
    private const int MostAttempts = 3;
    private const int MostTileBytes = TilePath.FullWidth * MerkleHash.ByteCount;
    private const int MostBundleBytes = TilePath.FullWidth * (TransparencyLimits.EntryBytes + sizeof(ushort));

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient? _http;
    private readonly string? _folder;

    private LogCopy(string name, HttpClient? http, string? folder) => (Name, _http, _folder) = (name, http, folder);

    /// <summary>The place, for people: an address without what may be a password.</summary>
    public string Name { get; }

    /// <summary>A log below an http(s) address, or in a folder.</summary>
    /// <param name="place">The address or the folder.</param>
    /// <param name="kept">Where tiles that came from an address are kept; null: nowhere.</param>
    public static LogCopy Of(string place, string? kept = null)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (!Uri.TryCreate(place, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return new LogCopy(place, null, place);
        if (!address.AbsolutePath.EndsWith('/')) address = new Uri(address.GetLeftPart(UriPartial.Path) + "/");
        return new LogCopy($"{address.Scheme}://{address.Authority}{address.AbsolutePath}",
            new HttpClient { BaseAddress = address }, kept);
    }

    /// <summary>The checkpoint as it is served.</summary>
    public async Task<byte[]> CheckpointAsync(CancellationToken cancellation)
    {
        var bytes = await FreshAsync(CheckpointFile, TransparencyLimits.NoteBytes, cancellation).ConfigureAwait(false)
            ?? throw new LogFaultException("a checkpoint", "none", $"at {Name}{CheckpointFile}");
        if (_http is not null) await KeepAsync(CheckpointFile, bytes, cancellation).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>The verifier keys that the log names of itself.</summary>
    public async Task<IReadOnlyList<VerifierKey>> KeysAsync(CancellationToken cancellation)
    {
        var bytes = await FreshAsync(KeysFile, TransparencyLimits.NoteBytes, cancellation).ConfigureAwait(false);
        if (bytes is null) return [];
        if (_http is not null) await KeepAsync(KeysFile, bytes, cancellation).ConfigureAwait(false);
        return [.. System.Text.Encoding.UTF8.GetString(bytes).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries).Select(VerifierKey.Parse)];
    }

    /// <summary>A tile or bundle exactly as wide as its path says.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TileAsync(TilePath path, CancellationToken cancellation)
    {
        var most = path.IsEntries ? MostBundleBytes : MostTileBytes;
        var bytes = await StoredAsync(path, most, cancellation).ConfigureAwait(false);
        // Where the full tile exists, its narrower versions need not be served any more.
        if (bytes is null && path.IsPartial)
        {
            var full = await StoredAsync(path.Full, most, cancellation).ConfigureAwait(false);
            if (full is not null) return path.BeginningOf(full);
        }

        return bytes
            ?? throw new LogFaultException("a tile of the size that the checkpoint states", "none", $"at {Name}{path}");
    }

    /// <inheritdoc/>
    public void Dispose() => _http?.Dispose();

    private async Task<byte[]?> StoredAsync(TilePath path, int most, CancellationToken cancellation)
    {
        var name = path.ToString();
        if (_http is null) return await FreshAsync(name, most, cancellation).ConfigureAwait(false);
        if (_folder is not null && File.Exists(Path.Combine(_folder, name)))
            return await File.ReadAllBytesAsync(Path.Combine(_folder, name), cancellation).ConfigureAwait(false);
        var bytes = await FreshAsync(name, most, cancellation).ConfigureAwait(false);
        if (bytes is not null) await KeepAsync(name, bytes, cancellation).ConfigureAwait(false);
        return bytes;
    }

    private async Task<byte[]?> FreshAsync(string name, int most, CancellationToken cancellation)
    {
        if (_http is not null) return await AskAsync(name, most, cancellation).ConfigureAwait(false);
        var file = new FileInfo(Path.Combine(_folder!, name));
        if (!file.Exists) return null;
        return file.Length <= most
            ? await File.ReadAllBytesAsync(file.FullName, cancellation).ConfigureAwait(false)
            : throw new LogFaultException($"at most {most} bytes", $"{file.Length}", $"in {Name}/{name}");
    }

    private async Task<byte[]?> AskAsync(string name, int most, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var answer = await _http!.GetAsync(
                    new Uri(name, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation)
                    .ConfigureAwait(false);
                if (answer.StatusCode == HttpStatusCode.NotFound) return null;
                answer.EnsureSuccessStatusCode();
                return await ReadAsync(answer, name, most, cancellation).ConfigureAwait(false);
            }
            catch (Exception fault) when (attempt < MostAttempts && fault is HttpRequestException or IOException)
            {
                await Task.Delay(attempt * Pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<byte[]> ReadAsync(
        HttpResponseMessage answer, string name, int most, CancellationToken cancellation)
    {
        var body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            var some = new byte[81_920];
            while (await body.ReadAsync(some, cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                if (bytes.Length + count > most) throw new LogFaultException(
                    $"at most {most} bytes", "more", $"at {Name}{name}");
                bytes.Write(some, 0, count);
            }

            return bytes.ToArray();
        }
    }

    // Under another name first: half a file must not be taken for a tile.
    private async Task KeepAsync(string name, byte[] bytes, CancellationToken cancellation)
    {
        if (_folder is null) return;
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path + ".part", bytes, cancellation).ConfigureAwait(false);
        File.Move(path + ".part", path, overwrite: true);
    }
}

/// <summary>A log does not have what its checkpoint says that it has.</summary>
public sealed class LogFaultException(string expected, string found, string where)
    : FormatException($"expected {expected}, found {found}, {where}")
{
    /// <summary>What was expected.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was found.</summary>
    public string Found { get; } = found;

    /// <summary>The place.</summary>
    public string Where { get; } = where;
}
