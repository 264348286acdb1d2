// The dashboard's files: those of src/Dashboard/web, which the assembly carries, and npm's packages (uPlot, noble) in a
// folder. Enters: routes. Leaves: the page at /, and its files at /dashboard/. Always holds: a page runs scripts of
// this host alone and talks to this host alone; a file that did not change is not sent twice.
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EventSourced.Api.Serving;

/// <summary>The dashboard.</summary>
internal static class DashboardPages
{
    private const string Folder = "dashboard/";

    // Stricter than GraphiQL's: no style in markup, no frame, no form that leaves. Wallets show themselves by pictures
    // that stand in their own address.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // A worker that runs a stranger's WebAssembly: it alone may compile, and it may ask nobody for anything.
    private const string WorkerPath = "/dashboard/run/worker.js";
    private const string WorkerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

    private static readonly (string Name, string File)[] Packages =
    [
        ("uplot.js", "uplot/dist/uPlot.iife.min.js"),
        ("uplot.css", "uplot/dist/uPlot.min.css"),
        ("noble/sha3.js", "@noble/hashes/sha3.js"),
        ("noble/_u64.js", "@noble/hashes/_u64.js"),
        ("noble/utils.js", "@noble/hashes/utils.js"),
        ("noble/sha2.js", "@noble/hashes/sha2.js"),
        ("noble/_md.js", "@noble/hashes/_md.js"),
        ("noble/secp256k1.js", "@noble/secp256k1/index.js"),
    ];

    internal static void Map(IEndpointRouteBuilder routes, string? packages)
    {
        foreach (var resource in EmbeddedFile.Names(Folder))
            MapFile(routes, resource == Folder + "index.html" ? "/" : $"/{resource}", EmbeddedFile.Bytes(resource));
        if (packages is null) return;
        foreach (var (name, file) in Packages)
        {
            var path = Path.Combine(packages, "node_modules", file);
            if (File.Exists(path)) MapFile(routes, $"/{Folder}{name}", File.ReadAllBytes(path));
        }
    }

    private static void MapFile(IEndpointRouteBuilder routes, string path, byte[] content)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
        var type = TypeOf(path);
        routes.MapGet(path, (HttpContext context) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = path == WorkerPath ? WorkerPolicy : Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = "no-cache";
            return Results.Bytes(content, type, entityTag: tag);
        });
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
}
