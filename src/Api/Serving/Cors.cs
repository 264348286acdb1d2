// Cross-origin requests: the operator names the origins whose pages may ask. Enters: origins. Leaves: the headers of
// the fetch standard on answers to these origins, and an answer to preflights. Always holds: the API asks for no
// credentials, so that "*" gives nobody the rights of another.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Api.Serving;

/// <summary>Cross-origin requests.</summary>
internal static class Cors
{
    private const string Seconds = "600";

    internal static void Use(IApplicationBuilder web, IReadOnlyList<string> origins)
    {
        if (origins.Count == 0) return;
        var isOpen = origins.Contains("*");
        web.Use(async (context, next) =>
        {
            var origin = context.Request.Headers.Origin.ToString();
            var headers = context.Response.Headers;
            if (origin.Length > 0 && (isOpen || origins.Contains(origin, StringComparer.OrdinalIgnoreCase)))
            {
                headers.AccessControlAllowOrigin = isOpen ? "*" : origin;
                if (!isOpen) headers.Append("Vary", "Origin");
                headers.AccessControlExposeHeaders = "etag, location, content-range, retry-after";
                if (HttpMethods.IsOptions(context.Request.Method))
                {
                    headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE";
                    headers.AccessControlAllowHeaders =
                        "content-type, accept, content-digest, range, if-none-match, x-graphql-event-stream-token";
                    headers.AccessControlMaxAge = Seconds;
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }
            }

            await next(context).ConfigureAwait(false);
        });
    }
}
