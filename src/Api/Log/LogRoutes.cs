// The audit log over HTTP, as C2SP tlog-tiles lays it out below /log: checkpoint, tiles, bundles of entries. Enters: a
// path. Leaves: bytes with headers by which any cache may keep them. Always holds: a tile's address names its width, so
// its bytes never change and may be kept for ever; the checkpoint is asked for again each time.
using EventSourced.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourced.Api.Log;

/// <summary>The routes below /log.</summary>
internal sealed class LogRoutes(StoredLog log)
{
    internal const string Prefix = "/log";

    private const string Text = "text/plain; charset=utf-8";
    private const string Bytes = "application/octet-stream";
    private const string ForEver = "public, max-age=31536000, immutable";
    private const string Never = "no-cache";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"{Prefix}/checkpoint", (Delegate)CheckpointAsync);
        routes.MapGet($"{Prefix}/keys", (Delegate)KeysAsync);
        routes.MapGet($"{Prefix}/tile/{{**rest}}", (Delegate)TileAsync);
    }

    private async Task<IResult> CheckpointAsync(HttpContext context)
    {
        var checkpoints = await log.CheckpointsAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = Never;
        return checkpoints.Published is { } text
            ? Results.Text(text, Text)
            : NotFound("expected a published checkpoint, found none yet: nothing is final, the log has no key, or its witnesses have not answered");
    }

    // A convenience that proves nothing: whoever audits takes the keys from elsewhere.
    private async Task<IResult> KeysAsync(HttpContext context)
    {
        var checkpoints = await log.CheckpointsAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = Never;
        return checkpoints.Keys.Length > 0
            ? Results.Text(checkpoints.Keys, Text) : NotFound("expected a log with a key, found none");
    }

    private async Task<IResult> TileAsync(HttpContext context)
    {
        var path = context.Request.Path.Value![(Prefix.Length + 1)..];
        if (!TilePath.TryParse(path, out var tile))
            return NotFound("expected tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>], found another path");
        if (await log.TileAsync(tile, context.RequestAborted).ConfigureAwait(false) is not { } bytes)
            return NotFound($"expected a tile of this log, found {tile}, which it does not have");
        context.Response.Headers.CacheControl = ForEver;
        return Results.Bytes(bytes, Bytes);
    }

    private static IResult NotFound(string why) =>
        Results.Text(why + "\n", Text, statusCode: StatusCodes.Status404NotFound);
}
