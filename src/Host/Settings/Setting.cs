// The settings by name. One name gives the field in the configuration file (batchEvents), the flag (--batch-events) and
// the variable (ES_BATCH_EVENTS); help and documentation take their words from this file.
using System.Text.RegularExpressions;

namespace EventSourced.Host.Settings;

/// <summary>A setting.</summary>
/// <param name="Name">The field in the configuration file.</param>
/// <param name="Description">The text for the help.</param>
/// <param name="IsList">Whether there may be several, separated by commas or given repeatedly.</param>
public sealed partial record Setting(string Name, string Description, bool IsList = false)
{
    /// <summary>The configuration file.</summary>
    public static Setting Config { get; } = new(
        "config", "A JSON file of settings; the environment and flags go before it.");

    /// <summary>The roles of the process.</summary>
    public static Setting Roles { get; } = new(
        "roles", "What this process does: indexer, api, commands, workers, keepers, or several of them.", IsList: true);

    /// <summary>The database.</summary>
    public static Setting Database { get; } = new(
        "database", "PostgreSQL: postgresql://user@host:port/database, or Host=...;Username=...;Database=...");

    /// <summary>The nodes.</summary>
    public static Setting Rpc { get; } = new(
        "rpc", "A node's http(s) address; repeat it for more nodes, the preferred one first.", IsList: true);

    /// <summary>The node that announces blocks.</summary>
    public static Setting WebSocket { get; } = new(
        "websocket", "A node's ws(s) address that announces blocks; without it the node is asked.");

    /// <summary>The contracts.</summary>
    public static Setting Deployment { get; } = new(
        "deployment", "The deployment.json that names chain and contracts.");

    /// <summary>The blocks that count as final.</summary>
    public static Setting Finality { get; } = new(
        "finality", "How many blocks under the newest are final, or: tag, to believe the node's own (64).");

    /// <summary>The addresses on which the process listens.</summary>
    public static Setting Bind { get; } = new("bind", "The IP address to listen on (127.0.0.1).");

    /// <summary>The port to listen on.</summary>
    public static Setting Port { get; } = new("port", "The port to listen on; 0 takes a free one (8080).");

    /// <summary>The size of a batch.</summary>
    public static Setting BatchEvents { get; } = new(
        "batchEvents", "From how many events on a batch is written while the past is read (20000).");

    /// <summary>The size of the cache.</summary>
    public static Setting CachedThings { get; } = new("cachedThings", "How many things stay in memory (250000).");

    /// <summary>The log's key.</summary>
    public static Setting LogKey { get; } = new("logKey",
        "The file of the audit log's signing key, made when it is missing; without it the log grows unsigned.");

    /// <summary>The log's witnesses.</summary>
    public static Setting LogPolicy { get; } = new("logPolicy",
        "A policy (C2SP tlog-policy) with the witnesses of the audit log, their addresses and the quorum; a checkpoint is served when it is met.");

    /// <summary>The archive to begin with.</summary>
    public static Setting FromCheckpoint { get; } = new("fromCheckpoint",
        "An archive, its address or folder: an empty database begins with its snapshot, verified, and goes on from there.");

    /// <summary>The keys of the archive's log.</summary>
    public static Setting CheckpointKey { get; } = new("checkpointKey",
        "A verifier key of the log whose archive is begun with; else the keys of logKey.", IsList: true);

    /// <summary>The archive that was pruned against.</summary>
    public static Setting Archive { get; } = new("archive",
        "An archive, its address or folder: what es prune dropped from the database is read from there.");

    /// <summary>The origins whose pages may send requests.</summary>
    public static Setting ApiOrigins { get; } = new(
        "apiOrigins", "The origins whose pages may ask the API, as https://example.org, or * (none).", IsList: true);

    /// <summary>GraphiQL's packages.</summary>
    public static Setting GraphiQL { get; } = new(
        "graphiql", "The folder whose node_modules hold GraphiQL; without it its page says how to install it.");

    /// <summary>The dashboard's packages.</summary>
    public static Setting Dashboard { get; } = new(
        "dashboard", "The folder whose node_modules hold uPlot; without it the dashboard draws no charts and says so.");

    /// <summary>Trusted documents.</summary>
    public static Setting TrustedDocuments { get; } = new(
        "trustedDocuments", "A folder of documents NAME.graphql that clients may name instead of sending.");

    /// <summary>Whether only trusted documents run.</summary>
    public static Setting OnlyTrusted { get; } = new(
        "onlyTrusted", "yes: the API runs nothing but trusted documents (no).");

    /// <summary>CONNECTIONS.</summary>
    public static Setting ApiConnections { get; } = new(
        "apiConnections", "CONNECTIONS: the API's connections to the database (40).");

    /// <summary>TIME_MS.</summary>
    public static Setting ApiTimeMs { get; } = new(
        "apiTimeMs", "TIME_MS: the milliseconds that a request may take (10000).");

    /// <summary>COST.</summary>
    public static Setting ApiCost { get; } = new(
        "apiCost", "COST: what a request may cost by its fields and lists (100000).");

    /// <summary>DEPTH.</summary>
    public static Setting ApiDepth { get; } = new("apiDepth", "DEPTH: how deep its fields may nest (20).");

    /// <summary>LIST_SIZE.</summary>
    public static Setting ApiListSize { get; } = new(
        "apiListSize", "LIST_SIZE: the rows that one page may ask for (1000).");

    /// <summary>ALIASES.</summary>
    public static Setting ApiAliases { get; } = new("apiAliases", "ALIASES: the aliases of a request (200).");

    /// <summary>REQUEST_BYTES.</summary>
    public static Setting ApiRequestBytes { get; } = new(
        "apiRequestBytes", "REQUEST_BYTES: the bytes of a request (1000000).");

    /// <summary>SUBSCRIPTIONS.</summary>
    public static Setting ApiSubscriptions { get; } = new(
        "apiSubscriptions", "SUBSCRIPTIONS: the operations of one connection at once (100).");

    /// <summary>SUBSCRIPTIONS_IN_ALL.</summary>
    public static Setting ApiSubscriptionsInAll { get; } = new(
        "apiSubscriptionsInAll", "SUBSCRIPTIONS_IN_ALL: the subscriptions of the process at once (10000).");

    /// <summary>QUEUE.</summary>
    public static Setting ApiQueue { get; } = new(
        "apiQueue", "QUEUE: the results that wait for a client that does not read, before it is cut (64).");

    /// <summary>The identities whose commands are taken.</summary>
    public static Setting CommandsAllow { get; } = new(
        "commandsAllow", "The addresses whose commands are taken; without any, everybody's are.", IsList: true);

    /// <summary>The networks without a rate limit.</summary>
    public static Setting CommandsTrust { get; } = new(
        "commandsTrust", "The networks that no rate limit counts, as 10.0.0.0/8: the operator's own (none).",
        IsList: true);

    /// <summary>The broker between workers.</summary>
    public static Setting RabbitMq { get; } = new(
        "rabbitMq",
        "RabbitMQ's amqp(s) address: the workers' messages travel by it; without it each stays with its process.");

    /// <summary>The relayer's accounts.</summary>
    public static Setting RelayerKeys { get; } = new(
        "relayerKeys",
        "The folder of the relayer's key files (*.json, Web3 Secret Storage); without it nothing is relayed.");

    /// <summary>The password of the relayer's accounts.</summary>
    public static Setting RelayerPassword { get; } = new(
        "relayerPassword", "The file that holds the password of the relayer's key files.");

    /// <summary>The highest price of gas.</summary>
    public static Setting RelayerFeeCapGwei { get; } = new(
        "relayerFeeCapGwei", "The most gwei that the relayer pays for a unit of gas (1000).");

    /// <summary>The balance below which an account raises an alarm.</summary>
    public static Setting RelayerLowBalance { get; } = new(
        "relayerLowBalance", "Below how many thousandths of an ether a balance of the relayer is an alarm (50).");

    /// <summary>The number of transactions that may wait for a block.</summary>
    public static Setting RelayerInFlight { get; } = new(
        "relayerInFlight", "How many transactions of one account may wait for a block (128).");

    /// <summary>The folder of the content.</summary>
    public static Setting Content { get; } = new(
        "content", "The folder of content by hash, made when it is missing; without it no content is served.");

    /// <summary>BLOB_BYTES.</summary>
    public static Setting ContentBlobMebibytes { get; } = new(
        "contentBlobMebibytes", "BLOB_BYTES: the MiB of one blob of content (16).");

    /// <summary>QUOTA_BYTES.</summary>
    public static Setting ContentQuotaMebibytes { get; } = new(
        "contentQuotaMebibytes", "QUOTA_BYTES: the MiB of all blobs of content (4096).");

    /// <summary>The age at which unneeded content is removed.</summary>
    public static Setting ContentKeepHours { get; } = new(
        "contentKeepHours", "After how many hours content that nothing pins and no row names is removed (720).");

    /// <summary>The peers that are asked for missing content.</summary>
    public static Setting ContentPeers { get; } = new(
        "contentPeers", "Where missing content is asked for, in this order: kubo=URL or gateway=URL (none).",
        IsList: true);

    /// <summary>Whether peers may have private addresses.</summary>
    public static Setting ContentPrivatePeers { get; } = new(
        "contentPrivatePeers", "yes: peers may be at addresses of private networks, as a Kubo of one's own (no).");

    /// <summary>Whether clients of IPFS are answered.</summary>
    public static Setting ContentIpfs { get; } = new(
        "contentIpfs", "yes: clients of IPFS may add, read and pin below /api/v0 (no).");

    /// <summary>The policy about new tasks.</summary>
    public static Setting PolicyTasks { get; } = new(
        "policyTasks", "The CID of the policy module that admits tasks.create (none).");

    /// <summary>The policy about bids.</summary>
    public static Setting PolicyBids { get; } = new(
        "policyBids", "The CID of the policy module that admits tasks.placeBid and tasks.revealBid (none).");

    /// <summary>The policy about purposes of data.</summary>
    public static Setting PolicyData { get; } = new(
        "policyData", "The CID of the policy module that admits dataLeases.request (none).");

    /// <summary>The text that is added to each policy's input.</summary>
    public static Setting PolicyTerms { get; } = new(
        "policyTerms", "A JSON file whose members (limits, terms) are added to each policy's input (none).");

    /// <summary>The settings of content alone.</summary>
    public static IReadOnlyList<Setting> OfContent { get; } =
    [
        Content, ContentBlobMebibytes, ContentQuotaMebibytes, ContentKeepHours, ContentPeers, ContentPrivatePeers,
        ContentIpfs,
    ];

    /// <summary>The hosted agents.</summary>
    public static Setting Hosted { get; } = new(
        "hosted", "The JSON file of agents and verifiers that the workers act for; without it they act for none.");

    /// <summary>The password of their keys.</summary>
    public static Setting HostedPassword { get; } = new(
        "hostedPassword", "The file that holds the password of the hosted agents' key files.");

    /// <summary>The number of jobs at once.</summary>
    public static Setting HostedParallel { get; } = new(
        "hostedParallel", "How many jobs of hosted agents are worked on at once (32).");

    /// <summary>The time limit of a service.</summary>
    public static Setting HostedWebSeconds { get; } = new(
        "hostedWebSeconds", "How many seconds a hosted agent's service on the web may take for its answer (60).");

    /// <summary>Whether services may have private addresses.</summary>
    public static Setting HostedPrivateHosts { get; } = new(
        "hostedPrivateHosts", "yes: hosted agents' services may be at addresses of private networks (no).");

    /// <summary>The settings of hosted agents alone.</summary>
    public static IReadOnlyList<Setting> OfHosted { get; } =
        [Hosted, HostedPassword, HostedParallel, HostedWebSeconds, HostedPrivateHosts];

    /// <summary>The keepers that run.</summary>
    public static Setting Keepers { get; } = new(
        "keepers", "The keepers that run, by name: docs/operations/keepers.md; or none (all).", IsList: true);

    /// <summary>The account that the keepers act for.</summary>
    public static Setting KeeperAccount { get; } = new(
        "keeperAccount",
        "The account of the relayer in whose name keepers act, and which their fees go to (the relayer's first).");

    /// <summary>The agents that post and sign checkpoints.</summary>
    public static Setting KeeperAgents { get; } = new(
        "keeperAgents",
        "The agents, as 7,12, for whom checkpoints are signed and, by the first, posted: their stake is the bond, and the keepers' account may act for them (none).",
        IsList: true);

    /// <summary>The interval of posted checkpoints.</summary>
    public static Setting KeeperEpochHours { get; } = new(
        "keeperEpochHours", "The least hours from one accepted checkpoint to the next candidate (24).");

    /// <summary>The settings of the keepers alone.</summary>
    public static IReadOnlyList<Setting> OfKeepers { get; } =
        [Keepers, KeeperAccount, KeeperAgents, KeeperEpochHours];

    /// <summary>The settings of the relayer alone.</summary>
    public static IReadOnlyList<Setting> OfRelayer { get; } =
        [RelayerKeys, RelayerPassword, RelayerFeeCapGwei, RelayerLowBalance, RelayerInFlight];

    /// <summary>The settings of the commands alone.</summary>
    public static IReadOnlyList<Setting> OfCommands { get; } =
        [CommandsAllow, CommandsTrust, PolicyTasks, PolicyBids, PolicyData, PolicyTerms];

    /// <summary>The settings of the API alone.</summary>
    public static IReadOnlyList<Setting> OfApi { get; } =
    [
        ApiOrigins, GraphiQL, Dashboard, TrustedDocuments, OnlyTrusted, ApiConnections, ApiTimeMs, ApiCost, ApiDepth,
        ApiListSize, ApiAliases, ApiRequestBytes, ApiSubscriptions, ApiSubscriptionsInAll, ApiQueue,
    ];

    /// <summary>Every setting that has a value in a file.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [Roles, Database, Rpc, WebSocket, Deployment, Finality, Bind, Port, BatchEvents, CachedThings, LogKey,
            LogPolicy, FromCheckpoint, CheckpointKey, Archive, RabbitMq,
            .. OfApi, .. OfCommands, .. OfRelayer, .. OfContent, .. OfHosted, .. OfKeepers];

    /// <summary>The flag.</summary>
    public string Flag => "--" + Humps().Replace(Name, "-$0").ToLowerInvariant();

    /// <summary>The environment variable.</summary>
    public string Variable => "ES_" + Humps().Replace(Name, "_$0").ToUpperInvariant();

    /// <summary>The values in a text.</summary>
    public IReadOnlyList<string> Split(string text) =>
        IsList ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text];

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Humps();
}
