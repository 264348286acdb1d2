// The settings: each complaint in its words, and which layer wins.
using EventSourced.Host.Settings;

namespace EventSourced.Host.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("settings-").FullName;

    private readonly Dictionary<string, string[]> _good = new()
    {
        ["roles"] = ["indexer"],
        ["database"] = ["Host=127.0.0.1;Username=es;Database=es"],
        ["rpc"] = ["http://127.0.0.1:8545"],
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("roles", "work", "roles: expected indexer, api, commands, workers or keepers, found work; where: flag --roles")]
    [InlineData("roles", "cook", "roles: expected indexer, api, commands, workers or keepers, found cook; where: flag --roles")]
    [InlineData("database", "hunter2",
        "database: expected postgresql://user@host/database, or Host=...;Username=...;Database=... as PostgreSQL's driver takes it, found a text that is neither; where: flag --database")]
    [InlineData("database", "postgresql://es:hunter2@here/es?sslmode=hunter2",
        "database: expected postgresql://user@host/database, or Host=...;Username=...;Database=... as PostgreSQL's driver takes it, found a text that is neither; where: flag --database")]
    [InlineData("database", "postgresql://es:hunter2@here/es?connect=hunter2",
        "database: expected postgresql://user@host/database, or Host=...;Username=...;Database=... as PostgreSQL's driver takes it, found a text that is neither; where: flag --database")]
    [InlineData("database", "Username=es;Password=hunter2",
        "database: expected a connection string with a Host, found none in it; where: flag --database")]
    [InlineData("rpc", "ftp://me:hunter2@node/hunter2",
        "rpc: expected an address that begins with http:// or https://, found ftp://node; where: flag --rpc")]
    [InlineData("rpc", "hunter2",
        "rpc: expected an address that begins with http:// or https://, found a text of 7 characters that is no address; where: flag --rpc")]
    [InlineData("websocket", "http://node/hunter2",
        "websocket: expected an address that begins with ws:// or wss://, found http://node; where: flag --websocket")]
    [InlineData("deployment", "nowhere.json",
        "deployment: expected a file that can be read, found no file nowhere.json; where: flag --deployment")]
    [InlineData(
        "finality", "1025", "finality: expected a number from 0 to 1024 or tag, found '1025'; where: flag --finality")]
    [InlineData(
        "bind", "localhost", "bind: expected an IP address, as 127.0.0.1, found 'localhost'; where: flag --bind")]
    [InlineData("port", "65536", "port: expected a number from 0 to 65535, found '65536'; where: flag --port")]
    [InlineData("port", "-1", "port: expected a number from 0 to 65535, found '-1'; where: flag --port")]
    [InlineData(
        "batchEvents", "0", "batchEvents: expected a number from 1 to 1000000, found '0'; where: flag --batch-events")]
    [InlineData("cachedThings", "many",
        "cachedThings: expected a number from 1000 to 50000000, found 'many'; where: flag --cached-things")]
    public void A_wrong_value_is_refused_with_what_was_expected_what_was_found_and_where(
        string name, string value, string complaint)
    {
        _good[name] = [value];
        var layers = Read();
        Assert.Null(HostSettings.ForServing(layers));
        Assert.Contains(complaint, layers.Complaints);
        Assert.DoesNotContain(layers.Complaints, said => said.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("roles",
        "roles: expected indexer, api, commands, workers or keepers, found nothing; where: flag --roles, environment variable ES_ROLES, or field roles of a file")]
    [InlineData("database",
        "database: expected a connection string of PostgreSQL, found nothing; where: flag --database, environment variable ES_DATABASE, or field database of a file")]
    [InlineData("rpc",
        "rpc: expected at least one http(s) address of a node, found nothing; where: flag --rpc, environment variable ES_RPC, or field rpc of a file")]
    [InlineData("deployment",
        "deployment: expected the path of a deployment.json, found nothing; where: flag --deployment, environment variable ES_DEPLOYMENT, or field deployment of a file")]
    public void A_missing_value_is_refused_with_every_place_where_it_may_stand(string name, string complaint)
    {
        _good.Remove(name);
        var layers = Read();
        Assert.Null(HostSettings.ForServing(layers));
        Assert.Contains(complaint, layers.Complaints);
    }

    [Theory]
    [InlineData("apiDepth", "0", "apiDepth: expected a number from 1 to 60, found '0'; where: flag --api-depth")]
    [InlineData("apiOrigins", "example.org",
        "apiOrigins: expected an origin, as https://example.org, or *, found 'example.org'; where: flag --api-origins")]
    [InlineData("apiOrigins", "https://example.org/page",
        "apiOrigins: expected an origin, as https://example.org, or *, found 'https://example.org/page'; where: flag --api-origins")]
    [InlineData("trustedDocuments", "nowhere",
        "trustedDocuments: expected a folder, found no folder nowhere; where: flag --trusted-documents")]
    [InlineData("onlyTrusted", "maybe", "onlyTrusted: expected yes or no, found 'maybe'; where: flag --only-trusted")]
    public void A_wrong_setting_of_the_api_is_refused_in_the_same_words(string name, string value, string complaint)
    {
        _good["roles"] = ["api"];
        _good[name] = [value];
        var layers = Read();
        Assert.Null(HostSettings.ForServing(layers));
        Assert.Equal([complaint], layers.Complaints);
    }

    [Fact]
    public void The_api_alone_needs_a_database_and_nothing_else()
    {
        var layers =
            new Layers(new Dictionary<string, string[]>
            {
                ["roles"] = ["api"],
                ["database"] = _good["database"],
                ["apiTimeMs"] = ["250"],
            }, _ => null);
        var settings = HostSettings.ForServing(layers)!;
        Assert.False(settings.IsIndexer);
        Assert.Equal(TimeSpan.FromMilliseconds(250), settings.Api!.Limits.Timeout);
    }

    [Fact]
    public void All_complaints_come_at_once()
    {
        var layers = new Layers(new Dictionary<string, string[]> { ["port"] = ["x"], ["bind"] = ["y"] }, _ => null);
        Assert.Null(HostSettings.ForServing(layers));
        Assert.Equal(6, layers.Complaints.Count);
    }

    [Fact]
    public void A_deployment_of_another_catalog_is_refused()
    {
        var file = Write("deployment.json", """{ "catalogHash": "0x00", "contracts": {} }""");
        _good["deployment"] = [file];
        var layers = Read();
        Assert.Null(HostSettings.ForServing(layers));
        Assert.StartsWith(
            $"deployment: expected a deployment of this program's catalog, found in {file}: ",
            layers.Complaints.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_beat_the_environment_which_beats_the_file()
    {
        var file = Write("config.json",
            """{ "port": 1, "bind": "::1", "rpc": ["http://file:1", "http://file:2"], /* why */ "finality": "tag", }""");
        _good.Remove("rpc");
        _good["config"] = [file];
        _good["port"] = ["3"];
        var layers = Read(("ES_PORT", "2"), ("ES_BIND", "127.0.0.2"));
        Assert.Equal(("3", "flag --port"), (layers.Find(Setting.Port)!.Text, layers.Find(Setting.Port)!.Where));
        Assert.Equal(("127.0.0.2", "environment variable ES_BIND"),
            (layers.Find(Setting.Bind)!.Text, layers.Find(Setting.Bind)!.Where));
        Assert.Equal(["http://file:1", "http://file:2"], layers.Find(Setting.Rpc)!.Values);
        Assert.Equal($"file {file}, field rpc", layers.Find(Setting.Rpc)!.Where);
        Assert.Null(layers.Find(Setting.BatchEvents));
    }

    [Fact]
    public void The_file_may_be_named_by_the_environment()
    {
        var file = Write("config.json", """{ "batchEvents": 7 }""");
        Assert.Equal("7", Read(("ES_CONFIG", file)).Find(Setting.BatchEvents)!.Text);
    }

    [Theory]
    [InlineData("""{ "prot": 1 }""",
        "prot: expected one of roles, database, rpc, websocket, deployment, finality, bind, port, batchEvents, cachedThings, logKey, logPolicy, apiOrigins, graphiql, dashboard, trustedDocuments, onlyTrusted, apiConnections, apiTimeMs, apiCost, apiDepth, apiListSize, apiAliases, apiRequestBytes, apiSubscriptions, apiSubscriptionsInAll, apiQueue, commandsAllow, commandsTrust, relayerKeys, relayerPassword, relayerFeeCapGwei, relayerLowBalance, relayerInFlight, content, contentBlobMebibytes, contentQuotaMebibytes, contentKeepHours, contentPeers, contentPrivatePeers, contentIpfs, hosted, hostedPassword, hostedParallel, hostedWebSeconds, hostedPrivateHosts, keepers, keeperAccount, keeperAgents, keeperEpochHours, found prot; where: file FILE, field prot")]
    [InlineData("""{ "port": true }""",
        "port: expected a text or a number, found a JSON boolean; where: file FILE, field port")]
    [InlineData("""{ "rpc": [[]] }""",
        "rpc: expected a text or a list of texts, found a JSON list; where: file FILE, field rpc")]
    [InlineData("[]", "config: expected a JSON object, found a JSON list; where: file FILE, named by --config")]
    [InlineData("\n{", "config: expected JSON, found none at line 2; where: file FILE, named by --config")]
    public void A_wrong_file_is_refused_with_the_field_or_the_line(string text, string complaint)
    {
        var file = Write("config.json", text);
        _good["config"] = [file];
        Assert.Equal([complaint.Replace("FILE", file, StringComparison.Ordinal)], Read().Complaints);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        var file = Path.Combine(_folder, "none.json");
        _good["config"] = [file];
        Assert.Equal([$"config: expected a file that can be read, found no file; where: file {file}, named by --config"], Read().Complaints);
    }

    [Fact]
    public void The_database_is_described_without_its_password()
    {
        _good["database"] = ["Host=db;Port=5433;Username=es;Database=books;Password=hunter2"];
        var settings = HostSettings.ForReplay(Read(), fromChain: false)!;
        Assert.Equal("es@db:5433/books", settings.DatabaseName);
        Assert.Contains("hunter2", settings.Database, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tag", true, 64UL)]
    [InlineData("7", false, 7UL)]
    [InlineData(null, false, 64UL)]
    public void Finality_is_a_depth_or_the_nodes_own_tag(string? given, bool byTag, ulong depth)
    {
        if (given is not null) _good["finality"] = [given];
        var ingestion = HostSettings.ForReplay(Read(), fromChain: false)!.Ingestion;
        Assert.Equal((byTag, depth), (ingestion.FinalityByTag, ingestion.FinalityDepth));
    }

    [Theory]
    [InlineData("keepers", "finalise", "keepers: expected all, none, or names of match, reopen, ")]
    [InlineData("keeperAccount", "0x12", "keeperAccount: expected an address: 0x and 40 digits, found '0x12'")]
    [InlineData("keeperAgents", "7,0", "keeperAgents: expected numbers of agents, found '0'")]
    [InlineData("keeperEpochHours", "-1", "keeperEpochHours: expected a number from 0 to 8760, found '-1'")]
    [InlineData("port", "1", "keeperAccount: expected the account of a relayer that runs elsewhere, found nothing")]
    public void Keepers_alone_say_what_they_lack(string name, string value, string complaint)
    {
        _good["roles"] = ["keepers"];
        _good[name] = value.Split(',');
        var layers = Read();
        Assert.Null(HostSettings.ForServing(layers));
        Assert.Contains(layers.Complaints, said => said.StartsWith(complaint, StringComparison.Ordinal));
    }

    private Layers Read(params (string Name, string Value)[] environment) => new(
        _good, name => environment.FirstOrDefault(variable => variable.Name == name).Value);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
