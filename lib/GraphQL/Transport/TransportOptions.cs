// How a server speaks GraphQL, beside the limits that the executor has.
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

/// <summary>How requests are carried.</summary>
public sealed record TransportOptions
{
    /// <summary>Whether queries may come as GET.</summary>
    public bool AllowGet { get; init; } = true;

    /// <summary>How long a WebSocket may stay silent before it says connection_init.</summary>
    public TimeSpan ConnectionInitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a connection is asked whether the client still lives.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long the answer may take before the connection is cut.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a full queue waits for its client to read on before the client is cut.</summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client has to close its side of a WebSocket that the server ends.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a client has to take its place once it reserved one (graphql-sse).</summary>
    public TimeSpan ReservationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The event streams that may be reserved and open at once (graphql-sse, single connection
    /// mode).</summary>
    public int MaxEventStreams { get; init; } = 10_000;

    /// <summary>Decides on a WebSocket's connection_init payload; null lets everybody in.</summary>
    public Func<HttpContext, JsonElement?, ValueTask<bool>>? OnConnect { get; init; }
}
