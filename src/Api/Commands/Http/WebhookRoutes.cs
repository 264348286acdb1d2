// The routes of webhooks: an asker adds an address of the web that is told of its commands, lists them, removes one.
// Enters: wishes that the asker signed. Leaves: the secret of an address, once; the asker's addresses. Always holds:
// only the asker sees or changes its addresses; a signature adds an address once; an asker has a named number of them.
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Api.Commands.Path;
using EventSourced.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourced.Api.Commands.Http;

/// <summary>The routes.</summary>
internal sealed class WebhookRoutes(Webhooks webhooks, Gate gate, Economy economy, TimeProvider time)
{
    // The prefix by which libraries of Standard Webhooks know a secret.
    private const string SecretPrefix = "whsec_";

    /// <summary>Adds them.</summary>
    /// <param name="routes">The table of routes.</param>
    /// <param name="handler">Places, gate and faults, as every route of the commands has them.</param>
    public void Map(
        IEndpointRouteBuilder routes, Func<Func<HttpContext, Caller, Task<Reply>>, RequestDelegate> handler)
    {
        routes.MapPost("/v1/webhooks", handler(Signed(WebhookWish.Add, AddAsync)));
        routes.MapPost("/v1/webhooks:list", handler(Signed(WebhookWish.List, ListAsync)));
        routes.MapPost("/v1/webhooks:remove", handler(Signed(WebhookWish.Remove, RemoveAsync)));
    }

    // Body, signature, limits of the asker; then the deed.
    private Func<HttpContext, Caller, Task<Reply>> Signed(
        string action, Func<WebhookWish, CancellationToken, Task<Reply>> deed) => async (context, caller) =>
    {
        var cancellation = context.RequestAborted;
        var (document, problem) = await StrictBody.ReadAsync(
            context.Request, LimitTable.Body, cancellation).ConfigureAwait(false);
        using (document)
        {
            if (problem is not null) return problem;
            var (wish, wrong) = WebhookWish.Read(document!.RootElement, action, economy, time.GetUtcNow());
            if (wish is null)
            {
                return wrong!.Code.StartsWith("Signature", StringComparison.Ordinal)
                    ? await gate.ForgedAsync(caller, cancellation).ConfigureAwait(false) ?? wrong : wrong;
            }

            using var place = gate.Enter(wish.Asker);
            if (place is null) return Gate.TooMany(LimitTable.PerIdentity);
            return await gate.AdmitAsync(caller, wish.Asker, cancellation).ConfigureAwait(false) is { } limited
                ? limited : await deed(wish, cancellation).ConfigureAwait(false);
        }
    };

    private async Task<Reply> AddAsync(WebhookWish wish, CancellationToken cancellation)
    {
        if (await gate.OnceAsync(wish.Digest, cancellation).ConfigureAwait(false) is { } used) return used;
        var address = new Uri(wish.Subject);
        if (await webhooks.AddAsync(wish.Asker, address, cancellation).ConfigureAwait(false) is { } added)
        {
            return new Reply(201, new JsonObject
            {
                ["id"] = added.Id.ToString(),
                ["asker"] = added.Asker.ToString(),
                ["address"] = added.Address.AbsoluteUri,
                ["secret"] = SecretPrefix + Convert.ToBase64String(added.Secret.Span),
            });
        }

        var all = await webhooks.OfAskerAsync(wish.Asker, cancellation).ConfigureAwait(false);
        var most = LimitTable.WebhooksOfAsker;
        return all.Any(one => one.Address == address)
            ? new Problem(409, "WebhookKnown", "an address that is not told yet", Problem.Shown(wish.Subject))
            : new Problem(most.Status, most.Code, $"at most {most.Most} {most.Unit} of one asker", "one more")
            {
                Limit = most.Name,
            };
    }

    private async Task<Reply> ListAsync(WebhookWish wish, CancellationToken cancellation)
    {
        var all = await webhooks.OfAskerAsync(wish.Asker, cancellation).ConfigureAwait(false);
        return new Reply(200, new JsonObject
        {
            ["webhooks"] = new JsonArray([.. all.Select(one => new JsonObject
            {
                ["id"] = one.Id.ToString(),
                ["address"] = one.Address.AbsoluteUri,
            })]),
        });
    }

    private async Task<Reply> RemoveAsync(WebhookWish wish, CancellationToken cancellation) =>
        await webhooks.RemoveAsync(wish.Asker, Guid.Parse(wish.Subject), cancellation).ConfigureAwait(false)
            ? new Reply(200, new JsonObject { ["id"] = wish.Subject, ["removed"] = true })
            : new Problem(404, "NoSuchWebhook", $"the id of a webhook of {wish.Asker}", "another one");
}
