// The file that names hosted agents. Enters: JSON, key files beside it, their password. Leaves: a roster, or a
// FormatException that says what was expected and found and where. Always holds: an unknown member is refused, so that
// a mistyped name never goes unnoticed; no key and no password is in a message.
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.Workers.Documents;

namespace EventSourced.Workers.Hosted;

/// <summary>Reads the file of hosted agents.</summary>
public static class RosterFile
{
    /// <summary>The largest number of agents, and of verifiers, in a file.</summary>
    public const int Most = 256;

    private const int MostBytes = 1 << 20;
    private const int MostCapacity = 10_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads a file. Each key takes about a second to open, on purpose.</summary>
    public static Roster Read(string path, string password)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes } large)
            throw new FormatException($"{path}: expected at most {MostBytes} bytes, found {large.Length}");
        var lines = Lines(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var keys = new Dictionary<string, SigningKey>();
        try
        {
            Once(path, "agents", lines.Agents.Select(line => line.Id));
            Once(path, "verifiers", lines.Verifiers.Select(line => line.Id));
            return new Roster(
                [.. lines.Agents.Select(line => Agent(path, line, Key(line.Key)))],
                [.. lines.Verifiers.Select(line => new HostedVerifier(line.Id, Key(line.Key), line.Challenge))]);
        }
        catch
        {
            foreach (var key in keys.Values) key.Dispose();
            throw;
        }

        SigningKey Key(string file)
        {
            if (!keys.TryGetValue(file, out var key)) keys[file] = key = Open(Path.Combine(folder, file), password);
            return key;
        }
    }

    private static RosterLines Lines(string path)
    {
        try
        {
            var lines = JsonSerializer.Deserialize<RosterLines>(File.ReadAllBytes(path), Strict)
                ?? throw new FormatException($"{path}: expected an object, found null");
            return lines.Agents.Length <= Most && lines.Verifiers.Length <= Most
                ? lines
                : throw new FormatException($"{path}: expected at most {Most} agents and verifiers each, found more");
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"{path}: expected hosted agents as JSON, found: {malformed.Message}", malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(
                $"{path}: expected a file that can be read, found: {unreadable.Message}", unreadable);
        }
    }

    private static void Once(string path, string list, IEnumerable<ulong> ids)
    {
        var seen = new HashSet<ulong>();
        foreach (var id in ids)
        {
            if (id is 0 or > long.MaxValue)
                throw new FormatException($"{path}: {list}: expected an id from 1, found {id}");
            if (!seen.Add(id)) throw new FormatException($"{path}: {list}: expected each id once, found {id} again");
        }
    }

    private static HostedAgent Agent(string path, AgentLine line, SigningKey key)
    {
        var where = $"{path}: agent {line.Id}";
        if (line.Capacity is < 1 or > MostCapacity)
            throw new FormatException($"{where}: capacity: expected 1 to {MostCapacity}, found {line.Capacity}");
        Uri? endpoint = null;
        if (line.Endpoint is { } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https")))
            throw new FormatException($"{where}: endpoint: expected an http(s) address, found another text");
        return new HostedAgent(line.Id, key)
        {
            Modules = [.. line.Modules.Select(module => ContentIds.HashOf(module, $"{where}: modules"))],
            Endpoint = endpoint,
            Capabilities = line.Capabilities,
            Capacity = line.Capacity,
            Bid = line.Bid is null ? null : Rule(where, line.Bid),
        };
    }

    private static BidRule Rule(string where, BidLine line)
    {
        if (line.Percent is < 1 or > 100)
            throw new FormatException($"{where}: bid.percent: expected 1 to 100, found {line.Percent}");
        return UInt128.TryParse(line.Least, out var least)
            ? new BidRule(line.Percent, least)
            : throw new FormatException($"{where}: bid.least: expected base units as digits, found '{line.Least}'");
    }

    private static SigningKey Open(string file, string password)
    {
        try
        {
            if (new FileInfo(file).Length > KeyFile.MaxLength)
                throw new FormatException($"expected at most {KeyFile.MaxLength} bytes, found more");
            return KeyFile.Decrypt(File.ReadAllText(file), password);
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or IOException
            or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException(
                $"{file}: expected a key file that the password opens, found: {fault.Message}", fault);
        }
    }

    private sealed record RosterLines
    {
        public AgentLine[] Agents { get; init; } = [];

        public VerifierLine[] Verifiers { get; init; } = [];
    }

    private sealed record AgentLine
    {
        public required ulong Id { get; init; }

        public required string Key { get; init; }

        public string[] Modules { get; init; } = [];

        public string? Endpoint { get; init; }

        public string[] Capabilities { get; init; } = [];

        public int Capacity { get; init; } = 4;

        public BidLine? Bid { get; init; }
    }

    private sealed record BidLine
    {
        public int Percent { get; init; } = 100;

        public string Least { get; init; } = "0";
    }

    private sealed record VerifierLine
    {
        public required ulong Id { get; init; }

        public required string Key { get; init; }

        public bool Challenge { get; init; }
    }
}
