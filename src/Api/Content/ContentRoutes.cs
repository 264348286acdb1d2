// Blobs by HTTP: PUT /v1/content, PUT, GET and HEAD /v1/content/{cid}. Enters: bodies of strangers. Leaves: a blob's
// name; blobs with headers by which any cache may keep them for ever and no browser runs them. Always holds: a body is
// read as a stream under the store's limit; what is served was checked against its name.
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Content;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EventSourced.Api.Content;

/// <summary>The routes below /v1/content.</summary>
internal sealed class ContentRoutes(ContentApi api, ContentStore store, ContentFetch? fetch)
{
    /// <summary>Where blobs are.</summary>
    public const string Root = "/v1/content";

    private const string Bytes = "application/octet-stream";
    private const string ForEver = "public, max-age=31536000, immutable";

    // A form would be stored with its boundaries, which nobody means.
    private static readonly string[] Forms = ["multipart/form-data", "application/x-www-form-urlencoded"];
    private static readonly string[] Reading = ["GET", "HEAD"];

    /// <summary>Adds them.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Root, api.Handler(context => PutAsync(context, null), LimitTable.Uploads));
        routes.MapPut($"{Root}/{{cid}}", api.Handler(PutNamedAsync, LimitTable.Uploads));
        routes.MapMethods($"{Root}/{{cid}}", Reading, api.Handler(GetAsync));
    }

    /// <summary>The headers that keep a browser from taking a blob for a page.</summary>
    internal static void Guard(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>Lets the store's own limit judge a body, by its name: it stops to read where the limit is.</summary>
    internal static void LiftServerLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
    }

    private static Problem WrongCid(string text) =>
        new(400, "WrongCid", "a CID: version 1 in lower base32, or version 0", Problem.Shown(text)) { Where = "cid" };

    private async Task<Reply?> PutNamedAsync(HttpContext context)
    {
        var text = (string)context.GetRouteValue("cid")!;
        return Cid.TryParse(text, out var cid)
            ? await PutAsync(context, cid).ConfigureAwait(false) : WrongCid(text);
    }

    private async Task<Reply?> PutAsync(HttpContext context, Cid? named)
    {
        var request = context.Request;
        if (request.Headers.ContentEncoding.Count > 0)
            return new Problem(
                415, "WrongEncoding", "a body that is not compressed",
                Problem.Shown(request.Headers.ContentEncoding.ToString()));
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && Forms.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            return new Problem(
                415, "WrongMediaType", "the bytes themselves, as application/octet-stream",
                Problem.Shown(request.ContentType!));
        if (request.ContentLength > store.Options.BlobBytes)
            throw new ContentRefusedException(
                ContentCodes.TooLarge, $"at most {store.Options.BlobBytes} bytes", $"{request.ContentLength}",
                "BLOB_BYTES");
        var (digest, problem) = ContentDigest.Read(request.Headers);
        if (problem is not null) return problem;
        if (digest is { } told && named is { } wanted && told != wanted)
            throw new ContentRefusedException(
                ContentCodes.OtherHash, $"{wanted} by the address", $"{told} by a header");
        LiftServerLimit(context);
        var stored = await store.PutAsync(request.Body, named ?? digest, context.RequestAborted).ConfigureAwait(false);
        var location = $"{Root}/{stored.Cid}";
        context.Response.Headers.ETag = $"\"{stored.Cid}\"";
        return new Reply(stored.IsNew ? 201 : 200, new JsonObject
        {
            ["cid"] = stored.Cid.ToString(),
            ["length"] = stored.Length,
            ["location"] = location,
        })
        {
            Location = location,
        };
    }

    private async Task<Reply?> GetAsync(HttpContext context)
    {
        var text = (string)context.GetRouteValue("cid")!;
        if (!Cid.TryParse(text, out var cid)) return WrongCid(text);
        if (!cid.IsRawBlock)
            return new Problem(404, ContentCodes.NotStorable, "a CID of version 1, raw, sha2-256", cid.Kind);
        var (stream, problem) = await FindAsync(context, cid).ConfigureAwait(false);
        if (stream is null) return problem!;
        await using (stream.ConfigureAwait(false))
        {
            // The package would take any unit for bytes.
            if (!context.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.Ordinal))
                context.Request.Headers.Remove(HeaderNames.Range);
            context.Response.Headers.CacheControl = ForEver;
            Guard(context.Response.Headers);
            await Results.Stream(
                stream, Bytes, $"{cid}.bin", entityTag: new EntityTagHeaderValue($"\"{cid}\""),
                enableRangeProcessing: true).ExecuteAsync(context).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Opens a blob, from the store or, where it is missing, from peers.</summary>
    internal async Task<(Stream? Stream, Problem? Problem)> FindAsync(HttpContext context, Cid cid)
    {
        var missing = new Problem(404, "ContentMissing", "content that is kept here", $"none of {cid}");
        var stream = await store.OpenAsync(cid, context.RequestAborted).ConfigureAwait(false);
        if (stream is not null || fetch is null) return (stream, missing);
        if (await api.CountAsync(context, LimitTable.Fetches).ConfigureAwait(false) is { } limited)
            return (null, limited);
        return await fetch(cid, context.RequestAborted).ConfigureAwait(false)
            ? (await store.OpenAsync(cid, context.RequestAborted).ConfigureAwait(false), missing)
            : (null, missing);
    }
}
