// The part of Kubo's RPC (https://docs.ipfs.tech/reference/kubo/rpc/) by which clients of IPFS add, read and pin:
// /api/v0/add, cat, block/get, pin/add, pin/rm, pin/ls. Enters: requests of trusted networks. Leaves: answers in Kubo's
// words. Always holds: what is asked for and not done here is refused by name, never done otherwise: one blob is one
// raw block, so a file above the store's limit is refused and no directory is made; a page of the web is refused.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Http;
using EventSourced.Api.Commands.Limits;
using EventSourced.Content;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EventSourced.Api.Content;

/// <summary>The routes below /api/v0.</summary>
internal sealed class IpfsRoutes(ContentApi api, ContentStore store, ContentRoutes content)
{
    private const string Root = "/api/v0";
    private const string Json = "application/json";
    private const int MostFiles = 64;
    private const int MostPartHeaders = 16 * 1024;
    private const int MostBoundary = 200;
    private const int Chunk = 64 << 10;

    // What Kubo's clients send for what is done here anyway.
    private static readonly Dictionary<string, string[]> Same = new(StringComparer.Ordinal)
    {
        ["cid-version"] = ["1"],
        ["raw-leaves"] = ["true"],
        ["hash"] = ["sha2-256"],
        ["wrap-with-directory"] = ["false"],
        ["only-hash"] = ["false"],
        ["trickle"] = ["false"],
        ["inline"] = ["false"],
        ["nocopy"] = ["false"],
        ["fscache"] = ["false"],
    };

    /// <summary>Adds them.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        Post("add", AddAsync, LimitTable.Uploads);
        Post("cat", context => SendAsync(context, isBlock: false));
        Post("block/get", context => SendAsync(context, isBlock: true));
        Post("pin/add", context => PinsAsync(context, PinAsync));
        Post("pin/rm", context => PinsAsync(context, UnpinAsync));
        Post("pin/ls", ListAsync);

        void Post(string path, Func<HttpContext, Task<Reply?>> answer, Bucket? bucket = null) =>
            routes.MapPost($"{Root}/{path}", api.Handler(context => InKuboWordsAsync(context, answer), bucket))
                .Add(Origins.Guard);
    }

    // Kubo's clients read Message; ours is what problem+json says.
    private async Task<Reply?> InKuboWordsAsync(HttpContext context, Func<HttpContext, Task<Reply?>> answer)
    {
        var reply = api.IsTrusted(context.Connection.RemoteIpAddress)
            ? await api.GuardedAsync(context, answer).ConfigureAwait(false)
            : new Problem(403, "NotTrusted", "an address of a trusted network (commandsTrust)", "another");
        if (reply is null || !reply.IsProblem || context.Response.HasStarted) return reply;
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = Json;
        var words = new JsonObject
        {
            ["Message"] = $"{reply.Body["code"]}: {reply.Body["detail"]}",
            ["Code"] = 0,
            ["Type"] = "error",
        };
        await context.Response.WriteAsync(words.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    private async Task<Reply?> AddAsync(HttpContext context)
    {
        foreach (var (name, allowed) in Same)
            if (context.Request.Query[name].ToString() is { Length: > 0 } given && !allowed.Contains(given))
                return Problem.Malformed(
                    name, $"{string.Join(" or ", allowed)}, which is all that is done here", Problem.Shown(given),
                    "OptionNotDone");
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MostBoundary } boundary)
            return new Problem(
                415, "WrongMediaType", "multipart/form-data", Problem.Shown(context.Request.ContentType ?? ""));
        ContentRoutes.LiftServerLimit(context);
        var reader = new MultipartReader(boundary.ToString(), context.Request.Body)
        {
            HeadersLengthLimit = MostPartHeaders,
            BodyLengthLimit = null,
        };
        var isPinned = context.Request.Query["pin"].ToString() != "false";
        var lines = new List<string>();
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted).ConfigureAwait(false) is { } part)
            {
                if (lines.Count == MostFiles)
                    return new Problem(413, "TooManyFiles", $"at most {MostFiles} files", "more");
                if (part.ContentType == "application/x-directory")
                    return Problem.Malformed("", "files, each by itself", "a directory", "OptionNotDone");
                var stored = await store.PutAsync(part.Body, null, context.RequestAborted).ConfigureAwait(false);
                if (isPinned) await store.PinAsync(stored.Cid, context.RequestAborted).ConfigureAwait(false);
                lines.Add(Added(part, stored));
            }
        }
        catch (InvalidDataException broken)
        {
            return Problem.Malformed("", "multipart/form-data", Problem.Shown(broken.Message), "WrongForm");
        }
        catch (IOException cut) when (cut is not (ContentRefusedException or BadHttpRequestException))
        {
            return Problem.Malformed("", "multipart/form-data to its end", "a form that is cut", "WrongForm");
        }

        context.Response.ContentType = Json;
        await context.Response.WriteAsync(
            string.Concat(lines), context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    private static string Added(MultipartSection part, StoredContent stored)
    {
        var name = part.GetContentDispositionHeader()?.FileName.Value ?? "";
        name = Uri.UnescapeDataString(HeaderUtilities.RemoveQuotes(name).Value ?? "");
        return new JsonObject
        {
            ["Name"] = name.Length > 0 ? name : stored.Cid.ToString(),
            ["Hash"] = stored.Cid.ToString(),
            ["Size"] = stored.Length.ToString(CultureInfo.InvariantCulture),
        }.ToJsonString() + "\n";
    }

    private async Task<Reply?> SendAsync(HttpContext context, bool isBlock)
    {
        if (Named(context) is not [var cid]) return WrongArgument(context);
        var (stream, problem) = await content.FindAsync(context, cid).ConfigureAwait(false);
        if (stream is null) return problem!;
        await using (stream.ConfigureAwait(false))
        {
            if (!Number(context, "offset", 0, out var offset)
                || !Number(context, "length", stream.Length, out var length))
                return Problem.Malformed("offset", "offset and length as whole numbers", "something else");
            stream.Position = Math.Min(isBlock ? 0 : offset, stream.Length);
            var rest = Math.Min(isBlock ? stream.Length : length, stream.Length - stream.Position);
            context.Response.ContentType = "application/octet-stream";
            context.Response.ContentLength = rest;
            ContentRoutes.Guard(context.Response.Headers);
            var buffer = new byte[Chunk];
            while (rest > 0)
            {
                var read = await stream.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(rest, Chunk)), context.RequestAborted).ConfigureAwait(false);
                if (read == 0) throw new EndOfStreamException("expected the blob's end later, found it");
                await context.Response.Body.WriteAsync(
                    buffer.AsMemory(0, read), context.RequestAborted).ConfigureAwait(false);
                rest -= read;
            }

            return null;
        }
    }

    private static async Task<Reply?> PinsAsync(HttpContext context, Func<HttpContext, Cid, Task<Problem?>> change)
    {
        if (Named(context) is not { Count: > 0 } cids) return WrongArgument(context);
        foreach (var cid in cids)
            if (await change(context, cid).ConfigureAwait(false) is { } problem) return problem;
        return new Reply(200, new JsonObject { ["Pins"] = new JsonArray([.. cids.Select(cid => (JsonNode)$"{cid}")]) });
    }

    private async Task<Problem?> PinAsync(HttpContext context, Cid cid)
    {
        var (stream, problem) = await content.FindAsync(context, cid).ConfigureAwait(false);
        if (stream is null) return problem;
        await stream.DisposeAsync().ConfigureAwait(false);
        return await store.PinAsync(cid, context.RequestAborted).ConfigureAwait(false) ? null : problem;
    }

    private async Task<Problem?> UnpinAsync(HttpContext context, Cid cid) =>
        await store.UnpinAsync(cid, context.RequestAborted).ConfigureAwait(false)
            ? null
            : new Problem(404, "NotPinned", "content that is pinned", $"{cid}, which is not");

    private async Task<Reply?> ListAsync(HttpContext context)
    {
        var named = context.Request.Query["arg"].Count > 0 ? Named(context) : null;
        if (named is null && context.Request.Query["arg"].Count > 0) return WrongArgument(context);
        var all = store.Pinned();
        if (named is not null)
        {
            var asked = named.ToHashSet();
            all = all.Where(asked.Contains).ToList();
            if (asked.Except(all).FirstOrDefault() is { IsRawBlock: true } missing)
                return new Problem(404, "NotPinned", "content that is pinned", $"{missing}, which is not");
        }

        var isStream = context.Request.Query["stream"].ToString() == "true";
        var response = context.Response;
        response.ContentType = Json;
        if (!isStream) await response.WriteAsync("""{"Keys":{""", context.RequestAborted).ConfigureAwait(false);
        var separator = "";
        foreach (var cid in all)
        {
            var line = isStream
                ? $$"""{"Cid":"{{cid}}","Type":"recursive"}""" + "\n"
                : $$"""{{separator}}"{{cid}}":{"Type":"recursive"}""";
            await response.WriteAsync(line, context.RequestAborted).ConfigureAwait(false);
            separator = ",";
        }

        if (!isStream) await response.WriteAsync("}}\n", context.RequestAborted).ConfigureAwait(false);
        await response.CompleteAsync().ConfigureAwait(false);
        return null;
    }

    // CIDs, or paths of one: /ipfs/CID. Null: one of them is neither, or is nothing that is kept here.
    private static List<Cid>? Named(HttpContext context)
    {
        var found = new List<Cid>();
        foreach (var text in context.Request.Query["arg"])
        {
            var name = text!.StartsWith("/ipfs/", StringComparison.Ordinal) ? text[6..] : text;
            if (!Cid.TryParse(name, out var cid) || !cid.IsRawBlock || found.Count == MostFiles) return null;
            found.Add(cid);
        }

        return found;
    }

    private static Problem WrongArgument(HttpContext context) => Problem.Malformed(
        "arg", $"1 to {MostFiles} CIDs of version 1, raw, sha2-256",
        Problem.Shown(context.Request.Query["arg"].ToString()), "WrongCid");

    private static bool Number(HttpContext context, string name, long otherwise, out long number)
    {
        number = otherwise;
        return context.Request.Query[name].ToString() is not { Length: > 0 } text
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
