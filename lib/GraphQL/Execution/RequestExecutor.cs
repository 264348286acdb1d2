// A request enters, a result leaves (specification 6.1): find the document, read and validate it once, choose the
// operation, coerce the variables, check the cost, run. Whatever goes wrong before fields run is a result without
// data; the caller never sees an exception but its own cancellation.
using System.Runtime.CompilerServices;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation;

namespace EventSourced.GraphQL.Execution;

/// <summary>Runs requests against a schema.</summary>
public sealed class RequestExecutor
{
    private readonly DocumentCache _documents;
    private readonly PersistedDocuments _persisted;
    private readonly SharedQueries? _shared;

    /// <summary>An executor with a document cache of its own.</summary>
    public RequestExecutor(Schema schema, ExecutionOptions? options = null)
    {
        Schema = schema;
        Options = options ?? new();
        _documents = new(Options.DocumentCacheSize);
        _persisted = new(Options);
        _shared = Options.SharesEqualQueries ? new() : null;
    }

    /// <summary>The schema.</summary>
    public Schema Schema { get; }

    /// <summary>The options of the executor.</summary>
    public ExecutionOptions Options { get; }

    /// <summary>The number of cached documents.</summary>
    public int CachedDocuments => _documents.Count;

    /// <summary>Runs a document in text.</summary>
    public ValueTask<ExecutionResult> ExecuteAsync(string document, CancellationToken cancellation = default) =>
        ExecuteAsync(OperationRequest.FromText(document), cancellation);

    /// <summary>Runs a request.</summary>
    public async ValueTask<ExecutionResult> ExecuteAsync(
        OperationRequest request, CancellationToken cancellation = default)
    {
        try
        {
            var operation = Prepare(request);
            var variables = operation.Plan.CoerceVariables(request.Variables);
            operation.CheckCost(variables, Options.Limits);
            if (_shared is not null && operation.Plan.Operation.Operation == OperationType.Query)
                return await _shared.AskAsync(
                    operation.Plan, KeyOf(variables), stop => ExecuteAsync(operation.Plan, variables, null, null, stop),
                    cancellation).ConfigureAwait(false);
            return operation.Plan.Operation.Operation == OperationType.Subscription
                ? await SubscribeAsync(operation.Plan, variables, request.Services, cancellation).ConfigureAwait(false)
                : await ExecuteAsync(operation.Plan, variables, request.Services, null, cancellation)
                .ConfigureAwait(false);
        }
        catch (GraphQLException refusal)
        {
            Options.OnRefused?.Invoke(refusal);
            return ExecutionResult.Refused(refusal.Errors.AsSpan());
        }
    }

    /// <summary>The kind of operation that a request would run, or null when it would be refused before it
    /// runs.</summary>
    public OperationType? KindOf(OperationRequest request)
    {
        try
        {
            return Prepare(request).Plan.Operation.Operation;
        }
        catch (GraphQLException)
        {
            return null;
        }
    }

    private PlannedOperation Prepare(OperationRequest request)
    {
        var (source, register) = _persisted.Find(request);
        if (_documents.Find(source.Span) is not { } document)
        {
            document = Read(source);
            _documents.Add(document);
        }

        if (register is not null)
            _persisted.Register(register, document.Document.Source);
        var operation = document.Operation(request.OperationName);
        if (request.QueriesOnly && operation.Plan.Operation.Operation != OperationType.Query)
        {
            throw new GraphQLException(new GraphQLError(
                "Only queries can be run over GET; send mutations and subscriptions by POST.",
                ErrorCodes.MethodNotAllowed));
        }

        return operation;
    }

    private CachedDocument Read(ReadOnlyMemory<byte> source)
    {
        // Checked before the copy: variables that are too large are not worth one.
        if (source.Length > Options.Limits.MaxDocumentBytes)
            throw LimitExceeded.Exception(LimitNames.DocumentBytes, Options.Limits.MaxDocumentBytes, source.Length);
        var document = Parser.Parse(source.ToArray(), Options.Limits.Parser);
        DocumentMeasure.Check(document, Options.Limits);
        var errors =
            DocumentValidator.Validate(
                Schema, document, DocumentValidator.DefaultMaxErrors, Options.AllowIntrospection);
        return errors.IsEmpty ? new(Schema, document) : throw new GraphQLException(errors);
    }

    private async ValueTask<OperationResult> ExecuteAsync(
        OperationPlan plan, IReadOnlyDictionary<string, object?> variables, IServiceProvider? services, object? root,
        CancellationToken cancellation)
    {
        using var deadline = new Deadline(Options, cancellation);
        var execution = new OperationExecution(new(plan, variables, services, deadline.Token), Options);
        try
        {
            var executing = execution.ExecuteAsync(root);
            var data = executing.IsCompletedSuccessfully
                ? executing.Result
                : await executing.AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
            return new(data, execution.Errors, hasData: true);
        }
        catch (OperationCanceledException) when (deadline.IsOver && !cancellation.IsCancellationRequested)
        {
            throw LimitExceeded.Exception(
                LimitNames.Time, Options.Limits.Timeout.TotalMilliseconds, deadline.Elapsed.TotalMilliseconds);
        }
    }

    // 6.2.3: the source stream is made now, so that its failure is the request's; each event is run when it is read.
    private async ValueTask<ExecutionResult> SubscribeAsync(
        OperationPlan plan, IReadOnlyDictionary<string, object?> variables, IServiceProvider? services,
        CancellationToken cancellation)
    {
        var selection = plan.Root.Selections[0];
        var subscriber = selection.Binding?.Subscriber ?? throw new GraphQLException(new GraphQLError(
            $"Expected a source of events for {plan.Root.Type}.{selection.Field.Name}, found none.",
            ErrorCodes.Internal));
        var path = ResultPath.Field(null, selection.ResponseName);
        var context = new ResolverContext(
            new(plan, variables, services, cancellation), selection, plan.Root.Type, null, path, static _ => { });
        IAsyncEnumerable<object?> events;
        try
        {
            events = await subscriber(context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not (GraphQLException or OperationCanceledException))
        {
            Options.OnUnexpectedError?.Invoke(failure, path);
            throw new GraphQLException(Unexpected(failure, path));
        }

        return new ResponseStream(reader => ReadAsync(plan, variables, services, events, path, reader));
    }

    private async IAsyncEnumerable<OperationResult> ReadAsync(
        OperationPlan plan, IReadOnlyDictionary<string, object?> variables, IServiceProvider? services,
        IAsyncEnumerable<object?> events, ResultPath path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var source = events.GetAsyncEnumerator(cancellation);
        string? asked = null;
        while (true)
        {
            OperationResult? last = null;
            try
            {
                if (!await source.MoveNextAsync().ConfigureAwait(false))
                    yield break;
            }
            catch (GraphQLException ended)
            {
                last = ExecutionResult.Refused(ended.Errors.AsSpan());
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Options.OnUnexpectedError?.Invoke(failure, path);
                last = ExecutionResult.Refused(Unexpected(failure, path));
            }

            if (last is not null)
            {
                yield return last;
                yield break;
            }

            yield return source.Current is SharedEvent shared
                ? await shared.ResultAsync(
                    plan, asked ??= KeyOf(variables),
                    () => RunEventAsync(plan, variables, null, shared, CancellationToken.None))
                    .WaitAsync(cancellation).ConfigureAwait(false)
                : await RunEventAsync(plan, variables, services, source.Current, cancellation).ConfigureAwait(false);
        }
    }

    // Values of one plan's variables, coerced by one schema: values that are equal as JSON are equal.
    private static string KeyOf(IReadOnlyDictionary<string, object?> variables) =>
        variables.Count == 0 ? "" : JsonSerializer.Serialize(variables);

    private async ValueTask<OperationResult> RunEventAsync(
        OperationPlan plan, IReadOnlyDictionary<string, object?> variables, IServiceProvider? services, object? root,
        CancellationToken cancellation)
    {
        try
        {
            return await ExecuteAsync(plan, variables, services, root, cancellation).ConfigureAwait(false);
        }
        catch (GraphQLException refusal)
        {
            return ExecutionResult.Refused(refusal.Errors.AsSpan());
        }
    }

    private GraphQLError Unexpected(Exception failure, ResultPath path) =>
        new(Options.IncludeExceptionDetails ? failure.Message : "Unexpected Execution Error", ErrorCodes.Internal)
        {
            Path = path,
            Exception = failure,
        };
}
