// The door for agents that speak MCP, without sessions. Enters: calls of tools, reads of resources. Leaves: the answers
// that HTTP gives, as text and as structured content. Always holds: the tools are those of the table of commands, in
// one order; a tool prepares or takes what was signed elsewhere, and no key passes the server; limits count a caller
// here as they do by HTTP.
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Http;
using EventSourced.Api.Commands.Path;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace EventSourced.Api.Commands.Mcp;

/// <summary>Answers a query of GraphQL with the JSON of its answer.</summary>
public delegate Task<string> GraphQuery(string query, JsonElement? variables, CancellationToken cancellation);

/// <summary>The tools and resources.</summary>
internal sealed class McpDoor(CommandRoutes routes, NextActions actions, Things things, GraphQuery? query)
{
    /// <summary>The path.</summary>
    public const string Path = "/mcp";

    private const string Prefix = "prepare_";

    // What a client may keep: the table is compiled into the program.
    private static readonly TimeSpan TableKept = TimeSpan.FromHours(1);

    private static readonly (string Scheme, string Kind, string Words)[] Kinds =
        [("task", "task", "A task by its number."), ("agent", "agent", "An agent by its number.")];

    private readonly List<Tool> _tools = [.. Own(query is not null), .. CommandTable.All.Select(Prepare)];

    /// <summary>Adds the door to a host.</summary>
    public static void Add(IServiceCollection services, Func<McpDoor> door)
    {
        services.AddHttpContextAccessor();
        services.AddMcpServer(options =>
        {
            options.ServerInfo = new Implementation
            {
                Name = "eventsourced",
                Title = "EventSourced: an on-chain agent economy",
                Version = "1.0.0",
            };
            options.ServerInstructions =
                "Ask next_actions what an address may do, call prepare_* for the typed data to sign, sign relay.typedData with your own key, and hand relay and "
                + "signature to submit. No key ever passes this server.";
        })
        .WithHttpTransport(options => options.SessionMode = HttpServerSessionMode.Stateless)
        .WithListToolsHandler(
            (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = door()._tools, TimeToLive = TableKept }))
        .WithCallToolHandler(
            (request, cancellation) => door().CallAsync(request.Services!, request.Params!, cancellation))
        .WithListResourcesHandler((_, _) => ValueTask.FromResult(new ListResourcesResult { Resources = [Commands] }))
        .WithListResourceTemplatesHandler(
            (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = Templates }))
        .WithReadResourceHandler((request, cancellation) => door().ReadAsync(request.Params!.Uri, cancellation));
    }

    private static Resource Commands { get; } = new()
    {
        Uri = "commands://all",
        Name = "commands",
        Title = "Every command",
        Description = "Every command with its sender, its effect and the schema of its arguments.",
        MimeType = "application/json",
    };

    private static List<ResourceTemplate> Templates { get; } =
    [
        .. Kinds.Select(kind => new ResourceTemplate
        {
            UriTemplate = $"{kind.Scheme}://{{number}}",
            Name = kind.Scheme,
            Description = kind.Words,
            MimeType = "application/json",
        }),
    ];

    private static Tool Prepare(CommandEntry entry) => new()
    {
        Name = Prefix + entry.Name.Replace('.', '_'),
        Description =
            $"Prepares {entry.Name}: {entry.Effect} For {entry.Sender.Words}. Answers what is to be signed; changes nothing.",
        InputSchema = Schema(("as", Described.Address()), ("arguments", Described.Schema(entry.Function.Inputs))),
        Annotations = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false },
    };

    private static IEnumerable<Tool> Own(bool hasQuery)
    {
        var reads = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false };
        if (hasQuery)
        {
            yield return Make(
                "query", "Asks GraphQL about tasks, agents, bids, disputes and everything else, now or at a block.",
                reads, Schema(["query"], ("query", Text()), ("variables", Object())));
        }

        yield return Make(
            "at_block", "A thing as it was at a block, by its id, as task-7 or agent-3; without a block as it is now.",
            reads, Schema(["id"], ("id", Text()), ("block", Block())));
        yield return Make(
            "next_actions",
            "Which commands an address may give about a thing, and why not the others; without an id, which make something new.", reads,
            Schema(["as"], ("as", Described.Address()), ("id", Text()), ("block", Block())));
        yield return Make(
            "submit",
            "Takes a command that its sender has signed: command, the relay object that prepare_* answered, and the signature of its typedData; or raw, "
            + "a signed transaction.",
            new ToolAnnotations { IdempotentHint = true, DestructiveHint = false },
            Schema([], ("command", Text()), ("relay", Object()), ("signature", Text()), ("raw", Text()),
                ("idempotencyKey", Text())));
        yield return Make("command_status", "How a command is that was taken, by the id that submit answered.", reads,
            Schema(("id", Text())));
    }

    private static Tool Make(string name, string description, ToolAnnotations annotations, JsonElement schema) =>
        new() { Name = name, Description = description, InputSchema = schema, Annotations = annotations };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Object() => new() { ["type"] = "object" };

    private static JsonObject Block() => new() { ["type"] = "integer", ["minimum"] = 0 };

    private async ValueTask<CallToolResult> CallAsync(
        IServiceProvider services, CallToolRequestParams call, CancellationToken cancellation)
    {
        var context = services.GetRequiredService<IHttpContextAccessor>().HttpContext!;
        var arguments = Json(call.Arguments);
        var reply = call.Name switch
        {
            "query" when query is not null =>
                await QueryAsync(context, query, arguments, cancellation).ConfigureAwait(false),
            "at_block" =>
                await routes.AskAsync(context, _ => AtBlockAsync(arguments, cancellation)).ConfigureAwait(false),
            "next_actions" =>
                await routes.AskAsync(context, _ => NextAsync(arguments, cancellation)).ConfigureAwait(false),
            "submit" =>
                await routes.AskAsync(
                    context, caller => SubmitAsync(arguments, caller, cancellation)).ConfigureAwait(false),
            "command_status" =>
                await routes.AskAsync(
                    context, _ => routes.StatusAsync((string?)arguments["id"], cancellation)).ConfigureAwait(false),
            _ when CommandOf(call.Name) is { } entry =>
                await routes.AskAsync(
                    context, caller => PrepareAsync(entry, arguments, caller, cancellation)).ConfigureAwait(false),
            _ => throw new McpProtocolException(
                $"expected a tool of tools/list, found {Problem.Shown(call.Name)}", McpErrorCode.InvalidParams),
        };
        using var structured = JsonDocument.Parse(reply.Body.ToJsonString());
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = reply.Body.ToJsonString() }],
            StructuredContent = structured.RootElement.Clone(),
            IsError = reply.IsProblem,
        };
    }

    private async Task<Reply> PrepareAsync(
        CommandEntry entry, JsonObject arguments, Caller caller, CancellationToken cancellation)
    {
        arguments["mode"] = "prepare";
        return await OneAsync(entry.Name, arguments, caller, cancellation).ConfigureAwait(false);
    }

    private async Task<Reply> SubmitAsync(JsonObject arguments, Caller caller, CancellationToken cancellation)
    {
        var mine = caller with { Key = Text(arguments["idempotencyKey"]) };
        if (mine.Key is { } key && CommandRoutes.WrongKey(key) is { } wrong) return wrong;
        if (arguments["raw"] is { } raw) return await routes.SendAsync(
            Bytes(new JsonObject { ["raw"] = raw.DeepClone() }), mine, cancellation).ConfigureAwait(false);
        if (arguments["relay"] is not JsonObject relay) return Problem.Malformed(
            "relay", "the relay object that prepare_* answered, or raw", "nothing");
        var body = new JsonObject
        {
            ["mode"] = "relay",
            ["chainId"] = relay["chainId"]?.DeepClone(),
            ["forwarder"] = relay["forwarder"]?.DeepClone(),
            ["request"] = relay["request"]?.DeepClone(),
            ["signature"] = arguments["signature"]?.DeepClone(),
        };
        return await OneAsync(Text(arguments["command"]) ?? "", body, mine, cancellation).ConfigureAwait(false);
    }

    private async Task<Reply> OneAsync(string name, JsonObject body, Caller caller, CancellationToken cancellation)
    {
        var (document, problem) = StrictBody.Parse(Bytes(body));
        using (document)
            return problem is not null
                ? problem
                : await routes.OneAsync(name, document!.RootElement, caller, cancellation).ConfigureAwait(false);
    }

    private async Task<Reply> AtBlockAsync(JsonObject arguments, CancellationToken cancellation)
    {
        var id = Text(arguments["id"]) ?? "";
        return await things.FindAsync(id, Number(arguments["block"]), cancellation).ConfigureAwait(false) is { } json
            ? new Reply(200, new JsonObject { ["id"] = id, ["state"] = JsonNode.Parse(json) })
            : new Problem(404, "NoSuchThing", "the id of a thing that was there, as task-7", Problem.Shown(id));
    }

    private async Task<Reply> NextAsync(JsonObject arguments, CancellationToken cancellation)
    {
        var actor = Text(arguments["as"]) ?? "";
        if (!Ethereum.Address.TryParse(actor, null, out var address)) return Problem.Malformed(
            "as", "an address: 0x and 40 digits", Problem.Shown(actor));
        return await actions.AnswerAsync(
            Text(arguments["id"]) ?? "", address, Number(arguments["block"]), cancellation).ConfigureAwait(false);
    }

    private Task<Reply> QueryAsync(
        HttpContext context, GraphQuery ask, JsonObject arguments, CancellationToken cancellation) => routes.AskAsync(
        context,
        async _ =>
        {
            using var variables = arguments["variables"] is JsonObject given
                ? JsonDocument.Parse(given.ToJsonString()) : null;
            var answer = await ask(
                Text(arguments["query"]) ?? "", variables?.RootElement, cancellation).ConfigureAwait(false);
            return new Reply(200, JsonNode.Parse(answer)!.AsObject());
        });

    private async ValueTask<ReadResourceResult> ReadAsync(string uri, CancellationToken cancellation)
    {
        var text = uri == Commands.Uri ? Described.Table().ToJsonString() : null;
        foreach (var (scheme, kind, _) in Kinds)
            if (uri.StartsWith($"{scheme}://", StringComparison.Ordinal))
                text = await things.FindAsync(
                    $"{kind}-{uri[(scheme.Length + 3)..]}", null, cancellation).ConfigureAwait(false);
        return text is null
            ? throw new McpProtocolException(
                $"expected a resource that is there, found {Problem.Shown(uri)}", McpErrorCode.ResourceNotFound)
            : new ReadResourceResult
            {
                Contents =
                [new TextResourceContents { Uri = uri, MimeType = "application/json", Text = text }]
            };
    }

    private static CommandEntry? CommandOf(string tool)
    {
        if (!tool.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var name = tool[Prefix.Length..];
        var cut = name.IndexOf('_', StringComparison.Ordinal);
        return cut < 0 ? null : CommandTable.Find($"{name[..cut]}.{name[(cut + 1)..]}");
    }

    private static JsonObject Json(IDictionary<string, JsonElement>? arguments) =>
        new((arguments ?? new Dictionary<string, JsonElement>()).Select(
            pair => KeyValuePair.Create(pair.Key, JsonNode.Parse(pair.Value.GetRawText()))));

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string?)node : null;

    private static ulong? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out ulong number) ? number : null;

    private static byte[] Bytes(JsonObject json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonElement Schema(params (string Name, JsonNode Schema)[] members) =>
        Schema([.. members.Select(member => member.Name)], members);

    private static JsonElement Schema(string[] required, params (string Name, JsonNode Schema)[] members)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Schema))),
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["additionalProperties"] = false,
        };
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }
}
