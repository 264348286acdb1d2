// The options of the transports, beside the limits of the executor.
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

/// <summary>The options of the transports.</summary>
public sealed record TransportOptions
{
    /// <summary>Whether queries may come as GET.</summary>
    public bool AllowGet { get; init; } = true;

    /// <summary>The time that a WebSocket may stay silent before its connection_init.</summary>
    public TimeSpan ConnectionInitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause between two questions whether the client still lives.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The time for the answer, before the server cuts the connection.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The time that a full queue waits for its client to read, before the server cuts the client.</summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time for a client to close its side of a WebSocket that the server ends.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time for a client to open a stream that it reserved (graphql-sse).</summary>
    public TimeSpan ReservationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The event streams that may be reserved and open at once (graphql-sse, single connection
    /// mode).</summary>
    public int MaxEventStreams { get; init; } = 10_000;

    /// <summary>Decides on a WebSocket's connection_init payload; null lets everybody in.</summary>
    public Func<HttpContext, JsonElement?, ValueTask<bool>>? OnConnect { get; init; }
}
