// The keys of the relayer's accounts. Enters: a folder of key files and the file that holds their password. Leaves:
// keys by address. Always holds: a look finds new files and forgets removed ones, so accounts change without a restart;
// a file that cannot be opened is named and the others serve; no key and no password is ever written anywhere.
using System.Collections.Frozen;
using System.Security.Cryptography;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;

namespace EventSourced.Workers.Relaying;

/// <summary>The accounts that this process can sign for.</summary>
public sealed class Keyring : IDisposable
{
    /// <summary>The largest number of key files that are read.</summary>
    public const int MostKeys = 64;

    private readonly string? _folder;
    private readonly string? _password;
    private readonly Dictionary<string, (DateTime Written, SigningKey Key)> _files = [];
    private readonly List<SigningKey> _retired = [];
    private volatile FrozenDictionary<Address, SigningKey> _keys;
    private volatile IReadOnlyList<string> _complaints = [];

    private Keyring(string? folder, string? password, IEnumerable<SigningKey> keys)
    {
        (_folder, _password) = (folder, password);
        _keys = keys.ToFrozenDictionary(key => key.Address);
    }

    /// <summary>The accounts.</summary>
    public IReadOnlyList<Address> Addresses => _keys.Keys;

    /// <summary>The faults of the files, each with its file; empty when there are none.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The key of an account; null: there is none.</summary>
    public SigningKey? this[Address account] => _keys.GetValueOrDefault(account);

    /// <summary>A keyring with fixed keys.</summary>
    public static Keyring Of(params IReadOnlyList<SigningKey> keys) => new(null, null, keys);

    /// <summary>A keyring of the key files *.json of a folder; nothing is read before the first look.</summary>
    public static Keyring InFolder(string folder, string passwordFile) => new(folder, passwordFile, []);

    /// <summary>Reads new files and forgets removed ones.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (_folder is null) return;
        // A key that was removed at the last look signs nothing any more.
        foreach (var key in _retired) key.Dispose();
        _retired.Clear();
        var complaints = new List<string>();
        var found = new HashSet<string>();
        string password;
        try
        {
            password = (
                await File.ReadAllTextAsync(_password!, cancellation).ConfigureAwait(false)).TrimEnd('\r', '\n');
            foreach (
                var file in Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal).Take(MostKeys))
            {
                found.Add(file);
                await ReadAsync(file, password, complaints, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder is missing for a moment: the known keys stay in use.
            _complaints = [$"expected the relayer's folder of keys and its password file, found: {fault.Message}"];
            return;
        }

        foreach (var gone in _files.Keys.Where(file => !found.Contains(file)).ToArray())
        {
            _retired.Add(_files[gone].Key);
            _files.Remove(gone);
        }

        _keys = _files.Values.Select(
            file => file.Key).DistinctBy(key => key.Address).ToFrozenDictionary(key => key.Address);
        _complaints = complaints;
    }

    /// <summary>Forgets all keys.</summary>
    public void Dispose()
    {
        foreach (var key in _files.Values.Select(file => file.Key).Concat(_retired)) key.Dispose();
        _files.Clear();
        _retired.Clear();
    }

    private async Task ReadAsync(string file, string password, List<string> complaints, CancellationToken cancellation)
    {
        var written = File.GetLastWriteTimeUtc(file);
        if (_files.TryGetValue(file, out var known) && known.Written == written) return;
        try
        {
            if (new FileInfo(file).Length > KeyFile.MaxLength)
                throw new FormatException($"expected at most {KeyFile.MaxLength} bytes, found more");
            var text = await File.ReadAllTextAsync(file, cancellation).ConfigureAwait(false);
            // The derivation takes about a second on purpose.
            var key = await Task.Run(() => KeyFile.Decrypt(text, password), cancellation).ConfigureAwait(false);
            if (_files.TryGetValue(file, out var old)) _retired.Add(old.Key);
            _files[file] = (written, key);
        }
        catch (Exception fault)
            when (fault is FormatException or CryptographicException or IOException or ArgumentException)
        {
            complaints.Add($"{Path.GetFileName(file)}: {fault.Message}");
        }
    }
}
