// The log's keys in a file, one a line. Enters: a path. Leaves: the keys. Always holds: a file that is made here
// belongs to its owner alone from the first byte on; a file that others may read is refused; a refused text is never
// shown.
using EventSourced.Indexer.Attest;
using EventSourced.Transparency;

namespace EventSourced.Host.Settings;

/// <summary>Reads and makes files of signing keys.</summary>
public static class LogKeyFile
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int MostBytes = 64 * 1024;

    /// <summary>The log's keys; made under this name if there is no file yet.</summary>
    /// <exception cref="FormatException">The file holds something else, or others may read it.</exception>
    public static LogSigning OpenLog(string path, string origin, bool awaitsWitnesses) =>
        Signing(path, OpenOrMake(path, () => [SigningKey.NewSecret(origin, SignatureType.Ed25519)]), awaitsWitnesses);

    /// <summary>A witness's keys of both cosigning types; made under this name if there is no file yet.</summary>
    /// <exception cref="FormatException">The file holds something else, or others may read it.</exception>
    public static IReadOnlyList<SigningKey> OpenWitness(string path, string name)
    {
        var keys = OpenOrMake(path, () =>
            [SigningKey.NewSecret(name, SignatureType.Ed25519Cosignature),
                SigningKey.NewSecret(name, SignatureType.MlDsa44Cosignature)]);
        return keys.All(key => key.Verifier.Type != SignatureType.Ed25519)
            ? keys
            : throw new FormatException(
                $"{path}: expected keys of cosigning types (0x04, 0x06), found one of 0x01, which is a log's");
    }

    /// <summary>Whether the file exists; a key is never made twice.</summary>
    public static bool IsThere(string path) => File.Exists(path);

    /// <summary>
    /// The origin of an economy's log without a name from its operator: chain and directory identify the economy.
    /// </summary>
    public static string OriginOf(Indexer.Decode.Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return $"eventsourced/{deployment.ChainId}/{deployment.Directory:x}";
    }

    private static LogSigning Signing(string path, IReadOnlyList<SigningKey> keys, bool awaitsWitnesses)
    {
        try
        {
            return new LogSigning(keys, awaitsWitnesses);
        }
        catch (ArgumentException fault)
        {
            throw new FormatException($"{path}: {fault.Message}", fault);
        }
    }

    private static List<SigningKey> OpenOrMake(string path, Func<string[]> make)
    {
        if (!File.Exists(path)) Make(path, make());
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            throw new FormatException($"{path}: expected a file that its owner alone may read (mode 0600), found mode {Convert.ToString((int)File.GetUnixFileMode(path), 8)}");
        if (new FileInfo(path).Length > MostBytes) throw new FormatException(
            $"{path}: expected at most {MostBytes} bytes, found more");
        var lines = File.ReadAllLines(path).Where(line => line.Length > 0).ToArray();
        if (lines.Length == 0) throw new FormatException($"{path}: expected a signing key, found none");
        try
        {
            return [.. lines.Select(SigningKey.Parse)];
        }
        catch (TransparencyFormatException fault)
        {
            throw new FormatException($"{path}: {fault.Message}", fault);
        }
    }

    private static void Make(string path, string[] secrets)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerAlone;
        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        foreach (var secret in secrets) writer.Write(secret + "\n");
        writer.Flush();
        file.Flush(flushToDisk: true);
    }
}
