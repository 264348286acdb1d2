// Files of strangers, below an http(s) address or in a folder. Enters: a place, names. Leaves: bytes, none of them
// believed. Always holds: no answer is read beyond the limit of its kind; a server is asked a named number of times; a
// file is written under another name first, so that half of it is never taken for the whole.
using System.Net;

namespace EventSourced.Indexer.Segments;

/// <summary>Reads files that may lie.</summary>
public sealed class FilePlace : IDisposable
{
    private const int MostAttempts = 3;
    private const int ReadAtOnce = 81_920;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient? _http;

    private FilePlace(string name, HttpClient? http, string? folder) => (Name, _http, Folder) = (name, http, folder);

    /// <summary>The place, for people: the address without a possible password.</summary>
    public string Name { get; }

    /// <summary>The folder; null: the place is an address.</summary>
    public string? Folder { get; }

    /// <summary>A place below an http(s) address, or a folder.</summary>
    public static FilePlace Of(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (!Uri.TryCreate(place, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return new FilePlace(place.EndsWith('/') ? place : place + "/", null, place);
        if (!address.AbsolutePath.EndsWith('/')) address = new Uri(address.GetLeftPart(UriPartial.Path) + "/");
        return new FilePlace($"{address.Scheme}://{address.Authority}{address.AbsolutePath}",
            new HttpClient { BaseAddress = address }, null);
    }

    /// <summary>A whole file; null if there is none.</summary>
    /// <param name="name">The name below the place.</param>
    /// <param name="most">The most bytes of the file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<byte[]?> ReadAsync(string name, int most, CancellationToken cancellation)
    {
        if (_http is not null) return await AskAsync(name, most, cancellation).ConfigureAwait(false);
        var file = new FileInfo(Path.Combine(Folder!, name));
        if (!file.Exists) return null;
        return file.Length <= most
            ? await File.ReadAllBytesAsync(file.FullName, cancellation).ConfigureAwait(false)
            : throw new PlaceFaultException($"at most {most} bytes", $"{file.Length}", $"in {Name}{name}");
    }

    /// <summary>Writes a file of a folder, whole or not at all. A durable file survives a loss of power.</summary>
    public static async Task WriteAsync(
        string folder, string name, ReadOnlyMemory<byte> bytes, bool isDurable, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = new FileStream(path + ".part", FileMode.Create, FileAccess.Write);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(bytes, cancellation).ConfigureAwait(false);
            if (isDurable) file.Flush(flushToDisk: true);
        }

        File.Move(path + ".part", path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _http?.Dispose();

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
            var some = new byte[ReadAtOnce];
            while (await body.ReadAsync(some, cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                if (bytes.Length + count > most) throw new PlaceFaultException(
                    $"at most {most} bytes", "more", $"at {Name}{name}");
                bytes.Write(some, 0, count);
            }

            return bytes.ToArray();
        }
    }
}

/// <summary>A place lacks a file that it claims, or the file differs.</summary>
public sealed class PlaceFaultException(string expected, string found, string where)
    : FormatException($"expected {expected}, found {found}, {where}")
{
    /// <summary>The expected content.</summary>
    public string Expected { get; } = expected;

    /// <summary>The found content.</summary>
    public string Found { get; } = found;

    /// <summary>The place.</summary>
    public string Where { get; } = where;
}

/// <summary>An archive, and the keys whose signatures on it are believed.</summary>
/// <param name="Place">The address or the folder.</param>
/// <param name="Policy">The keys.</param>
public sealed record TrustedArchive(string Place, Transparency.TrustPolicy Policy);
