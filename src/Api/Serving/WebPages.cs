// The few web pages that the API serves itself: their addresses and files, and GraphiQL from npm's packages in a
// folder. Always holds: a page fetches nothing from another host; without the packages the page says which command
// to run.
using EventSourced.Api.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourced.Api.Serving;

/// <summary>The pages.</summary>
internal static class WebPages
{
    // The files of the packages that the page needs: name in the address, file in the folder, type.
    private static readonly (string Name, string File, string Type)[] Assets =
    [
        ("react.js", "react/umd/react.production.min.js", "text/javascript; charset=utf-8"),
        ("react-dom.js", "react-dom/umd/react-dom.production.min.js", "text/javascript; charset=utf-8"),
        ("graphiql.js", "graphiql/graphiql.min.js", "text/javascript; charset=utf-8"),
        ("graphiql.css", "graphiql/graphiql.min.css", "text/css; charset=utf-8"),
        ("graphql-ws.js", "graphql-ws/umd/graphql-ws.min.js", "text/javascript; charset=utf-8"),
    ];

    // From this host only: the page runs the code that npm's lock file names, and talks to this host.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self' data:; connect-src 'self'";

    internal static void Map(IEndpointRouteBuilder routes, string? packages)
    {
        var root = packages is null ? null : Path.Combine(packages, "node_modules");
        var isThere = root is not null && Assets.All(asset => File.Exists(Path.Combine(root, asset.File)));
        MapPage(routes, "/about", "index.html", "text/html; charset=utf-8");
        MapPage(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        MapPage(routes, "/graphiql", isThere ? "graphiql.html" : "graphiql-missing.html", "text/html; charset=utf-8");
        MapPage(routes, "/log", "log.html", "text/html; charset=utf-8");
        MapPage(routes, "/log/page.js", "log-page.js", "text/javascript; charset=utf-8");
        MapPage(routes, "/log/check.js", "log-check.js", "text/javascript; charset=utf-8");
        MapPage(routes, "/graphiql/page.js", "graphiql-page.js", "text/javascript; charset=utf-8");
        if (!isThere) return;
        foreach (var asset in Assets)
            routes.MapGet($"/graphiql/{asset.Name}", () => Results.File(Path.Combine(root!, asset.File), asset.Type));
    }

    private static void MapPage(IEndpointRouteBuilder routes, string path, string resource, string type)
    {
        var text = EmbeddedFile.Text(resource);
        routes.MapGet(path, (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Text(text, type);
        });
    }
}
