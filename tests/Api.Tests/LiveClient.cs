// A client of subscriptions as browsers have it: one WebSocket, graphql-transport-ws. Enters: a document. Leaves: its
// results one by one.
using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace EventSourced.Api.Tests;

internal sealed class LiveClient : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();

    public static async Task<LiveClient> SubscribeAsync(ServedApi api, string query, object? variables = null)
    {
        var client = new LiveClient();
        client._socket.Options.AddSubProtocol("graphql-transport-ws");
        await client._socket.ConnectAsync(api.Socket, CancellationToken.None);
        await client.SendAsync(new { type = "connection_init" });
        Assert.Equal("connection_ack", (await client.ReceiveAsync()).GetProperty("type").GetString());
        await client.SubscribeAsync("1", query, variables);
        return client;
    }

    public Task SubscribeAsync(string id, string query, object? variables = null) =>
        SendAsync(new { type = "subscribe", id, payload = new { query, variables } });

    /// <summary>The next result's data.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var message = await ReceiveAsync();
        return message.GetProperty("type").GetString() == "next"
            && !message.GetProperty("payload").TryGetProperty("errors", out _)
            ? message.GetProperty("payload").GetProperty("data")
            : throw new InvalidOperationException($"expected a result, found {message}");
    }

    /// <summary>The next message, whatever it is.</summary>
    public async Task<JsonElement> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new ArrayBufferWriter<byte>(4_096);
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer.GetMemory(4_096), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException(
                    $"expected a message, found the end: {(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}");
            buffer.Advance(received.Count);
            if (received.EndOfMessage) return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
        }
    }

    /// <summary>Reads until the server closes, and gives its reason.</summary>
    public async Task<(int Code, string Reason)> CloseAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[65_536];
        while ((await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
        {
        }

        return ((int)_socket.CloseStatus!, _socket.CloseStatusDescription ?? "");
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(object message) => _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
}
