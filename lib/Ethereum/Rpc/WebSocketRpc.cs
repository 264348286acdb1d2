// JSON-RPC over one WebSocket: requests with answers, and subscriptions. Enters: calls. Leaves: results, and
// notifications in the order in which the node sent them. Always holds: once the connection breaks, every waiting call
// and every subscription fails; nothing reconnects here (ChainSubscription does); a slow reader is cut off, never
// buffered for ever.
using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Rpc;

/// <summary>A JSON-RPC connection over WebSocket.</summary>
public sealed class WebSocketRpc : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly RpcOptions _options;
    private readonly string _name;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<long, Pending> _pending = new();
    private readonly ConcurrentDictionary<string, Subscriber> _subscribers = new();
    private Task _receiving = Task.CompletedTask;
    private long _lastId;
    private volatile RpcException? _broken;

    private WebSocketRpc(ClientWebSocket socket, Uri uri, RpcOptions options) =>
        (_socket, _name, _options) = (
            socket, uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), options);

    /// <summary>The effect of an answer, on the receiving loop.</summary>
    private sealed record Pending(string Method, Action<ReadOnlyMemory<byte>> Answer, Action<Exception> Fail);

    private sealed record Subscriber(Func<ReadOnlyMemory<byte>, bool> Deliver, Action<Exception> Fail);

    /// <summary>Connects.</summary>
    public static async Task<WebSocketRpc> ConnectAsync(Uri uri, RpcOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(options);
        var socket = new ClientWebSocket();
        var rpc = new WebSocketRpc(socket, uri, options);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.RequestTimeout);
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
            socket.Options.KeepAliveTimeout = options.RequestTimeout;
            await socket.ConnectAsync(uri, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is WebSocketException or OperationCanceledException)
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new RpcException(RpcFault.Unreachable, rpc._name, "connect", refused.Message, refused);
        }

        rpc._receiving = Task.Run(rpc.ReceiveAsync, CancellationToken.None);
        return rpc;
    }

    /// <summary>Calls a method and reads its result.</summary>
    public async Task<T> CallAsync<T>(RpcCall call, RpcResultReader<T> read, CancellationToken cancellation)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = Interlocked.Increment(ref _lastId);
        _pending[id] = new Pending(
            call.Method,
            body => completion.TrySetResult(RpcEnvelope.Read(body.Span, id, read)),
            failure => completion.TrySetException(failure));
        try
        {
            await SendAsync(call, id, cancellation).ConfigureAwait(false);
            return await completion.Task.WaitAsync(_options.RequestTimeout, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException slow)
        {
            throw new RpcException(RpcFault.TimedOut, _name, call.Method,
                $"expected an answer within {_options.RequestTimeout}, found none", slow);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Subscribes; the notifications end with the fault that broke the connection.</summary>
    public async Task<ChannelReader<T>> SubscribeAsync<T>(
        string kind, Action<Utf8JsonWriter>? filter, RpcResultReader<T> read, CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<T>(
            new BoundedChannelOptions(_options.MaxWaitingNotifications) { SingleReader = true, SingleWriter = true });
        var subscriber = new Subscriber(
            body => channel.Writer.TryWrite(RpcNotification.Read(body.Span, read)),
            failure => channel.Writer.TryComplete(failure));
        // The subscription is entered while its answer is read, on the receiving loop: the node may notify at once.
        await CallAsync(
            new RpcCall("eth_subscribe", json =>
            {
                json.WriteStringValue(kind);
                filter?.Invoke(json);
            }),
            (ref Utf8JsonReader reader) =>
            {
                var id = JsonValues.Text(ref reader);
                _subscribers[id] = subscriber;
                return id;
            },
            cancellation).ConfigureAwait(false);
        if (_broken is { } broken) subscriber.Fail(broken);
        return channel.Reader;
    }

    /// <summary>Closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    private async Task SendAsync(RpcCall call, long id, CancellationToken cancellation)
    {
        var request = new ArrayBufferWriter<byte>(256);
        RpcEnvelope.Write(request, call, id);
        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_broken is { } broken) throw new RpcException(broken.Fault, _name, call.Method, broken.Message, broken);
            await _socket.SendAsync(request.WrittenMemory, WebSocketMessageType.Text,
                WebSocketMessageFlags.EndOfMessage, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new RpcException(RpcFault.Unreachable, _name, call.Method, failure.Message, failure);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.GetMemory(4096), _closing.Token).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                    throw Break("the node closed the connection", RpcFault.Unreachable);
                buffer.Advance(part.Count);
                if (buffer.WrittenCount > _options.MaxReplyBytes)
                    throw Break($"expected messages of at most {_options.MaxReplyBytes} bytes, found more",
                        RpcFault.ReplyTooLarge);
                if (!part.EndOfMessage) continue;
                Dispatch(buffer.WrittenMemory);
                buffer.ResetWrittenCount();
            }
        }
        catch (RpcException fault)
        {
            FailAll(fault);
        }
        catch (Exception failure) when (
            failure is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            FailAll(new RpcException(RpcFault.Unreachable, _name, "receive", failure.Message, failure));
        }
    }

    private void Dispatch(ReadOnlyMemory<byte> message)
    {
        string? subscription;
        long? id;
        try
        {
            (id, subscription) = RpcNotification.Peek(message.Span);
        }
        catch (JsonException broken)
        {
            throw new RpcException(RpcFault.Malformed, _name, "receive",
                $"a malformed message of {message.Length} bytes: {broken.Message}", broken);
        }

        if (id is { } known && _pending.TryGetValue(known, out var pending)) Answer(pending, message);
        else if (subscription is not null && _subscribers.TryGetValue(subscription, out var subscriber))
            Deliver(subscription, subscriber, message);
    }

    private void Answer(Pending pending, ReadOnlyMemory<byte> message)
    {
        try
        {
            pending.Answer(message);
        }
        catch (RpcErrorException refused)
        {
            pending.Fail(RpcException.FromError(_name, pending.Method, refused.Error));
        }
        catch (Exception broken) when (broken is JsonException or FormatException or OverflowException)
        {
            pending.Fail(new RpcException(RpcFault.Malformed, _name, pending.Method, broken.Message, broken));
        }
    }

    private void Deliver(string id, Subscriber subscriber, ReadOnlyMemory<byte> message)
    {
        try
        {
            if (subscriber.Deliver(message)) return;
            throw new RpcException(
                RpcFault.Unavailable, _name, "eth_subscription",
                $"expected a reader at most {_options.MaxWaitingNotifications} notifications behind, found more");
        }
        catch (Exception failure) when (
            failure is RpcException or JsonException or FormatException or OverflowException)
        {
            _subscribers.TryRemove(id, out _);
            subscriber.Fail(
                failure as RpcException ?? new RpcException(
                    RpcFault.Malformed, _name, "eth_subscription", failure.Message, failure));
        }
    }

    private RpcException Break(string message, RpcFault fault) => new(fault, _name, "receive", message);

    private void FailAll(RpcException fault)
    {
        _broken = fault;
        foreach (var pending in _pending.Values) pending.Fail(fault);
        foreach (var subscriber in _subscribers.Values) subscriber.Fail(fault);
    }
}
