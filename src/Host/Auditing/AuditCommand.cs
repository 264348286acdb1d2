// es audit: checks a log, a chain, or both, and trusts neither. Enters: a node, a log's address or folder, keys.
// Leaves: one page on standard output, or one JSON object, and an exit code: 0 everything that was checked holds, 1
// something does not, 2 the question cannot be asked, 3 the answer could not be found.
using System.CommandLine;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Indexer.Audit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Segments;
using EventSourced.Transparency;

namespace EventSourced.Host.Auditing;

/// <summary>The command `audit`.</summary>
public static class AuditCommand
{
    /// <summary>Everything that was checked holds.</summary>
    public const int Holds = 0;

    /// <summary>Something that was checked does not hold.</summary>
    public const int Different = 1;

    /// <summary>The answer could not be found: a fault of the node or of the log's server.</summary>
    public const int Fault = 3;

    private sealed record Options
    {
        public Option<string?> Log { get; } =
            new("--log")
            {
                Description =
                "The log: its address, as https://example.org/log, or a folder that was downloaded."
            };

        public Option<string?> Archive { get; } = new("--archive")
        { Description = "An archive: its address or its folder. Every segment of it is read and verified." };

        public Option<string?> Keep { get; } =
            new("--keep")
            {
                Description =
                "A folder in which tiles and the chain's logs are kept: an audit that was ended goes on from there, and the log can be audited without its server."
            };

        public Option<string[]> Keys { get; } =
            new("--key")
            {
                Description =
                "A verifier key of the log; repeatable. Without keys and policy the log's own word is taken for its signature.",
                Arity = ArgumentArity.OneOrMore
            };

        public Option<string?> Policy { get; } = new(
            "--policy")
        { Description = "A policy (C2SP tlog-policy): the log's keys, witnesses and their quorum." };

        public Option<string?> Since { get; } = new(
            "--since")
        { Description = "A checkpoint that was kept from earlier; the log must extend it." };

        public Option<string?> Directory { get; } =
            new("--directory")
            {
                Description =
                "The address of the economy's Directory contract, instead of a deployment file."
            };

        public Option<ulong> FromBlock { get; } = new(
            "--from-block")
        { Description = "With --directory: the block of the first contract (0)." };

        public Option<ulong?> ToBlock { get; } = new(
            "--to-block")
        { Description = "Without a log: the last block; else the newest final one." };

        public Option<bool> Receipts { get; } =
            new("--receipts")
            {
                Description =
                "Hash the receipts of every block into its header: no log can be left out or invented."
            };

        public Option<int> Proofs { get; } =
            new("--proofs")
            {
                Description =
                "Prove so many rows of each kind by the contracts' storage (eth_getProof) at the last block; 0: none."
            };

        public Option<string> Anchors { get; } =
            new("--anchors")
            {
                Description =
                "check: a root that was accepted on the chain and is not the chain's is a difference. tell: it is only told of.",
                DefaultValueFactory = _ => "check"
            };

        public Option<long?> Explain { get; } = new(
            "--explain")
        { Description = "Explain leaf N: its log, decode, derivation and proof." };

        public Option<bool> First { get; } = new(
            "--first-difference")
        { Description = "End at the first difference, and print it alone." };

        public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object." };
    }

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new Options();
        options.Anchors.AcceptOnlyFromAmong("check", "tell");
        var command = new Command("audit",
            "Makes every event, tile and root again from the chain, and says whether a log is that; trusts neither.")
        {
            options.Log, options.Archive, options.Keep, options.Keys, options.Policy, options.Since, options.Directory,
                options.FromBlock, options.ToBlock,
            options.Receipts, options.Proofs, options.Anchors, options.Explain, options.First, options.Json,
        };
        var settings = new SettingOptions(command, [Setting.Rpc, Setting.Deployment, Setting.Finality]);
        command.SetAction((parsed, cancellation) => RunAsync(options, parsed, settings.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Options options, ParseResult parsed, Layers layers, CancellationToken cancellation)
    {
        var hasNode = layers.Find(Setting.Rpc) is not null
            || (parsed.GetValue(options.Log) ?? parsed.GetValue(options.Archive)) is null;
        var settings = HostSettings.ForAudit(layers, hasNode, parsed.GetValue(options.Directory) is not null);
        if (settings is null) return await ServeCommand.RefuseAsync("audit", layers.Complaints).ConfigureAwait(false);
        try
        {
            using var rpc = hasNode ? new HttpRpc(settings.Rpc, settings.RpcOptions) : null;
            using var log = parsed.GetValue(options.Log) is { } place
                ? LogCopy.Of(place, parsed.GetValue(options.Keep)) : null;
            using var archive = parsed.GetValue(options.Archive) is { } archived ? FilePlace.Of(archived) : null;
            var node = rpc is null ? null : new EthereumClient(rpc);
            var question = await QuestionAsync(
                options, parsed, settings, node, log, cancellation).ConfigureAwait(false);
            var report = await AuditPage.RunAsync(question with { Archive = archive }, cancellation)
                .ConfigureAwait(false);
            if (parsed.GetValue(options.Json)) Console.WriteLine(AuditPage.Json(report));
            else if (parsed.GetValue(options.First) && report.Difference is { } first) Console
                .WriteLine($"different: {first}");
            else foreach (var line in AuditPage.Lines(report)) Console.WriteLine(line);
            return report.Holds ? Holds : Different;
        }
        catch (Exception wrong) when (
            wrong is FormatException or UnauthorizedAccessException or FileNotFoundException
                or DirectoryNotFoundException)
        {
            return await ServeCommand.RefuseAsync("audit", [wrong.Message]).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is RpcException or HttpRequestException or IOException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"es audit: {fault.Message}").ConfigureAwait(false);
            return Fault;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(
                "es audit: stopped before the end; nothing was found out").ConfigureAwait(false);
            return Fault;
        }
    }

    private static async Task<AuditQuestion> QuestionAsync(
        Options options, ParseResult parsed, HostSettings settings, EthereumClient? node, LogCopy? log,
        CancellationToken cancellation)
    {
        var deployment = settings.Deployment;
        if (node is not null && parsed.GetValue(options.Directory) is { } directory)
            deployment = Deployment.Of(
                await node.GetChainIdAsync(cancellation).ConfigureAwait(false),
                parsed.GetValue(options.FromBlock), Address.Parse(directory, null));
        return new AuditQuestion
        {
            Log = log,
            Node = node,
            Deployment = deployment,
            Ingestion = settings.Ingestion,
            Policy = await PolicyAsync(parsed.GetValue(options.Keys), parsed.GetValue(options.Policy), cancellation)
                .ConfigureAwait(false),
            Since = parsed.GetValue(options.Since) is { } kept
                ? SignedCheckpoint.Parse(await File.ReadAllBytesAsync(kept, cancellation).ConfigureAwait(false))
                : null,
            Receipts = parsed.GetValue(options.Receipts),
            Proofs = parsed.GetValue(options.Proofs),
            Keep = parsed.GetValue(options.Keep),
            TellsOfAnchorsOnly = parsed.GetValue(options.Anchors) == "tell",
            StopsAtFirst = parsed.GetValue(options.First),
            Explain = parsed.GetValue(options.Explain),
            ToBlock = parsed.GetValue(options.ToBlock),
        };
    }

    private static async Task<TrustPolicy?> PolicyAsync(string[]? keys, string? policy, CancellationToken cancellation)
    {
        if (policy is not null) return TrustPolicy.Parse(
            await File.ReadAllBytesAsync(policy, cancellation).ConfigureAwait(false));
        return keys is { Length: > 0 }
            ? TrustPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(
                string.Concat(keys.Select(key => $"log {VerifierKey.Parse(key)}\n")) + "quorum none\n"))
            : null;
    }
}
