// graphql-transport-ws over one WebSocket: connection_init, then any number of operations side by side, bounded in
// number. Messages wait in a bounded queue. The caller that queues a message also sends the waiting ones, unless
// another caller is sending: a message that can leave at once costs no other thread's time. The server cuts a client
// that does not read until the queue is full, and gives the reason; it also cuts a client that does not answer pings.
// Closing the socket ends all of its operations.
using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Response;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

internal sealed class WebSocketConnection : IDisposable
{
    private const string Protocol = "graphql-transport-ws";

    private readonly HttpContext _context;
    private readonly WebSocket _socket;
    private readonly RequestExecutor _executor;
    private readonly TransportOptions _options;
    private readonly RequestLimits _limits;
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing;
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _operations = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ending;
    private readonly CancellationTokenSource _abort;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _senders;
    private bool _isInitialised;
    private bool _isAcknowledged;
    private (int Code, string Reason)? _close;

    private WebSocketConnection(
        HttpContext context, WebSocket socket, RequestExecutor executor, TransportOptions options)
    {
        _context = context;
        _socket = socket;
        _executor = executor;
        _options = options;
        _limits = executor.Options.Limits;
        _outgoing =
            Channel.CreateBounded<ReadOnlyMemory<byte>>(
                new BoundedChannelOptions(_limits.MaxQueuedResults) { SingleReader = true });
        _ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _abort = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _abort.Token.UnsafeRegister(static socket => ((WebSocket)socket!).Abort(), socket);
    }

    public static async Task ServeAsync(HttpContext context, RequestExecutor executor, TransportOptions options)
    {
        var isKnown = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = isKnown ? Protocol : null,
            KeepAliveInterval = options.KeepAliveInterval,
            KeepAliveTimeout = options.KeepAliveTimeout,
        }).ConfigureAwait(false);
        using var connection = new WebSocketConnection(context, socket, executor, options);
        if (!isKnown)
            connection.End(4406, "Subprotocol not acceptable");
        await connection.RunAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _ending.Dispose();
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await ReceiveAsync().ConfigureAwait(false);
            End(1000, "");
            await _sent.Task.ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            // The client left, or did not read the reason why it was cut.
        }
        finally
        {
            await _ending.CancelAsync().ConfigureAwait(false);
            await _abort.CancelAsync().ConfigureAwait(false);
            _outgoing.Writer.TryComplete();
            SendWaiting();
            await _sent.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        using var initialising = new CancellationTokenSource(_options.ConnectionInitTimeout, _executor.Options.Clock);
        await using var whenLate = initialising.Token.Register(() =>
        {
            if (!_isInitialised)
                End(4408, "Connection initialisation timeout");
        }).ConfigureAwait(false);
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer.GetMemory(2_048), _abort.Token).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            if (_close is not null)
                continue;
            buffer.Advance(received.Count);
            if (buffer.WrittenCount > _limits.MaxRequestBytes)
            {
                End(1009, $"The limit {LimitNames.RequestBytes} is {_limits.MaxRequestBytes}");
            }
            else if (received.EndOfMessage)
            {
                var isText = received.MessageType == WebSocketMessageType.Text;
                await HandleAsync(isText ? ClientMessage.Parse(buffer.WrittenMemory) : null).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            }
        }
    }

    private async ValueTask HandleAsync(ClientMessage? received)
    {
        switch (received)
        {
            case { Type: "connection_init" } message:
                await InitialiseAsync(message).ConfigureAwait(false);
                break;
            case { Type: "ping" } message:
                Send(WebSocketMessages.Pong(message.Payload));
                break;
            case { Type: "pong" }:
                break;
            case { Type: "subscribe", Id.Length: > 0, Payload: { } payload } message
                when SubscribePayload.IsOne(payload):
                Subscribe(message.Id, payload);
                break;
            case { Type: "complete", Id: { } id }:
                if (_operations.TryRemove(id, out var running))
                    await running.CancelAsync().ConfigureAwait(false);
                break;
            default:
                End(4400, "Invalid message received");
                break;
        }
    }

    private async ValueTask InitialiseAsync(ClientMessage message)
    {
        if (_isInitialised)
        {
            End(4429, "Too many initialisation requests");
            return;
        }

        _isInitialised = true;
        if (_options.OnConnect is { } decide && !await decide(_context, message.Payload).ConfigureAwait(false))
        {
            End(4403, "Forbidden");
            return;
        }

        _isAcknowledged = true;
        Send(WebSocketMessages.ConnectionAck);
    }

    private void Subscribe(string id, JsonElement payload)
    {
        if (!_isAcknowledged)
        {
            End(4401, "Unauthorized");
            return;
        }

        var running = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        if (!_operations.TryAdd(id, running))
        {
            running.Dispose();
            End(4409, $"Subscriber for {id} already exists");
            return;
        }

        if (_operations.Count > _limits.MaxSubscriptionsPerConnection)
        {
            _operations.TryRemove(id, out _);
            running.Dispose();
            var refusal =
                LimitExceeded.Error(
                    LimitNames.Subscriptions, _limits.MaxSubscriptionsPerConnection,
                    _limits.MaxSubscriptionsPerConnection + 1);
            Send(WebSocketMessages.Error(id, ExecutionResult.Refused(refusal)));
            return;
        }

        _ = OperateAsync(id, payload, running);
    }

    private async Task OperateAsync(string id, JsonElement payload, CancellationTokenSource running)
    {
        try
        {
            if (await ExecuteAsync(id, payload, running.Token).ConfigureAwait(false) && _operations.ContainsKey(id))
                await SendInTurnAsync(WebSocketMessages.Complete(id), running.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Completed by the client, or the connection ended.
        }
        finally
        {
            // A new operation may have taken the id since the client completed this one.
            _operations.TryRemove(new(id, running));
            running.Dispose();
        }
    }

    // False when the operation ended with the message `error`, which is its last.
    private async ValueTask<bool> ExecuteAsync(string id, JsonElement payload, CancellationToken cancellation)
    {
        ExecutionResult result;
        try
        {
            var request = RequestParser.Parse(JsonSerializer.SerializeToUtf8Bytes(payload), _limits);
            result = await _executor.ExecuteAsync(request with { Services = _context.RequestServices }, cancellation)
                .ConfigureAwait(false);
        }
        catch (GraphQLException refusal)
        {
            result = ExecutionResult.Refused(refusal.Errors.AsSpan());
        }

        switch (result)
        {
            case OperationResult { HasData: false } refused:
                await SendInTurnAsync(WebSocketMessages.Error(id, refused), cancellation).ConfigureAwait(false);
                return false;
            case OperationResult response:
                await SendInTurnAsync(WebSocketMessages.Next(id, response), cancellation).ConfigureAwait(false);
                return true;
        }

        await foreach (var next in ((ResponseStream)result).ReadResultsAsync(cancellation).ConfigureAwait(false))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!next.HasData)
            {
                await SendInTurnAsync(WebSocketMessages.Error(id, next), cancellation).ConfigureAwait(false);
                return false;
            }

            await SendInTurnAsync(WebSocketMessages.Next(id, next), cancellation).ConfigureAwait(false);
        }

        return true;
    }

    private void Send(ReadOnlyMemory<byte> message)
    {
        if (_outgoing.Writer.TryWrite(message))
            SendWaiting();
        else
            EndSlow();
    }

    // A result waits for room in the queue, so that the reader paces a source with many results. A reader that makes no
    // room in time is cut.
    private ValueTask SendInTurnAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        if (!_outgoing.Writer.TryWrite(message)) return SendWhenRoomAsync(message, cancellation);
        SendWaiting();
        return ValueTask.CompletedTask;
    }

    private async ValueTask SendWhenRoomAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(message, cancellation).AsTask()
                .WaitAsync(_options.SlowClientTimeout, _executor.Options.Clock, cancellation).ConfigureAwait(false);
            SendWaiting();
        }
        catch (TimeoutException)
        {
            EndSlow();
        }
        catch (ChannelClosedException)
        {
            // The connection is ending.
        }
    }

    private void EndSlow() => End(
        1013, $"The limit {LimitNames.Queue} is {_limits.MaxQueuedResults} messages that the client did not read");

    // One caller sends at a time. A caller that comes meanwhile leaves word, and the sender looks once more.
    private void SendWaiting()
    {
        if (Interlocked.Increment(ref _senders) == 1)
            _ = SendAsync();
    }

    // Sends the waiting messages, then the reason for the end.
    private async Task SendAsync()
    {
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _senders);
                while (_outgoing.Reader.TryRead(out var message))
                {
                    // Without a token of its own a message takes the socket's short way. Whoever aborts aborts the
                    // socket: what a token would do as well.
                    await _socket.SendAsync(
                        message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None)
                        .ConfigureAwait(false);
                }

                if (_outgoing.Reader.Completion.IsCompleted)
                {
                    var (code, reason) = _close ?? (1000, "");
                    await _socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, _abort.Token)
                        .ConfigureAwait(false);
                    _sent.TrySetResult();
                    return;
                }
            }
            while (Interlocked.CompareExchange(ref _senders, 0, seen) != seen);
        }
        catch (Exception gone)
        {
            // The client left, or does not read.
            _sent.TrySetException(gone);
        }
    }

    // Ends the connection once; a client that does not close its side in time is cut off.
    private void End(int code, string reason)
    {
        lock (_outgoing)
        {
            if (_close is not null)
                return;
            _close = (code, reason);
        }

        _outgoing.Writer.TryComplete();
        SendWaiting();
        _ending.Cancel();
        _abort.CancelAfter(_options.CloseTimeout);
    }
}
