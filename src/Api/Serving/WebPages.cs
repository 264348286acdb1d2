// The few pages that the API serves itself: what is where, and GraphiQL from npm's packages in a folder. Always holds:
// nothing is fetched from anywhere else; where the packages are missing, the page says what to run.
using EventSourced.Api.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourced.Api.Serving;

/// <summary>The pages.</summary>
internal static class WebPages
{
    // What the page needs of the packages: name in the address, file in the folder, type.
    private static readonly (string Name, string File, string Type)[] Assets =
    [
        ("react.js", "react/umd/react.production.min.js", "text/javascript; charset=utf-8"),
        ("react-dom.js", "react-dom/umd/react-dom.production.min.js", "text/javascript; charset=utf-8"),
        ("graphiql.js", "graphiql/graphiql.min.js", "text/javascript; charset=utf-8"),
        ("graphiql.css", "graphiql/graphiql.min.css", "text/css; charset=utf-8"),
        ("graphql-ws.js", "graphql-ws/umd/graphql-ws.min.js", "text/javascript; charset=utf-8"),
    ];

    // Only from here: the page runs what npm's lock file names, and talks to this host.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'";

    internal static void Map(IEndpointRouteBuilder routes, string? packages)
    {
        var root = packages is null ? null : Path.Combine(packages, "node_modules");
        var isThere = root is not null && Assets.All(asset => File.Exists(Path.Combine(root, asset.File)));
        MapPage(routes, "/", "index.html", "text/html; charset=utf-8");
        MapPage(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        MapPage(routes, "/graphiql", isThere ? "graphiql.html" : "graphiql-missing.html", "text/html; charset=utf-8");
        MapPage(routes, "/graphiql/page.js", "graphiql-page.js", "text/javascript; charset=utf-8");
        if (!isThere) return;
        foreach (var asset in Assets)
            routes.MapGet($"/graphiql/{asset.Name}", () => Results.File(Path.Combine(root!, asset.File), asset.Type));
    }

    private static void MapPage(IEndpointRouteBuilder routes, string path, string resource, string type)
    {
        var text = ApiSchema.Resource(resource);
        routes.MapGet(path, (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Text(text, type);
        });
    }
}
