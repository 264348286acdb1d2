// A plan, variables and a root value enter; a result tree and errors leave (specification 6.2 to 6.4). Fields of
// queries run side by side, root fields of mutations one after the other. What completes at once costs no task. An
// error nulls the nearest parent that may be null; nothing is thrown across fields.
using System.Collections;
using System.Collections.Immutable;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal sealed class OperationExecution(RequestContext request, ExecutionOptions options)
{
    private readonly List<GraphQLError> _errors = [];

    public ImmutableArray<GraphQLError> Errors
    {
        get
        {
            lock (_errors)
                return [.. _errors];
        }
    }

    // The response's data: a tree, or null when an error reached the root.
    public async ValueTask<ResultObject?> ExecuteAsync(object? rootValue)
    {
        var isSerial = request.Plan.Operation.Operation == OperationType.Mutation;
        var data = await ExecuteSelectionSetAsync(request.Plan.Root, rootValue, null, isSerial).ConfigureAwait(false);
        return data as ResultObject;
    }

    private static async ValueTask<object?> AwaitAllAsync(
        SelectionSet set, object?[] values, List<(int Index, ValueTask<object?> Value)> pending)
    {
        foreach (var (index, value) in pending)
            values[index] = await value.ConfigureAwait(false);
        return Finished(set, values);
    }

    private static object Finished(SelectionSet set, object?[] values) =>
        Array.IndexOf(values, ResultMark.Nulled) >= 0 ? ResultMark.Nulled : new ResultObject(set.Names, values);

    private ValueTask<object?> ExecuteSelectionSetAsync(
        SelectionSet set, object? parent, ResultPath? path, bool isSerial = false)
    {
        if (isSerial)
            return ExecuteSeriallyAsync(set, parent, path);
        var values = new object?[set.Selections.Length];
        List<(int, ValueTask<object?>)>? pending = null;
        for (var index = 0; index < values.Length; index++)
        {
            var selection = set.Selections[index];
            if (!set.IsUnconditional && !selection.IsIncluded(request.Variables))
            {
                values[index] = ResultMark.Absent;
                continue;
            }

            var value = ExecuteFieldAsync(selection, set.Type, parent, path);
            if (value.IsCompletedSuccessfully)
                values[index] = value.Result;
            else
                (pending ??= []).Add((index, value));
        }

        return pending is null
            ? ValueTask.FromResult<object?>(Finished(set, values))
            : AwaitAllAsync(set, values, pending);
    }

    // 6.2.2: a mutation's effects happen in the order of its fields.
    private async ValueTask<object?> ExecuteSeriallyAsync(SelectionSet set, object? parent, ResultPath? path)
    {
        var values = new object?[set.Selections.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var selection = set.Selections[index];
            values[index] = selection.IsIncluded(request.Variables)
                ? await ExecuteFieldAsync(selection, set.Type, parent, path).ConfigureAwait(false)
                : ResultMark.Absent;
        }

        return Finished(set, values);
    }

    // 6.4
    private ValueTask<object?> ExecuteFieldAsync(
        Selection selection, ObjectType parentType, object? parent, ResultPath? parentPath)
    {
        if (ReferenceEquals(selection.Field, request.Plan.Schema.TypeNameMetaField))
            return ValueTask.FromResult<object?>(parentType.Name);
        var path = ResultPath.Field(parentPath, selection.ResponseName);
        ValueTask<object?> value;
        try
        {
            request.RequestAborted.ThrowIfCancellationRequested();
            if (selection.Binding?.Resolver is { } resolver)
                value = resolver(new(request, selection, parentType, parent, path, Report));
            else if (parentPath is null && parentType == request.Plan.Schema.SubscriptionType)
                value = ValueTask.FromResult(parent);
            else
                value = ValueTask.FromResult(DefaultResolver.Resolve(parent, selection.Field.Name));
            if (value.IsCompletedSuccessfully)
                return CompleteAsync(selection, selection.Field.Type, value.Result, path);
        }
        catch (Exception failure) when (IsFieldError(failure))
        {
            return ValueTask.FromResult<object?>(Failed(selection, selection.Field.Type, failure, path));
        }

        return ResolveAndCompleteAsync(selection, value, path);
    }

    private async ValueTask<object?> ResolveAndCompleteAsync(
        Selection selection, ValueTask<object?> resolving, ResultPath path)
    {
        object? value;
        try
        {
            value = await resolving.ConfigureAwait(false);
        }
        catch (Exception failure) when (IsFieldError(failure))
        {
            return Failed(selection, selection.Field.Type, failure, path);
        }

        return await CompleteAsync(selection, selection.Field.Type, value, path).ConfigureAwait(false);
    }

    // When the request itself ends, it ends as a whole.
    private bool IsFieldError(Exception failure) =>
        !(failure is OperationCanceledException && request.RequestAborted.IsCancellationRequested);

    // 6.4.3
    private ValueTask<object?> CompleteAsync(Selection selection, GraphQLType type, object? value, ResultPath path)
    {
        var completed = CompleteNullableAsync(selection, type.Nullable, value, path);
        return completed.IsCompletedSuccessfully
            ? ValueTask.FromResult(Nullability(selection, type, completed.Result, path))
            : AwaitNullabilityAsync(selection, type, completed, path);
    }

    private async ValueTask<object?> AwaitNullabilityAsync(
        Selection selection, GraphQLType type, ValueTask<object?> completing, ResultPath path) =>
        Nullability(selection, type, await completing.ConfigureAwait(false), path);

    // 6.4.4: where null may not stand, the parent takes the null; where it may, it stops here.
    private object? Nullability(Selection selection, GraphQLType type, object? value, ResultPath path)
    {
        if (!type.IsNonNull)
            return ReferenceEquals(value, ResultMark.Nulled) ? null : value;
        if (value is not null)
            return value;
        Report(ErrorAt(selection, path, "Cannot return null for a non-nullable field.", ErrorCodes.Internal));
        return ResultMark.Nulled;
    }

    private ValueTask<object?> CompleteNullableAsync(
        Selection selection, GraphQLType type, object? value, ResultPath path)
    {
        switch (value)
        {
            case null:
                return ValueTask.FromResult<object?>(null);
            case RawJson:
                return ValueTask.FromResult<object?>(value);
        }

        try
        {
            return type switch
            {
                ListType list => CompleteListAsync(selection, list, value, path),
                ScalarType scalar => ValueTask.FromResult(Serialized(selection, scalar.Binding.Serialize(value), path)),
                EnumType @enum => ValueTask.FromResult(Serialized(selection, SerializeEnum(@enum, value), path)),
                _ => CompleteObjectAsync(selection, (NamedType)type, value, path),
            };
        }
        catch (Exception failure) when (IsFieldError(failure))
        {
            Failed(selection, type, failure, path);
            return ValueTask.FromResult<object?>(ResultMark.Nulled);
        }
    }

    private object? Serialized(Selection selection, Coercion coerced, ResultPath path)
    {
        if (coerced.IsGood)
            return coerced.Value;
        Report(ErrorAt(selection, path, coerced.Problem!, ErrorCodes.Internal));
        return ResultMark.Nulled;
    }

    private static Coercion SerializeEnum(EnumType type, object value)
    {
        var name = value.ToString()!;
        var member = type.Values[name] ?? (value is Enum ? type.Values[UpperSnake(name)] : null);
        return member is null
            ? Coercion.Failed($"Enum \"{type}\" cannot represent value: \"{name}\"")
            : Coercion.Of(member.Name);
    }

    // LatestBlock of C# is LATEST_BLOCK of GraphQL.
    private static string UpperSnake(string name) => string.Concat(name.Select((letter, at) =>
        at > 0 && char.IsUpper(letter) && !char.IsUpper(name[at - 1])
            ? $"_{letter}"
            : $"{char.ToUpperInvariant(letter)}"));

    private ValueTask<object?> CompleteObjectAsync(Selection selection, NamedType type, object value, ResultPath path)
    {
        if (TypeResolution.Resolve(request.Plan.Schema, type, value) is { } objectType)
            return ExecuteSelectionSetAsync(selection.SelectionSet(objectType), value, path);
        var message =
            $"Abstract type \"{type}\" must resolve to one of its object types; the value is a {value.GetType().Name}.";
        Report(ErrorAt(selection, path, message, ErrorCodes.Internal));
        return ValueTask.FromResult<object?>(ResultMark.Nulled);
    }

    private ValueTask<object?> CompleteListAsync(Selection selection, ListType type, object value, ResultPath path)
    {
        if (value is string or IReadOnlyDictionary<string, object?> || value is not IEnumerable source)
        {
            Report(ErrorAt(
                selection, path, $"Expected a list for type {type}, found a {value.GetType().Name}.",
                ErrorCodes.Internal));
            return ValueTask.FromResult<object?>(ResultMark.Nulled);
        }

        var elements = new List<object?>((value as ICollection)?.Count ?? 4);
        List<(int Index, ValueTask<object?> Value)>? pending = null;
        foreach (var item in source)
        {
            var element = CompleteAsync(selection, type.ElementType, item, ResultPath.Element(path, elements.Count));
            if (element.IsCompletedSuccessfully)
            {
                elements.Add(element.Result);
                continue;
            }

            (pending ??= []).Add((elements.Count, element));
            elements.Add(null);
        }

        return pending is null ? ValueTask.FromResult(FinishedList(elements)) : AwaitElementsAsync(elements, pending);
    }

    private static async ValueTask<object?> AwaitElementsAsync(
        List<object?> elements, List<(int Index, ValueTask<object?> Value)> pending)
    {
        foreach (var (index, value) in pending)
            elements[index] = await value.ConfigureAwait(false);
        return FinishedList(elements);
    }

    private static object? FinishedList(List<object?> elements) =>
        elements.Contains(ResultMark.Nulled) ? ResultMark.Nulled : new ResultList([.. elements]);

    private ResultMark? Failed(Selection selection, GraphQLType type, Exception failure, ResultPath path)
    {
        if (failure is GraphQLException known)
        {
            foreach (var error in known.Errors)
                Report(error with
                {
                    Path = error.Path ?? path,
                    Locations = error.Locations.IsEmpty
                    ? Locate(selection)
                    : error.Locations
                });
        }
        else
        {
            var message = options.IncludeExceptionDetails ? failure.Message : "Unexpected Execution Error";
            Report(ErrorAt(selection, path, message, ErrorCodes.Internal) with { Exception = failure });
            options.OnUnexpectedError?.Invoke(failure, path);
        }

        return type.IsNonNull ? ResultMark.Nulled : null;
    }

    private GraphQLError ErrorAt(Selection selection, ResultPath path, string message, string code) =>
        new(message, code) { Locations = Locate(selection), Path = path };

    private ImmutableArray<SourceLocation> Locate(Selection selection) => request.Plan.Document.Locate(selection.Node);

    private void Report(GraphQLError error)
    {
        lock (_errors)
        {
            if (_errors.Count < options.MaxErrors)
                _errors.Add(error);
        }
    }
}
