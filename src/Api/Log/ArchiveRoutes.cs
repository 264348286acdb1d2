// An archive over HTTP: the files of a folder, below /archive. Enters: a path. Leaves: bytes with headers by which any
// cache may keep them. Always holds: a path names a file of an archive's layout or nothing, so that none leads out of
// the folder; what has its hash for a name may be kept for ever.
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourced.Api.Log;

/// <summary>The routes below /archive.</summary>
internal sealed partial class ArchiveRoutes(string folder)
{
    private const string Prefix = "/archive";

    internal void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet($"{Prefix}/{{**rest}}", (Delegate)Find);

    private IResult Find(HttpContext context)
    {
        var name = context.Request.Path.Value![(Prefix.Length + 1)..];
        var isMoving = Moving().IsMatch(name);
        var file = Path.Combine(folder, name);
        if ((!isMoving && !Lasting().IsMatch(name)) || !File.Exists(file))
            return Results.Text(
                "expected a file that the manifest of this archive names, found none\n", "text/plain; charset=utf-8",
                statusCode: StatusCodes.Status404NotFound);
        context.Response.Headers.CacheControl = isMoving ? "no-cache" : "public, max-age=31536000, immutable";
        return Results.File(
            Path.GetFullPath(file), isMoving ? "text/plain; charset=utf-8" : "application/octet-stream");
    }

    [GeneratedRegex(@"^(manifest|log/checkpoint|log/keys)\z")]
    private static partial Regex Moving();

    [GeneratedRegex(
        @"^(contents/[0-9a-f]{64}\.json|event/[0-9a-f]{64}\.parquet|(row|past)/[a-z][a-z0-9_]*/[0-9a-f]{64}\.parquet|log/tile/(entries|[0-9]+)/[x0-9/]+(\.p/[0-9]+)?)\z")]
    private static partial Regex Lasting();
}
