// The routes of the commands. Enters: requests of HTTP. Leaves: answers of HTTP. Always holds: a route reads its body
// under its limit, passes the gate, and goes the one path; whatever breaks, the client hears a problem with a name and
// nothing of our insides.
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Api.Commands.Path;
using EventSourced.Commands;
using EventSourced.Ethereum.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace EventSourced.Api.Commands.Http;

/// <summary>The routes.</summary>
internal sealed class CommandRoutes(
    CommandPath path, Gate gate, CommandReads reads, CommandEvents events, CausedEvents caused, NextActions actions,
    Pressure pressure, SlowRefusals slow, CommandOptions options)
{
    private const int NetworkBits = 64;
    private const int MostKeyCharacter = 0x7e;
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);

    private readonly AtOnce _networks = new(LimitTable.PerNetwork);
    private readonly AtOnce _all = new(LimitTable.InAll);

    /// <summary>Adds them.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/commands", Handler((_, _) => Task.FromResult<Reply>(new(200, Described.Table()))));
        routes.MapPost("/v1/commands/{command}", Handler(PostAsync, isCommand: true));
        routes.MapPost("/v1/commands:batch", Handler(BatchAsync, isCommand: true));
        routes.MapPost("/v1/transactions", Handler(SendAsync, isCommand: true));
        routes.MapGet("/v1/commands/{id:guid}",
            Handler((context, _) => StatusAsync((string?)context.GetRouteValue("id"), context.RequestAborted)));
        // A stream is long: it takes a place among the watchers, and none among the requests.
        routes.MapGet("/v1/commands/{id:guid}/events", WatchAsync);
        routes.MapGet("/v1/accounts/{address}/commands", Handler((context, _) => OfAskerAsync(context)));
        routes.MapGet(
            "/v1/next-actions", Handler((context, _) => actions.AskAsync(context.Request, context.RequestAborted)));
    }

    /// <summary>A route with places, gate and names for faults.</summary>
    internal RequestDelegate Handler(Func<HttpContext, Caller, Task<Reply>> answer, bool isCommand = false)
    {
        return Handle;

        // A caller that lags asks no bucket either.
        Task Handle(HttpContext context) => isCommand && pressure.Refusal() is { } late
            ? RefuseAsync(context, late)
            : AnswerAsync(context, caller => answer(context, caller));
    }

    private async Task<Reply> PostAsync(HttpContext context, Caller caller)
    {
        var name = (string)context.GetRouteValue("command")!;
        var (document, problem) = await StrictBody.ReadAsync(
            context.Request, LimitTable.Body, context.RequestAborted).ConfigureAwait(false);
        using (document)
            return problem is not null
                ? problem
                : await OneAsync(name, document!.RootElement, caller, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>One command of any mode.</summary>
    internal async Task<Reply> OneAsync(string name, JsonElement body, Caller caller, CancellationToken cancellation)
    {
        if (pressure.Refusal() is { } late) return late;
        if (CommandTable.Find(name) is not { } entry)
            return new Problem(404, "UnknownCommand", "a command: see GET /v1/commands", Problem.Shown(name));
        var mode = body.TryGetProperty("mode", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString() : null;
        return mode switch
        {
            "prepare" => await path.PrepareAsync(entry, body, cancellation).ConfigureAwait(false),
            "relay" => await path.RelayAsync(entry, body, caller, cancellation).ConfigureAwait(false),
            _ => Problem.Malformed("mode", "prepare or relay", mode is null ? "nothing" : Problem.Shown(mode)),
        };
    }

    private async Task<Reply> BatchAsync(HttpContext context, Caller caller)
    {
        var (document, problem) = await StrictBody.ReadAsync(
            context.Request, LimitTable.BatchBody, context.RequestAborted).ConfigureAwait(false);
        using (document)
        {
            if (problem is not null) return problem;
            var members = new Members(document!.RootElement, "", "commands");
            var list = members.Json("commands");
            if (members.Problem is { } wrong) return wrong;
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 32)
                return Problem.Malformed("commands", $"a list of 1 to {LimitTable.BatchItems.Most} commands",
                    $"{list.ValueKind}", "TooManyItems");
            var answers = new JsonArray();
            // In their order: what the first one changes, the next one may count on.
            foreach (var item in list.EnumerateArray())
            {
                var reply = await ItemAsync(item, caller, context.RequestAborted).ConfigureAwait(false);
                var answer = new JsonObject { ["status"] = reply.Status, ["body"] = reply.Body };
                if (reply.Location is { } location) answer["location"] = location;
                answers.Add((JsonNode)answer);
            }

            return new Reply(200, new JsonObject { ["answers"] = answers });
        }
    }

    private async Task<Reply> ItemAsync(JsonElement item, Caller caller, CancellationToken cancellation)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("command", out var name)
            || name.ValueKind != JsonValueKind.String)
            return Problem.Malformed("command", "the name of a command", "none");
        var key = item.TryGetProperty("idempotencyKey", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString() : null;
        if (key is not null && WrongKey(key) is { } wrong) return wrong;
        return await gate.PassAsync(caller, cancellation).ConfigureAwait(false) is { } limited
            ? limited
            : await OneAsync(name.GetString()!, item, caller with { Key = key }, cancellation).ConfigureAwait(false);
    }

    private async Task<Reply> SendAsync(HttpContext context, Caller caller)
    {
        var (document, problem) = await StrictBody.ReadAsync(
            context.Request, LimitTable.Body, context.RequestAborted).ConfigureAwait(false);
        using (document)
            return problem is not null
                ? problem
                : await path.SendAsync(document!.RootElement, caller, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A signed transaction in a body that is here already.</summary>
    internal async Task<Reply> SendAsync(ReadOnlyMemory<byte> body, Caller caller, CancellationToken cancellation)
    {
        if (pressure.Refusal() is { } late) return late;
        var (document, problem) = StrictBody.Parse(body);
        using (document)
            return problem is not null
                ? problem : await path.SendAsync(document!.RootElement, caller, cancellation).ConfigureAwait(false);
    }

    /// <summary>How a command is.</summary>
    internal async Task<Reply> StatusAsync(string? text, CancellationToken cancellation) =>
        Guid.TryParse(text, out var id) && await reads.ByIdAsync(id, cancellation).ConfigureAwait(false) is { } status
            ? new Reply(
                200, await caused.AddAsync(Accepted.Json(status), status, cancellation).ConfigureAwait(false))
            : new Problem(404, "NoSuchCommand", "the id of a command that was accepted", "another one");

    /// <summary>Answers a question that came another way than by a route of ours, under the same limits.</summary>
    internal async Task<Reply> AskAsync(HttpContext context, Func<Caller, Task<Reply>> answer)
    {
        var reply = await PlacedAsync(context, answer).ConfigureAwait(false);
        await slow.HoldAsync(reply, context.RequestAborted).ConfigureAwait(false);
        return reply;
    }

    private async Task<Reply> PlacedAsync(HttpContext context, Func<Caller, Task<Reply>> answer)
    {
        var network = NetworkOf(context.Connection.RemoteIpAddress);
        using var whole = _all.Enter("");
        using var mine = whole is null ? null : _networks.Enter(network);
        return whole is null ? Gate.TooMany(LimitTable.InAll)
            : mine is null ? Gate.TooMany(LimitTable.PerNetwork)
            : await GuardedAsync(context, network, answer).ConfigureAwait(false);
    }

    private async Task<Reply> OfAskerAsync(HttpContext context)
    {
        var text = (string)context.GetRouteValue("address")!;
        if (!Ethereum.Address.TryParse(text, null, out var asker)) return Problem.Malformed(
            "address", "an address: 0x and 40 digits", Problem.Shown(text));
        var before = long.MaxValue;
        if (context.Request.Query.TryGetValue("before", out var given) && !long.TryParse(given, out before))
            return Problem.Malformed("before", "a number", Problem.Shown(given.ToString()));
        var found = await reads.OfAskerAsync(asker, 50, context.RequestAborted, before).ConfigureAwait(false);
        return new Reply(200, new JsonObject
        {
            ["commands"] = new JsonArray([.. found.Select(Accepted.Json)]),
            ["before"] = found.Count > 0 ? found[^1].Number : null,
        });
    }

    private async Task WatchAsync(HttpContext context)
    {
        var reply = await GuardedAsync(
            context, NetworkOf(context.Connection.RemoteIpAddress), _ =>
                events.StreamAsync(context, IdOf(context))).ConfigureAwait(false);
        if (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted) await WriteAsync(context,
            reply).ConfigureAwait(false);
    }

    private async Task RefuseAsync(HttpContext context, Reply reply)
    {
        await slow.HoldAsync(reply, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, reply).ConfigureAwait(false);
    }

    // Everything that every route needs: a place, the gate, a name for each fault.
    private async Task AnswerAsync(HttpContext context, Func<Caller, Task<Reply>> answer)
    {
        var reply = await AskAsync(context, answer).ConfigureAwait(false);
        if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted) return;
        await WriteAsync(context, reply).ConfigureAwait(false);
    }

    private async Task<Reply> GuardedAsync(HttpContext context, string network, Func<Caller, Task<Reply>> answer)
    {
        try
        {
            var key = context.Request.Headers.TryGetValue("Idempotency-Key", out var given) ? given.ToString() : null;
            if (key is not null && WrongKey(key) is { } wrong) return wrong;
            var caller = new Caller(network, IsTrusted(context.Connection.RemoteIpAddress), key);
            return await gate.PassAsync(caller, context.RequestAborted).ConfigureAwait(false) is { } limited
                ? limited
                : await answer(caller).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Busy("a client that waits", "one that left");
        }
        catch (Exception fault) when (IsOfTheMoment(fault))
        {
            options.OnFault(fault);
            return Busy("database and node to answer",
                fault is RpcException ? "a node that does not" : "a database that does not");
        }
#pragma warning disable CA1031 // The last wall: what nobody foresaw is logged and told without its insides.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            options.OnFault(fault);
            return new Problem(500, "Fault", "an answer", "a fault of ours, which is logged");
        }
    }

    // Marten and HttpClient wrap what happened, and a time-out within comes as a cancellation.
    internal static bool IsOfTheMoment(Exception fault) => fault switch
    {
        RpcException rpc => rpc.IsTransient,
        NpgsqlException or TimeoutException or IOException or OperationCanceledException => true,
        { InnerException: { } inner } => IsOfTheMoment(inner),
        _ => false,
    };

    private static Problem Busy(string expected, string found) =>
        new(503, "Busy", expected, found) { RetryAfter = ComeAgain };

    /// <summary>Writes an answer.</summary>
    internal static async Task WriteAsync(HttpContext context, Reply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.IsProblem ? "application/problem+json" : "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (reply.Location is { } location) response.Headers.Location = location;
        if (reply.IsReplay) response.Headers["Idempotent-Replayed"] = "true";
        if (reply.RetryAfter is { } wait) response.Headers.RetryAfter = Reply.Seconds(wait);
        await response.WriteAsync(
            reply.Body.ToJsonString(), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The problem of an idempotency key; null: it is right.</summary>
    internal static Problem? WrongKey(string key) => key.Length is 0 || key.Length > LimitTable.Key.Most
        || key.Any(c => c is < '!' or > (char)MostKeyCharacter)
        ? new Problem(LimitTable.Key.Status, LimitTable.Key.Code,
            $"1 to {LimitTable.Key.Most} visible characters of ASCII",
            $"{key.Length} characters")
        { Limit = LimitTable.Key.Name }
        : null;

    private bool IsTrusted(IPAddress? address) =>
        address is not null
            && options.Trusted.Any(
                network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    // A household has a whole network of IPv6: it is counted as one.
    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBits / 8).Clear();
        return $"{new IPAddress(bytes)}/{NetworkBits}";
    }

    private static Guid IdOf(HttpContext context) => Guid.Parse((string)context.GetRouteValue("id")!);
}
