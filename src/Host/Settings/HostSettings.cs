// The settings of the host, checked. Enters: the layers. Leaves: typed settings, or every complaint at once: expected,
// found, where. Always holds: no complaint and no description holds a password or a key that an address may carry.
using System.Globalization;
using System.Net;
using System.Text.Json;
using EventSourced.Api;
using EventSourced.Api.Options;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Host.Settings;

/// <summary>The checked settings of a process.</summary>
public sealed record HostSettings
{
    /// <summary>The largest number of blocks that may count as not final.</summary>
    public const int MostFinality = 1024;

    private const int MostBatchEvents = 1_000_000;
    private const int LeastCachedThings = 1_000;
    private const int MostCachedThings = 50_000_000;
    private const int PreparedStatements = 200;

    /// <summary>Whether this process indexes.</summary>
    public bool IsIndexer { get; init; }

    /// <summary>The terms on which this process serves the API; null: it serves none.</summary>
    public ApiOptions? Api { get; init; }

    /// <summary>The terms on which this process accepts commands; null: it accepts none.</summary>
    public CommandSettings? Commands { get; init; }

    /// <summary>Whether this process handles durable messages.</summary>
    public bool IsWorker { get; init; }

    /// <summary>Whether this process handles them for keepers alone, and relays nothing.</summary>
    public bool IsKeeperAlone { get; init; }

    /// <summary>The RabbitMQ that carries messages of workers; null: they stay in their process.</summary>
    public Uri? RabbitMq { get; init; }

    /// <summary>The settings of the relayer; null: this process relays nothing.</summary>
    public RelayerSettings? Relayer { get; init; }

    /// <summary>The settings of the content store; null: there is none.</summary>
    public ContentSettings? Content { get; init; }

    /// <summary>The agents that this process acts for; null: none.</summary>
    public HostedSettings? Hosted { get; init; }

    /// <summary>The deadlines that this process keeps; null: none.</summary>
    public KeeperSettings? Keepers { get; init; }

    /// <summary>The roles by name.</summary>
    public IEnumerable<string> Roles =>
        new[]
        {
            IsIndexer ? "indexer" : null,
            Api is null ? null : "api",
            Commands is null ? null : "commands",
            IsWorker && !IsKeeperAlone ? "workers" : null,
            IsKeeperAlone ? "keepers" : null,
        }.OfType<string>();

    /// <summary>The database.</summary>
    public string Database { get; init; } = "";

    /// <summary>The nodes, the preferred one first.</summary>
    public IReadOnlyList<Uri> Rpc { get; init; } = [];

    /// <summary>The node that announces blocks.</summary>
    public Uri? WebSocket { get; init; }

    /// <summary>The contracts.</summary>
    public Deployment? Deployment { get; init; }

    /// <summary>The number of newest blocks that are not final; null: the node's own tag decides.</summary>
    public int? FinalityDepth { get; init; }

    /// <summary>The addresses to listen on.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The number of events in a batch.</summary>
    public int BatchEvents { get; init; }

    /// <summary>The number of things in memory.</summary>
    public int CachedThings { get; init; }

    /// <summary>The indexer's options.</summary>
    public IndexerOptions Indexer => new()
    {
        Ingestion = Ingestion,
        BatchEvents = BatchEvents,
        CachedThings = CachedThings,
        LogSigning = LogSigning,
        Checkpoint = Checkpoint,
        Archive = Archive,
    };

    /// <summary>The keys that sign the audit log; null: it is not signed.</summary>
    public LogSigning? LogSigning { get; init; }

    /// <summary>The archive that an empty database begins with; null: it begins with the chain.</summary>
    public TrustedArchive? Checkpoint { get; init; }

    /// <summary>The archive of everything that was dropped from the database; null: none is known.</summary>
    public TrustedArchive? Archive { get; init; }

    /// <summary>The witnesses that cosign the audit log; null: none.</summary>
    public TrustPolicy? LogPolicy { get; init; }

    /// <summary>The options for reading the chain.</summary>
    public IngestionOptions Ingestion => new()
    {
        FinalityByTag = FinalityDepth is null,
        FinalityDepth = (ulong)(FinalityDepth ?? (int)new IngestionOptions().FinalityDepth),
    };

    /// <summary>The options of the calls to nodes.</summary>
    public RpcOptions RpcOptions => new() { ExpectedChainId = Deployment?.ChainId };

    /// <summary>The database's address for people, without the password.</summary>
    public string DatabaseName
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(Database);
            return string.Create(
                CultureInfo.InvariantCulture, $"{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}");
        }
    }

    /// <summary>The settings for `serve`.</summary>
    public static HostSettings? ForServing(Layers layers)
    {
        var (isIndexer, isApi, isCommands, isWorker, isKeeper) = ReadRoles(layers);
        var relayer = isWorker ? RelayerSettings.Read(layers) : null;
        var keepers = isKeeper || relayer is not null
            ? KeeperSettings.Read(layers, needsAccount: relayer is null) : null;
        var needsChain = isIndexer || isCommands || relayer is not null || isKeeper;
        var common = new HostSettings
        {
            IsIndexer = isIndexer,
            Relayer = relayer,
            Api = isApi ? ApiSettings.Read(layers) : null,
            Commands = isCommands ? CommandSettings.Read(layers) : null,
            IsWorker = isWorker || isKeeper,
            IsKeeperAlone = isKeeper && !isWorker,
            Keepers = keepers,
            RabbitMq = (isWorker || isKeeper) && layers.Find(Setting.RabbitMq) is { } broker
                ? Address(layers, Setting.RabbitMq, broker.Text, broker.Where, "amqp") : null,
            Content = isApi || isCommands || isWorker ? ContentSettings.Read(layers) : null,
            Hosted = isWorker ? HostedSettings.Read(layers) : null,
            Database = ReadDatabase(layers),
            Rpc = ReadRpc(layers, needsChain),
            WebSocket = layers.Find(Setting.WebSocket) is { } socket
                ? Address(layers, Setting.WebSocket, socket.Text, socket.Where, "ws") : null,
            Deployment = needsChain ? ReadDeployment(layers, isNeeded: true) : null,
            FinalityDepth = ReadFinality(layers),
            Listen = new IPEndPoint(ReadBind(layers), Number(layers, Setting.Port, 8080, 0, IPEndPoint.MaxPort)),
            BatchEvents = Number(layers, Setting.BatchEvents, new IndexerOptions().BatchEvents, 1, MostBatchEvents),
            CachedThings = Number(
                layers, Setting.CachedThings, new IndexerOptions().CachedThings, LeastCachedThings, MostCachedThings),
        };
        if (layers.Complaints.Count == 0 && common.Deployment is { } deployment) common = LogSettings.Read(layers,
            common, deployment);
        return layers.Complaints.Count == 0 ? common : null;
    }

    /// <summary>The settings for `replay`.</summary>
    public static HostSettings? ForReplay(Layers layers, bool fromChain)
    {
        var settings = new HostSettings
        {
            Database = ReadDatabase(layers),
            Rpc = ReadRpc(layers, fromChain),
            Deployment = fromChain ? ReadDeployment(layers, isNeeded: true) : null,
            FinalityDepth = ReadFinality(layers),
        };
        if (layers.Complaints.Count == 0) settings = LogSettings.ReadOwn(layers, settings, needsKey: false);
        return layers.Complaints.Count == 0 ? settings : null;
    }

    /// <summary>The settings for `archive` and `prune`: a database, and an existing key or an archive.</summary>
    public static HostSettings? ForArchive(Layers layers, bool needsKey, bool needsArchive)
    {
        var settings = new HostSettings { Database = ReadDatabase(layers) };
        if (needsArchive && layers.Find(Setting.Archive) is null) Missing(
            layers, Setting.Archive, "the address or the folder of an archive");
        if (layers.Complaints.Count == 0) settings = LogSettings.ReadOwn(layers, settings, needsKey);
        return layers.Complaints.Count == 0 ? settings : null;
    }

    /// <summary>
    /// The settings for `audit`. A log can be audited without a node, and a node without a deployment file.
    /// </summary>
    public static HostSettings? ForAudit(Layers layers, bool hasNode, bool hasDirectory)
    {
        var settings = new HostSettings
        {
            Rpc = ReadRpc(layers, hasNode),
            Deployment = hasNode && !hasDirectory ? ReadDeployment(layers, isNeeded: true) : null,
            FinalityDepth = ReadFinality(layers),
        };
        return layers.Complaints.Count == 0 ? settings : null;
    }

    // If no runnable role was named, the complaints are those of an indexer, so that all missing settings are reported
    // at once.
    private static (bool IsIndexer, bool IsApi, bool IsCommands, bool IsWorker, bool IsKeeper) ReadRoles(Layers layers)
    {
        const string expected = "indexer, api, commands, workers or keepers";
        if (layers.Find(Setting.Roles) is not { Values.Count: > 0 } roles)
        {
            Missing(layers, Setting.Roles, expected);
            return (true, false, false, false, false);
        }

        foreach (var role in roles.Values.Where(
            role => role is not ("indexer" or "api" or "commands" or "workers" or "keepers")))
            layers.Complain(Setting.Roles, expected, role, roles.Where);
        var (isApi, isCommands, isWorker) = (Has("api"), Has("commands"), Has("workers"));
        var isKeeper = Has("keepers");
        return (
            Has("indexer") || !(isApi || isCommands || isWorker || isKeeper), isApi, isCommands, isWorker, isKeeper);

        bool Has(string role) => roles.Values.Contains(role);
    }

    private static string ReadDatabase(Layers layers)
    {
        if (layers.Find(Setting.Database) is not { } given)
        {
            Missing(layers, Setting.Database, "a connection string of PostgreSQL");
            return "";
        }

        try
        {
            var parts = new NpgsqlConnectionStringBuilder(DatabaseAddress.ToConnectionString(given.Text));
            if (string.IsNullOrEmpty(parts.Host))
            {
                layers.Complain(Setting.Database, "a connection string with a Host", "none in it", given.Where);
                return "";
            }

            if (!parts.ContainsKey("Max Auto Prepare") || parts.MaxAutoPrepare == 0) parts.MaxAutoPrepare =
                PreparedStatements;
            parts.ApplicationName ??= "eventsourced";
            return parts.ConnectionString;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            // Neither the text nor the driver's complaint is shown: either may hold a part of a password.
            layers.Complain(
                Setting.Database,
                "postgresql://user@host/database, or Host=...;Username=...;Database=... as PostgreSQL's driver takes it", "a text that is neither", given.Where);
            return "";
        }
    }

    private static List<Uri> ReadRpc(Layers layers, bool isNeeded)
    {
        if (layers.Find(Setting.Rpc) is not { Values.Count: > 0 } given)
        {
            if (isNeeded) Missing(layers, Setting.Rpc, "at least one http(s) address of a node");
            return [];
        }

        return [.. given.Values.Select(text => Address(layers, Setting.Rpc, text, given.Where, "http")).OfType<Uri>()];
    }

    // An address may carry a key in its path: a wrong address is described, not shown.
    private static Uri? Address(Layers layers, Setting setting, string text, string where, string scheme)
    {
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var uri);
        if (isAddress && (uri!.Scheme == scheme || uri.Scheme == scheme + "s")) return uri;
        var found = isAddress && uri!.Authority.Length > 0
            ? $"{uri.Scheme}://{uri.Authority}"
            : $"a text of {text.Length} characters that is no address";
        layers.Complain(setting, $"an address that begins with {scheme}:// or {scheme}s://", found, where);
        return null;
    }

    private static Deployment? ReadDeployment(Layers layers, bool isNeeded)
    {
        if (layers.Find(Setting.Deployment) is not { } given)
        {
            if (isNeeded) Missing(layers, Setting.Deployment, "the path of a deployment.json");
            return null;
        }

        try
        {
            return Deployment.Load(given.Text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var found = fault is FileNotFoundException or DirectoryNotFoundException
                ? $"no file {given.Text}" : fault.Message;
            layers.Complain(Setting.Deployment, "a file that can be read", found, given.Where);
        }
        catch (Exception fault)
            when (fault is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            layers.Complain(Setting.Deployment, "a deployment of this program's catalog",
                $"in {given.Text}: {fault.Message}", given.Where);
        }

        return null;
    }

    private static int? ReadFinality(Layers layers) => layers.Find(Setting.Finality) is { Text: "tag" }
        ? null
        : Number(layers, Setting.Finality, (int)new IngestionOptions().FinalityDepth, 0, MostFinality, " or tag");

    private static IPAddress ReadBind(Layers layers)
    {
        if (layers.Find(Setting.Bind) is not { } given) return IPAddress.Loopback;
        if (IPAddress.TryParse(given.Text, out var address)) return address;
        layers.Complain(Setting.Bind, "an IP address, as 127.0.0.1", $"'{given.Text}'", given.Where);
        return IPAddress.Loopback;
    }

    /// <summary>A whole number within bounds.</summary>
    internal static int Number(Layers layers, Setting setting, int otherwise, int least, int most, string or = "")
    {
        if (layers.Find(setting) is not { } given) return otherwise;
        if (int.TryParse(given.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most)
            return number;
        layers.Complain(
            setting, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}{or}"),
            $"'{given.Text}'", given.Where);
        return otherwise;
    }

    private static void Missing(Layers layers, Setting setting, string expected) => layers.Complain(
        setting, expected, "nothing",
        $"flag {setting.Flag}, environment variable {setting.Variable}, or field {setting.Name} of a file");
}
