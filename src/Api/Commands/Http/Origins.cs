// Which pages may talk with a door that has no keys and no sessions. Enters: a request. Leaves: it, or 403. Always
// holds: a page of the web cannot reach a host on a reader's own machine by giving its name our address (DNS
// rebinding): on a loopback address only local names count, and a page of another host is refused.
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Api.Commands.Http;

/// <summary>Guards endpoints.</summary>
internal static class Origins
{
    /// <summary>Refuses pages of other hosts at an endpoint.</summary>
    public static void Guard(EndpointBuilder endpoint)
    {
        var next = endpoint.RequestDelegate;
        endpoint.RequestDelegate = context =>
        {
            if (IsOwn(context)) return next!(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    private static bool IsOwn(HttpContext context)
    {
        var host = context.Request.Host.Host;
        var local = context.Connection.LocalIpAddress;
        if (local is not null && IPAddress.IsLoopback(local) && !IsLocal(host)) return false;
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && (string.Equals(page.Host, host, StringComparison.OrdinalIgnoreCase)
                    || IsLocal(page.Host) && IsLocal(host)));
    }

    private static bool IsLocal(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
