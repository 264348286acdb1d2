// Puts a GraphQL endpoint among a host's routes.
using EventSourced.GraphQL.Execution;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace EventSourced.GraphQL.Transport;

/// <summary>Routes to GraphQL.</summary>
public static class EndpointExtensions
{
    /// <summary>Serves GraphQL under a path: HTTP, event streams and WebSockets (the host must use
    /// WebSockets).</summary>
    public static IEndpointConventionBuilder MapGraphQL(
        this IEndpointRouteBuilder routes, string path, RequestExecutor executor, TransportOptions? options = null) =>
        routes.Map(RoutePatternFactory.Parse(path), new GraphQLHttpHandler(executor, options).HandleAsync);
}
