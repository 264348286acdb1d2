// graphql-sse, distinct connections mode: one operation, one response, one event for each result. While nothing
// happens a comment keeps the connection alive, and shows the server that the client left.
using System.Buffers;
using System.Text;
using System.Threading.Channels;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

internal static class EventStreamWriter
{
    public static async Task WriteAsync(
        HttpContext context, ExecutionResult result, ExecutionOptions execution, TransportOptions options)
    {
        var results = Channel.CreateBounded<OperationResult>(execution.Limits.MaxQueuedResults);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var producing = ProduceAsync(result, results.Writer, execution, options, ended.Token);
        try
        {
            await OpenAsync(context).ConfigureAwait(false);
            await PumpAsync(context, results.Reader, Next, options, execution.Clock).ConfigureAwait(false);
            WriteComplete(context.Response.BodyWriter, null);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public static async Task OpenAsync(HttpContext context)
    {
        context.Response.ContentType = MediaTypes.EventStream;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.BodyWriter.Write(":\n\n"u8);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    // Writes events until there are no more, and a comment whenever no event came for a while.
    public static async Task PumpAsync<T>(
        HttpContext context, ChannelReader<T> reader, Action<IBufferWriter<byte>, T> write, TransportOptions options,
        TimeProvider clock)
    {
        var output = context.Response.BodyWriter;
        while (true)
        {
            var waiting = reader.WaitToReadAsync(context.RequestAborted).AsTask();
            while (true)
            {
                try
                {
                    if (!await waiting.WaitAsync(options.KeepAliveInterval, clock, context.RequestAborted)
                        .ConfigureAwait(false))
                        return;
                    break;
                }
                catch (TimeoutException)
                {
                    output.Write(":\n\n"u8);
                    await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                }
            }

            while (reader.TryRead(out var item))
                write(output, item);
            await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static void Next(IBufferWriter<byte> output, OperationResult result)
    {
        output.Write("event: next\ndata: "u8);
        result.WriteTo(output);
        output.Write("\n\n"u8);
    }

    public static void WriteComplete(IBufferWriter<byte> output, string? data)
    {
        output.Write("event: complete\ndata: "u8);
        output.Write(Encoding.UTF8.GetBytes(data ?? ""));
        output.Write("\n\n"u8);
    }

    // A client that does not read gets the reason for the cut, as far as it still reads.
    private static async Task ProduceAsync(
        ExecutionResult result, ChannelWriter<OperationResult> writer, ExecutionOptions execution,
        TransportOptions options, CancellationToken cancellation)
    {
        try
        {
            if (result is OperationResult only)
            {
                await writer.WriteAsync(only, cancellation).ConfigureAwait(false);
                return;
            }

            await foreach (var next in ((ResponseStream)result).ReadResultsAsync(cancellation).ConfigureAwait(false))
            {
                if (writer.TryWrite(next))
                    continue;
                var room = writer.WaitToWriteAsync(cancellation).AsTask();
                if (await IsInTimeAsync(room, execution, options, cancellation).ConfigureAwait(false)
                    && writer.TryWrite(next))
                    continue;
                var capacity = execution.Limits.MaxQueuedResults;
                var refusal = ExecutionResult.Refused(LimitExceeded.Error(LimitNames.Queue, capacity, capacity + 1));
                await writer.WriteAsync(refusal, cancellation).ConfigureAwait(false);
                return;
            }
        }
        finally
        {
            writer.TryComplete();
        }
    }

    private static async Task<bool> IsInTimeAsync(
        Task<bool> room, ExecutionOptions execution, TransportOptions options, CancellationToken cancellation)
    {
        try
        {
            return await room.WaitAsync(options.SlowClientTimeout, execution.Clock, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
