// The OpenAPI document of the commands: one path a command, each with the schema of its own arguments. Enters: the
// table of commands. Leaves: the paths and schemas of version 1. Always holds: what is in the document is what the code
// reads; the document is checked in and frozen.
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EventSourced.Api.Commands.Http;

/// <summary>Writes the document.</summary>
public static class CommandDocument
{
    /// <summary>Its name.</summary>
    public const string Name = "v1";

    /// <summary>Where it is served.</summary>
    public const string Route = "/v1/openapi.json";

    /// <summary>Where it is checked in.</summary>
    public const string File = "docs/commands/openapi.json";

    private const string Json = "application/json";
    private const string Problems = "application/problem+json";
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Has the document written by Microsoft's package.</summary>
    public static void Configure(OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // The paths come from the table: the routes of this and other roles are not asked.
        options.ShouldInclude = _ => false;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Fill(document);
            return Task.CompletedTask;
        });
    }

    /// <summary>The document as it is checked in.</summary>
    public static async Task<string> TextAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi(Name, Configure);
        var web = builder.Build();
        await using (web.ConfigureAwait(false))
        {
            var provider = web.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
            var document = await provider.GetOpenApiDocumentAsync().ConfigureAwait(false);
            var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1).ConfigureAwait(false);
            return JsonNode.Parse(text)!.ToJsonString(Written) + "\n";
        }
    }

    private static void Fill(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "EventSourced commands",
            Version = "1",
            Description = "Commands of agents, clients, verifiers, guardians and the council. No key passes the server: prepare answers what is to be "
                + "signed, relay and transactions take what was signed.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>();
        document.Paths = [];
        document.Components = new OpenApiComponents();
        document.AddComponent("Address", Text("^0x[0-9a-fA-F]{40}$"));
        document.AddComponent("Relay", Relay());
        document.AddComponent("Key", new OpenApiParameter
        {
            Name = "Idempotency-Key",
            In = ParameterLocation.Header,
            Description = "The sender's own name for this request: the same key and body get the same answer.",
            Schema = Text("^[!-~]{1,128}$"),
        });
        document.AddComponent("Answer", Response("The answer.", Json));
        document.AddComponent("Taken", Response("Taken; Location says where its status is.", Json));
        document.AddComponent("Conflict", Response("Another body under the same key.", Problems));
        document.AddComponent("Refused", Response("State or chain would refuse it.", Problems));
        document.AddComponent("Problem", Response("A problem: code, expected, found.", Problems));
        foreach (var entry in CommandTable.All) document.Paths[$"/v1/commands/{entry.Name}"] = Path(
            HttpMethod.Post, OfCommand(entry, document));
        document.Paths["/v1/commands"] = Path(HttpMethod.Get,
            Plain(document, "listCommands", "Every command with its sender, its effect and its arguments."));
        document.Paths["/v1/commands:batch"] = Path(HttpMethod.Post, Posting(
            document, "batch", "Up to 32 commands, in their order; each gets an answer of its own.",
            Members(("commands", List(new OpenApiSchema { Type = JsonSchemaType.Object })))));
        document.Paths["/v1/transactions"] = Path(HttpMethod.Post, Accepting(Posting(
            document, "sendTransaction",
            "Takes a signed transaction of EIP-1559 whose call is a command; the sender pays.",
                    Members(("raw", Text("^0x([0-9a-fA-F]{2})*$")))), document));
        document.Paths["/v1/commands/{id}"] = Path(
            HttpMethod.Get, Plain(document, "getCommand", "How a command is.", ("id", ParameterLocation.Path, true)));
        document.Paths["/v1/commands/{id}/events"] = Path(HttpMethod.Get, Plain(
            document, "watchCommand",
            "The way of a command as server-sent events, until nothing can happen to it any more.",
                    ("id", ParameterLocation.Path, true)));
        document.Paths["/v1/accounts/{address}/commands"] = Path(HttpMethod.Get, Plain(
            document, "listCommandsOf", "The commands of an address, the newest first.",
            ("address", ParameterLocation.Path, true), ("before", ParameterLocation.Query, false)));
        AddWebhooks(document);
        AddContent(document);
        document.Paths["/v1/next-actions"] = Path(HttpMethod.Get, Plain(
            document, "nextActions",
            "Which commands an address may give about a thing at a block, and why not the others.",
            ("id", ParameterLocation.Query, false), ("as", ParameterLocation.Query, true),
            ("block", ParameterLocation.Query, false)));
    }

    private static void AddWebhooks(OpenApiDocument document)
    {
        var signed = new (string, IOpenApiSchema)[]
        {
            ("asker", new OpenApiSchemaReference("Address", document)), ("deadline", Number()),
            ("signature", Text("^0x[0-9a-fA-F]{130}$")),
        };
        var add = Posting(
            document, "addWebhook",
            "Adds an address of the web that is told of each change of the asker's commands; answers its secret, once.",
            Members([.. signed, ("address", Text("^https://[!-~]+$"))]));
        add.Responses!["201"] = new OpenApiResponseReference("Answer", document);
        add.Responses["409"] = new OpenApiResponseReference("Known", document);
        add.Responses.Remove("200");
        document.AddComponent("Known", Response("The asker has this address already.", Problems));
        document.Paths["/v1/webhooks"] = Path(HttpMethod.Post, add);
        document.Paths["/v1/webhooks:list"] = Path(HttpMethod.Post, Posting(
            document, "listWebhooks", "The asker's addresses, without their secrets.", Members(signed)));
        document.Paths["/v1/webhooks:remove"] = Path(HttpMethod.Post, Posting(
            document, "removeWebhook", "Removes an address of the asker: it is told nothing more.",
            Members([.. signed, ("id", Text("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))])));
    }

    // Served by the role api where the operator keeps content; the routes are those of src/Api/Content.
    private static void AddContent(OpenApiDocument document)
    {
        const string bytes = "application/octet-stream";
        document.AddComponent("Stored", Response("Stored, under the CID that Location ends with.", Json));
        document.AddComponent("Bytes", new OpenApiResponse
        {
            Description = "The bytes whose SHA-256 the CID is.",
            Content = Content(bytes, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }),
        });
        var put = Plain(document, "putContent", "Stores bytes under their CID: version 1, raw, sha2-256.");
        var putNamed = Plain(
            document, "putContentAs", "Stores bytes if they have this CID.", ("cid", ParameterLocation.Path, true));
        foreach (var operation in new[] { put, putNamed })
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = Content(bytes, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }),
            };
            foreach (var status in new[] { "200", "201" })
                operation.Responses![status] = new OpenApiResponseReference("Stored", document);
        }

        var get = Plain(
            document, "getContent", "Bytes by their CID, whole or one range of them; their hash was checked.",
            ("cid", ParameterLocation.Path, true), ("Range", ParameterLocation.Header, false));
        foreach (var status in new[] { "200", "206" })
            get.Responses![status] = new OpenApiResponseReference("Bytes", document);
        document.Paths["/v1/content"] = Path(HttpMethod.Put, put);
        document.Paths["/v1/content/{cid}"] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Put] = putNamed,
                [HttpMethod.Get] = get,
            },
        };
    }

    private static OpenApiOperation OfCommand(CommandEntry entry, OpenApiDocument document)
    {
        var prepare = Members(("mode", Constant("prepare")), ("as", new OpenApiSchemaReference("Address", document)),
            ("arguments", Schema(Described.Schema(entry.Function.Inputs))));
        var body = entry.Contract.TakesForwarded
            ? new OpenApiSchema { OneOf = [prepare, new OpenApiSchemaReference("Relay", document)] } : prepare;
        var operation =
            Accepting(Posting(document, entry.Name,
                $"{entry.Effect} For {entry.Sender.Words}: {entry.Contract.Name}.{entry.Function.Canonical}.", body),
                    document);
        operation.Parameters = [new OpenApiParameterReference("Key", document)];
        return operation;
    }

    private static OpenApiSchema Relay() => Members(
        ("mode", Constant("relay")), ("chainId", Number()), ("forwarder", Text("^0x[0-9a-fA-F]{40}$")),
        ("request", Members(
            ("from", Text("^0x[0-9a-fA-F]{40}$")), ("to", Text("^0x[0-9a-fA-F]{40}$")), ("value", Number()),
            ("gas", Number()), ("nonce", Number()), ("deadline", Number()), ("data", Text("^0x([0-9a-fA-F]{2})*$")))),
        ("signature", Text("^0x[0-9a-fA-F]{130}$")));

    private static OpenApiPathItem Path(HttpMethod method, OpenApiOperation operation) =>
        new() { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [method] = operation } };

    private static OpenApiOperation Plain(OpenApiDocument document, string id, string summary,
        params (string Name, ParameterLocation In, bool IsNeeded)[] parameters) => new()
        {
            OperationId = id,
            Summary = summary,
            Parameters = parameters.Length == 0 ? null :
        [
            .. parameters.Select(one => new OpenApiParameter
            {
                Name = one.Name,
                In = one.In,
                Required = one.IsNeeded,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            }),
        ],
            Responses = Responses(document),
        };

    private static OpenApiOperation Posting(
        OpenApiDocument document, string id, string summary, OpenApiSchema body) => new()
        {
            OperationId = id,
            Summary = summary,
            RequestBody = new OpenApiRequestBody { Required = true, Content = Content(Json, body) },
            Responses = Responses(document),
        };

    private static OpenApiOperation Accepting(OpenApiOperation operation, OpenApiDocument document)
    {
        foreach (var (status, name) in new[] { ("202", "Taken"), ("409", "Conflict"), ("422", "Refused") })
            operation.Responses![status] = new OpenApiResponseReference(name, document);
        return operation;
    }

    private static OpenApiResponses Responses(OpenApiDocument document) => new()
    {
        ["200"] = new OpenApiResponseReference("Answer", document),
        ["default"] = new OpenApiResponseReference("Problem", document),
    };

    private static OpenApiResponse Response(string words, string type) =>
        new() { Description = words, Content = Content(type, new OpenApiSchema { Type = JsonSchemaType.Object }) };

    private static Dictionary<string, OpenApiMediaType> Content(string type, OpenApiSchema schema) =>
        new() { [type] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchema Members(params (string Name, IOpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.ToDictionary(member => member.Name, member => member.Schema),
        Required = members.Select(member => member.Name).ToHashSet(),
    };

    private static OpenApiSchema List(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Text(string pattern) => new() { Type = JsonSchemaType.String, Pattern = pattern };

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.String | JsonSchemaType.Integer };

    private static OpenApiSchema Constant(string word) =>
        new() { Type = JsonSchemaType.String, Enum = [JsonValue.Create(word)] };

    // Our own schema of JSON in the package's words.
    private static OpenApiSchema Schema(JsonObject json) => new()
    {
        Type = (string?)json["type"] switch
        {
            "object" => JsonSchemaType.Object,
            "array" => JsonSchemaType.Array,
            "boolean" => JsonSchemaType.Boolean,
            _ => JsonSchemaType.String,
        },
        Pattern = (string?)json["pattern"],
        Description = (string?)json["description"],
        MaxItems = (int?)(long?)json["maxItems"],
        Items = json["items"] is JsonObject items ? Schema(items) : null,
        Required = json["required"] is JsonArray required ? required.Select(name => (string)name!).ToHashSet() : null,
        Properties = json["properties"] is JsonObject members
            ? members.ToDictionary(
                member => member.Key, member => (IOpenApiSchema)Schema((JsonObject)member.Value!)) : null,
    };
}
