// The context of a resolver: the parent object, the arguments, the selection below, and the parts of the request.
using System.Collections.Concurrent;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

/// <summary>Gives the value of a field. A <see cref="RawJson"/> is copied to the response as it is.</summary>
public delegate ValueTask<object?> FieldResolver(ResolverContext context);

/// <summary>Gives the events of a subscription's field. Without a resolver on the field, each event is the field's
/// value.</summary>
public delegate ValueTask<IAsyncEnumerable<object?>> EventSource(ResolverContext context);

/// <summary>The parts of one request.</summary>
public sealed class RequestContext
{
    private ConcurrentDictionary<string, object?>? _contextData;

    internal RequestContext(
        OperationPlan plan, IReadOnlyDictionary<string, object?> variables, IServiceProvider? services,
        CancellationToken aborted)
    {
        Plan = plan;
        Variables = variables;
        Services = services;
        RequestAborted = aborted;
    }

    /// <summary>The operation.</summary>
    public OperationPlan Plan { get; }

    /// <summary>The coerced variables.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; }

    /// <summary>The services of the host.</summary>
    public IServiceProvider? Services { get; }

    /// <summary>Ends when the client leaves or the time is over.</summary>
    public CancellationToken RequestAborted { get; }

    /// <summary>The one reading of a data source that all root fields of the request share. The library of the source
    /// sets it with the first root field and takes it back with the others.</summary>
    public object? RootReading { get; set; }

    /// <summary>The values that resolvers share within the request.</summary>
    public ConcurrentDictionary<string, object?> ContextData => _contextData ??= new(StringComparer.Ordinal);
}

/// <summary>One field of one object, for its resolver.</summary>
public sealed class ResolverContext
{
    private readonly Action<GraphQLError> _report;
    private readonly object? _parent;
    private IReadOnlyDictionary<string, object?>? _arguments;

    internal ResolverContext(
        RequestContext request, Selection selection, ObjectType parentType, object? parent, ResultPath path,
        Action<GraphQLError> report)
    {
        Request = request;
        Selection = selection;
        ParentType = parentType;
        Path = path;
        _parent = parent;
        _report = report;
    }

    /// <summary>The request.</summary>
    public RequestContext Request { get; }

    /// <summary>The schema.</summary>
    public Schema Schema => Request.Plan.Schema;

    /// <summary>The field and the selection below it.</summary>
    public Selection Selection { get; }

    /// <summary>The type of the parent.</summary>
    public ObjectType ParentType { get; }

    /// <summary>The field's place in the response.</summary>
    public ResultPath Path { get; }

    /// <summary>Ends when the client leaves or the time is over.</summary>
    public CancellationToken RequestAborted => Request.RequestAborted;

    /// <summary>The coerced variables.</summary>
    public IReadOnlyDictionary<string, object?> Variables => Request.Variables;

    /// <summary>The coerced arguments: those that were given or have a default.</summary>
    public IReadOnlyDictionary<string, object?> Arguments => _arguments ??= Selection.Arguments.Bind(Request.Variables);

    /// <summary>The object that the field belongs to.</summary>
    public T Parent<T>() => (T)_parent!;

    /// <summary>The value of an argument; null or zero when it was not given.</summary>
    public T ArgumentValue<T>(string name) =>
        Arguments.TryGetValue(name, out var value) && value is T typed ? typed : default!;

    /// <summary>A service of the host.</summary>
    public T Service<T>()
        where T : class => Request.Services?.GetService(typeof(T)) as T
            ?? throw new InvalidOperationException(
                $"Expected a service {typeof(T).Name} for {ParentType}.{Selection.Field.Name}, found none.");

    /// <summary>Adds an error beside the value that the resolver returns.</summary>
    public void ReportError(GraphQLError error) => _report(error with { Path = error.Path ?? Path });
}
