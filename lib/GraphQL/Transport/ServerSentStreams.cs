// graphql-sse, single connection mode: a client reserves a stream (PUT), opens it (GET with the token), starts
// operations on it (POST, answered 202), and stops them (DELETE). For HTTP/1, where a browser has six connections
// only. Reservations, streams and operations are all bounded.
using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

internal sealed class ServerSentStreams(RequestExecutor executor, TransportOptions options)
{
    private const string TokenHeader = "X-GraphQL-Event-Stream-Token";

    private readonly ConcurrentDictionary<string, ServerSentStream> _streams = new(StringComparer.Ordinal);

    public static bool IsSingleConnection(HttpRequest request) =>
        HttpMethods.IsPut(request.Method) || HttpMethods.IsDelete(request.Method)
        || request.Headers.ContainsKey(TokenHeader) || request.Query.ContainsKey("token");

    public Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsPut(context.Request.Method))
            return ReserveAsync(context);
        var token = context.Request.Headers[TokenHeader].ToString() is { Length: > 0 } header
            ? header
            : context.Request.Query["token"].ToString();
        if (!_streams.TryGetValue(token, out var stream))
            return GraphQLHttpHandler.RefuseAsync(
                context, ResponseForm.Json, StatusCodes.Status404NotFound, ErrorCodes.BadRequest,
                "Expected the token of a reserved event stream, found none of that name.");
        if (HttpMethods.IsDelete(context.Request.Method))
            return StopAsync(context, stream);
        return MediaTypes.Negotiate(context.Request.Headers.Accept) == ResponseForm.EventStream
            && HttpMethods.IsGet(context.Request.Method)
            ? OpenAsync(context, token, stream)
            : StartAsync(context, stream);
    }

    private async Task ReserveAsync(HttpContext context)
    {
        Sweep();
        if (_streams.Count >= options.MaxEventStreams)
        {
            await GraphQLHttpHandler.RefuseAsync(
                context, ResponseForm.Json, StatusCodes.Status503ServiceUnavailable, ErrorCodes.LimitExceeded,
                "Too many event streams are open; try again later.").ConfigureAwait(false);
            return;
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _streams[token] = new(executor.Options.Clock.GetTimestamp(), executor.Options.Limits.MaxQueuedResults);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(token, context.RequestAborted).ConfigureAwait(false);
    }

    // Reservations that nobody took are forgotten.
    private void Sweep()
    {
        foreach (var (token, stream) in _streams)
        {
            if (!stream.IsOpen && executor.Options.Clock.GetElapsedTime(stream.ReservedAt) > options.ReservationTimeout)
                _streams.TryRemove(token, out _);
        }
    }

    private async Task OpenAsync(HttpContext context, string token, ServerSentStream stream)
    {
        if (!stream.TryOpen(context.RequestAborted))
        {
            await GraphQLHttpHandler.RefuseAsync(
                context, ResponseForm.Json, StatusCodes.Status409Conflict, ErrorCodes.BadRequest,
                "The event stream is open already.").ConfigureAwait(false);
            return;
        }

        try
        {
            await EventStreamWriter.OpenAsync(context).ConfigureAwait(false);
            await EventStreamWriter.PumpAsync(
                context, stream.Events.Reader, static (output, bytes) =>
                    output.Write(bytes.Span), options, executor.Options.Clock).ConfigureAwait(false);
        }
        finally
        {
            _streams.TryRemove(token, out _);
            await stream.CloseAsync().ConfigureAwait(false);
            stream.Dispose();
        }
    }

    private async Task StartAsync(HttpContext context, ServerSentStream stream)
    {
        try
        {
            var isGet = HttpMethods.IsGet(context.Request.Method);
            var request = isGet
                ? RequestParser.Parse(name => context.Request.Query[name], executor.Options.Limits)
                : RequestParser.Parse(
                    await RequestBody.TakeAsync(context.Request, executor.Options).ConfigureAwait(false),
                    executor.Options.Limits);
            var id = request.Extensions is { } extensions && extensions.TryGetProperty("operationId", out var given)
                && given.ValueKind == JsonValueKind.String
                ? given.GetString()!
                : throw new GraphQLException(
                    new GraphQLError("Expected extensions.operationId, found none.", ErrorCodes.BadRequest));
            var running = stream.Begin(id, executor.Options.Limits.MaxSubscriptionsPerConnection);
            _ = RunAsync(stream, id, request, running);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (GraphQLException refusal)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = MediaTypes.Json;
            ExecutionResult.Refused(refusal.Errors.AsSpan()).WriteTo(context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(
        ServerSentStream stream, string id, OperationRequest request, CancellationToken cancellation)
    {
        try
        {
            switch (await executor.ExecuteAsync(request, cancellation).ConfigureAwait(false))
            {
                case OperationResult result:
                    await stream.SendAsync(Next(id, result), cancellation).ConfigureAwait(false);
                    break;
                case ResponseStream results:
                    await foreach (var result in results.ReadResultsAsync(cancellation).ConfigureAwait(false))
                        await stream.SendAsync(Next(id, result), cancellation).ConfigureAwait(false);
                    break;
            }

            await stream.SendAsync(Complete(id), cancellation).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ChannelClosedException)
        {
            // Stopped by the client, or the stream is gone.
        }
        finally
        {
            stream.End(id);
        }
    }

    private static Task StopAsync(HttpContext context, ServerSentStream stream)
    {
        stream.End(context.Request.Query["operationId"].ToString());
        context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }

    private static ArrayBufferWriter<byte> Begin(ReadOnlySpan<byte> prefix, string id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(prefix);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(id));
        return buffer;
    }

    private static ReadOnlyMemory<byte> Next(string id, OperationResult result)
    {
        var buffer = Begin("event: next\ndata: {\"id\":"u8, id);
        buffer.Write(",\"payload\":"u8);
        result.WriteTo(buffer);
        buffer.Write("}\n\n"u8);
        return buffer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Complete(string id)
    {
        var buffer = Begin("event: complete\ndata: {\"id\":"u8, id);
        buffer.Write("}\n\n"u8);
        return buffer.WrittenMemory;
    }

    private sealed class ServerSentStream(long reservedAt, int capacity) : IDisposable
    {
        private readonly ConcurrentDictionary<string, CancellationTokenSource> _operations =
            new(StringComparer.Ordinal);
        private readonly CancellationTokenSource _closed = new();
        private int _opened;

        public long ReservedAt => reservedAt;

        public bool IsOpen => Volatile.Read(ref _opened) == 1;

        public Channel<ReadOnlyMemory<byte>> Events { get; } = Channel.CreateBounded<ReadOnlyMemory<byte>>(capacity);

        public bool TryOpen(CancellationToken aborted)
        {
            if (Interlocked.Exchange(ref _opened, 1) == 1)
                return false;
            aborted.Register(() => Events.Writer.TryComplete());
            return true;
        }

        public CancellationToken Begin(string id, int maximum)
        {
            if (_operations.Count >= maximum)
                throw LimitExceeded.Exception(LimitNames.Subscriptions, maximum, maximum + 1);
            var running = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            return _operations.TryAdd(id, running)
                ? running.Token
                : throw new GraphQLException(
                    new GraphQLError($"The operation {id} runs already.", ErrorCodes.BadRequest));
        }

        public void End(string id)
        {
            if (_operations.TryRemove(id, out var running))
                running.Cancel();
        }

        // Waits for a slow reader: the queue is the operation's own back pressure, and closing the stream ends the
        // wait.
        public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            Events.Writer.WriteAsync(bytes, cancellation);

        public async Task CloseAsync()
        {
            Events.Writer.TryComplete();
            await _closed.CancelAsync().ConfigureAwait(false);
        }

        public void Dispose() => _closed.Dispose();
    }
}
