// A request's body enters piece by piece, its bytes leave in one piece; never more than the limit are held, and never
// for longer than the request may take. A reader in place gives the bytes back (AdvanceTo), or the server closes the
// connection behind the answer.
using System.Buffers;
using System.IO.Pipelines;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

internal static class RequestBody
{
    // A copy, for operations that outlive their request.
    public static async ValueTask<ReadOnlyMemory<byte>> TakeAsync(HttpRequest request, ExecutionOptions options)
    {
        var body = await ReadAsync(request, options).ConfigureAwait(false);
        var bytes = body.ToArray();
        request.BodyReader.AdvanceTo(body.End);
        return bytes;
    }

    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, ExecutionOptions options)
    {
        var maximum = options.Limits.MaxRequestBytes;
        if (request.ContentLength > maximum)
            throw LimitExceeded.Exception(LimitNames.RequestBytes, maximum, request.ContentLength.Value);
        var reader = request.BodyReader;
        var aborted = request.HttpContext.RequestAborted;
        if (reader.TryRead(out var ready) && IsWhole(ready, reader, maximum))
            return ready.Buffer;

        using var deadline = new Deadline(options, aborted);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(deadline.Token).ConfigureAwait(false);
                if (IsWhole(result, reader, maximum))
                    return result.Buffer;
            }
        }
        catch (OperationCanceledException) when (deadline.IsOver && !aborted.IsCancellationRequested)
        {
            throw new SlowBodyException(LimitExceeded.Error(
                LimitNames.Time, options.Limits.Timeout.TotalMilliseconds, deadline.Elapsed.TotalMilliseconds));
        }
    }

    private static bool IsWhole(ReadResult result, PipeReader reader, int maximum)
    {
        var length = result.Buffer.Length;
        if (length > maximum)
        {
            // Given back, so that the server can read the rest away and the client gets its answer.
            reader.AdvanceTo(result.Buffer.End);
            throw LimitExceeded.Exception(LimitNames.RequestBytes, maximum, length);
        }

        if (result.IsCompleted)
            return true;
        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        return false;
    }
}

internal sealed class SlowBodyException(GraphQLError error) : GraphQLException(error);
