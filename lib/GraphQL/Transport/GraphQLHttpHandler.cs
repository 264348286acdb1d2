// One terminal handler for a GraphQL endpoint (GraphQL over HTTP): POST and GET with both media types, event streams
// (graphql-sse) and WebSockets (graphql-transport-ws). Requests enter, responses leave; when the client leaves, its
// requests are cancelled.
using System.Buffers;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using Microsoft.AspNetCore.Http;

namespace EventSourced.GraphQL.Transport;

/// <summary>Serves GraphQL over HTTP.</summary>
public sealed class GraphQLHttpHandler
{
    private readonly RequestExecutor _executor;
    private readonly TransportOptions _options;
    private readonly ServerSentStreams _eventStreams;

    /// <summary>A handler for an executor.</summary>
    public GraphQLHttpHandler(RequestExecutor executor, TransportOptions? options = null)
    {
        _executor = executor;
        _options = options ?? new();
        _eventStreams = new(executor, _options);
    }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await DispatchAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left: nobody waits for an answer.
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return WebSocketConnection.ServeAsync(context, _executor, _options);
        if (ServerSentStreams.IsSingleConnection(context.Request))
            return _eventStreams.HandleAsync(context);
        return AnswerAsync(context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var isGet = HttpMethods.IsGet(request.Method);
        if (!HttpMethods.IsPost(request.Method) && !(isGet && _options.AllowGet))
        {
            context.Response.Headers.Allow = _options.AllowGet ? "GET, POST" : "POST";
            await RefuseAsync(
                context, ResponseForm.Json, StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed,
                $"Expected GET or POST, found {request.Method}.").ConfigureAwait(false);
            return;
        }

        if (MediaTypes.Negotiate(request.Headers.Accept) is not { } form)
        {
            await RefuseAsync(
                context, ResponseForm.Json, StatusCodes.Status406NotAcceptable, ErrorCodes.BadRequest,
                "Expected an Accept header that lets in application/graphql-response+json, application/json or " +
                "text/event-stream.").ConfigureAwait(false);
            return;
        }

        if (!isGet && !MediaTypes.IsJson(request.ContentType))
        {
            await RefuseAsync(
                context, form, StatusCodes.Status415UnsupportedMediaType, ErrorCodes.BadRequest,
                $"Expected the content type application/json, found {request.ContentType ?? "none"}.")
                    .ConfigureAwait(false);
            return;
        }

        await RunAsync(context, form, isGet).ConfigureAwait(false);
    }

    private async Task RunAsync(HttpContext context, ResponseForm form, bool isGet)
    {
        ExecutionResult result;
        var isUnderstood = false;
        ReadOnlySequence<byte>? body = null;
        try
        {
            OperationRequest request;
            if (isGet)
            {
                request = RequestParser.Parse(name => context.Request.Query[name], _executor.Options.Limits);
            }
            else
            {
                var read = await RequestBody.ReadAsync(context.Request, _executor.Options).ConfigureAwait(false);
                body = read;
                request = RequestParser.Parse(Contiguous(read), _executor.Options.Limits);
            }

            isUnderstood = !request.Document.IsEmpty || request.DocumentId is not null
                || request.Extensions is not null;
            request = request with
            {
                Services = context.RequestServices,
                QueriesOnly = isGet && form != ResponseForm.EventStream,
            };
            result = await _executor.ExecuteAsync(request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (GraphQLException refusal)
        {
            result = ExecutionResult.Refused(refusal.Errors.AsSpan());
            if (refusal is SlowBodyException)
                context.Response.StatusCode = StatusCodes.Status408RequestTimeout;
        }

        if (body is { } taken)
            context.Request.BodyReader.AdvanceTo(taken.End);
        await WriteAsync(context, form, result, isUnderstood).ConfigureAwait(false);
    }

    private async Task WriteAsync(HttpContext context, ResponseForm form, ExecutionResult result, bool isUnderstood)
    {
        switch (result)
        {
            case OperationResult { HasData: false } refused when form == ResponseForm.EventStream
                && StatusOf(refused, true, isUnderstood) is not (400 or 200):
                await WriteAsync(context, ResponseForm.GraphQLResponse, refused, isUnderstood).ConfigureAwait(false);
                break;
            case var _ when form == ResponseForm.EventStream:
                await EventStreamWriter.WriteAsync(context, result, _executor.Options, _options).ConfigureAwait(false);
                break;
            case OperationResult response:
                if (context.Response.StatusCode == StatusCodes.Status200OK)
                    context.Response.StatusCode =
                        StatusOf(response, form == ResponseForm.GraphQLResponse, isUnderstood);
                if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
                    context.Response.Headers.Allow = "POST";
                context.Response.ContentType = form == ResponseForm.Json ? MediaTypes.Json : MediaTypes.GraphQLResponse;
                context.Response.ContentLength = response.Length;
                response.WriteTo(context.Response.BodyWriter);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                break;
            default:
                await RefuseAsync(
                    context, form, StatusCodes.Status406NotAcceptable, ErrorCodes.MethodNotAllowed,
                    "Subscriptions are served over WebSocket (graphql-transport-ws) and to requests that accept " +
                    "text/event-stream.").ConfigureAwait(false);
                break;
        }
    }

    // 6.4: the newer media type tells by its status whether the operation was run; the older one only whether the
    // request was understood.
    private static int StatusOf(OperationResult response, bool tellsByStatus, bool isUnderstood)
    {
        if (response.HasData)
            return StatusCodes.Status200OK;
        var first = response.Errors[0];
        return (first.Code, first.Extensions.GetValueOrDefault("limit")) switch
        {
            (ErrorCodes.MethodNotAllowed, _) => StatusCodes.Status405MethodNotAllowed,
            (ErrorCodes.LimitExceeded, LimitNames.RequestBytes) => StatusCodes.Status413PayloadTooLarge,
            (ErrorCodes.LimitExceeded, LimitNames.Time) => StatusCodes.Status503ServiceUnavailable,
            (ErrorCodes.Internal, _) => StatusCodes.Status500InternalServerError,
            (ErrorCodes.PersistedQueryNotFound or ErrorCodes.PersistedQueryNotSupported, _) => StatusCodes.Status200OK,
            _ => tellsByStatus || !isUnderstood ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK,
        };
    }

    internal static async Task RefuseAsync(
        HttpContext context, ResponseForm form, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = form == ResponseForm.GraphQLResponse
            ? MediaTypes.GraphQLResponse
            : MediaTypes.Json;
        ExecutionResult.Refused(new GraphQLError(message, code)).WriteTo(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    internal static ReadOnlyMemory<byte> Contiguous(ReadOnlySequence<byte> body) =>
        body.IsSingleSegment ? body.First : body.ToArray();
}
