// An operation that was parsed, validated and compiled: everything about it that does not depend on a request.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

/// <summary>An operation, ready to run.</summary>
public sealed class OperationPlan
{
    private const int MaxProblems = 50;
    private const int MaxPlans = 64;

    private readonly ConcurrentDictionary<string, object> _plans = new(StringComparer.Ordinal);
    private readonly ImmutableArray<(VariableDefinitionNode Syntax, GraphQLType Type, object? Default)> _variables;

    internal OperationPlan(Schema schema, DocumentNode document, OperationDefinitionNode operation, ObjectType root)
    {
        Schema = schema;
        Document = document;
        Operation = operation;
        Root = new OperationCompiler(schema, document).CompileRoot(operation, root);
        _variables = [.. operation.VariableDefinitions.Select(variable => Prepare(schema, variable))];
        Variables = [.. _variables.Select(variable => (variable.Syntax.Name, variable.Type))];
    }

    /// <summary>The schema.</summary>
    public Schema Schema { get; }

    /// <summary>The document that holds the operation.</summary>
    public DocumentNode Document { get; }

    /// <summary>The operation as it is written.</summary>
    public OperationDefinitionNode Operation { get; }

    /// <summary>The selection on the root.</summary>
    public SelectionSet Root { get; }

    /// <summary>The variables and their types.</summary>
    public ImmutableArray<(string Name, GraphQLType Type)> Variables { get; }

    /// <summary>Returns a resolver's earlier work for this operation, under a key of its own, or makes it.</summary>
    public TPlan Plan<TPlan>(string key, Func<TPlan> make)
        where TPlan : class
    {
        if (_plans.TryGetValue(key, out var known))
            return (TPlan)known;
        var made = make();
        if (_plans.Count < MaxPlans)
            _plans[key] = made;
        return made;
    }

    /// <summary>The operation that a name chooses (6.1 "GetOperation").</summary>
    /// <exception cref="GraphQLException">There is none, or there are several and no name.</exception>
    public static OperationPlan Find(Schema schema, DocumentNode document, string? name)
    {
        var operations = document.Operations.ToList();
        var operation = operations.Find(candidate => name is null || candidate.Name == name);
        if (name is null && operations.Count != 1)
            throw Unresolved("Must provide operation name if query contains multiple operations.");
        if (operation is null)
            throw Unresolved($"Unknown operation named \"{name}\".");
        var root = schema.RootType(operation.Operation)
            ?? throw Unresolved(
                $"The schema does not support {operation.Operation.ToString().ToLowerInvariant()} operations.");
        return new(schema, document, operation, root);
    }

    /// <summary>The variables' values (6.1.2), defaults included.</summary>
    /// <exception cref="GraphQLException">Some value does not fit.</exception>
    public IReadOnlyDictionary<string, object?> CoerceVariables(JsonElement? variables)
    {
        if (_variables.IsEmpty)
            return ImmutableDictionary<string, object?>.Empty;
        var values = new Dictionary<string, object?>(_variables.Length, StringComparer.Ordinal);
        List<GraphQLError>? errors = null;
        var given = variables is { ValueKind: JsonValueKind.Object } element ? element : default(JsonElement?);
        foreach (var (syntax, type, byDefault) in _variables)
        {
            if (given is { } json && json.TryGetProperty(syntax.Name, out var value))
            {
                values[syntax.Name] =
                    InputCoercion.FromJson(value, type, "", (path, problem) => Add(ref errors, syntax, path, problem));
            }
            else if (syntax.DefaultValue is not null)
            {
                values[syntax.Name] = byDefault;
            }
            else if (type.IsNonNull)
            {
                (errors ??= [])
                    .Add(Invalid(syntax, $"Variable \"${syntax.Name}\" of required type \"{type}\" was not provided."));
            }
        }

        return errors is null ? values : throw new GraphQLException([.. errors]);
    }

    private void Add(ref List<GraphQLError>? errors, VariableDefinitionNode syntax, string path, string problem)
    {
        errors ??= [];
        if (errors.Count >= MaxProblems)
            throw new GraphQLException([.. errors]);
        var at = path.Length == 0 ? "" : $" at \"{syntax.Name}{path}\"";
        errors.Add(Invalid(syntax, $"Variable \"${syntax.Name}\" got invalid value{at}; {problem}"));
    }

    private GraphQLError Invalid(VariableDefinitionNode syntax, string message) =>
        new(message, ErrorCodes.BadUserInput) { Locations = Document.Locate(syntax) };

    private static (VariableDefinitionNode, GraphQLType, object?) Prepare(
        Schema schema, VariableDefinitionNode variable)
    {
        var type = TypeRelations.Resolve(schema, variable.Type)!;
        return (variable, type, variable.DefaultValue is { } literal ? InputCoercion.Default(literal, type) : null);
    }

    private static GraphQLException Unresolved(string message) =>
        new(new GraphQLError(message, ErrorCodes.OperationResolution));
}
