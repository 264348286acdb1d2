// A statement while it is written: text from the model and from this library, and parameters for everything that a
// client sent. Finished, it is a text and, for each parameter, a way to find its value among the variables.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EventSourced.GraphQL.Errors;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

// Each parameter knows the root field of its part of the statement: a value that does not fit is that field's error.
internal readonly record struct StatementParameter(
    int Root, NpgsqlDbType Type, Func<IReadOnlyDictionary<string, object?>, object?> Source,
    Func<object, object> Convert);

internal sealed class Statement
{
    private readonly ImmutableArray<StatementParameter>.Builder _parameters =
        ImmutableArray.CreateBuilder<StatementParameter>();
    private int _aliases;

    // The root field that is being written.
    public int Root { get; set; }

    public string Alias(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{_aliases++}");

    // The placeholder of a client's value, cast to the column's type.
    public string Parameter(BoundValue value, SqlScalar scalar) =>
        Parameter(value.Source(), scalar.ParameterType, scalar.Cast, scalar.Parameter);

    public string Parameter(
        Func<IReadOnlyDictionary<string, object?>, object?> source, NpgsqlDbType type, string cast,
        Func<object, object> convert)
    {
        _parameters.Add(new(Root, type, source, convert));
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}::{cast}");
    }

    // The values that are made after the statement has run.
    public List<LateField> LateFields { get; } = [];

    // The text that stands in the JSON until the value is made.
    public string Late(Execution.Selection selection, SqlLate late, string given)
    {
        LateFields.Add(new(selection, late));
        return Sql.LateFields.Open(LateFields.Count - 1, given);
    }

    public PreparedPlan Finish(string text) => new(text, _parameters.ToImmutable());
}

/// <summary>One statement and how its parameters are filled; shared by all requests of one shape.</summary>
internal sealed record PreparedPlan(string Text, ImmutableArray<StatementParameter> Parameters)
{
    // Null when all went well; else the faults, by root field.
    public Dictionary<int, GraphQLException>? Fill(
        NpgsqlCommand command, IReadOnlyDictionary<string, object?> variables)
    {
        command.CommandText = Text;
        Dictionary<int, GraphQLException>? refusals = null;
        foreach (var (root, type, source, convert) in Parameters)
        {
            try
            {
                var value = source(variables);
                CheckText(value);
                command.Parameters.Add(
                    new NpgsqlParameter { NpgsqlDbType = type, Value = value is null ? DBNull.Value : convert(value) });
            }
            catch (GraphQLException refusal)
            {
                (refusals ??= []).TryAdd(root, refusal);
            }
        }

        return refusals;
    }

    private static void CheckText(object? value)
    {
        if (value is string text
            ? text.Contains('\0')
            : value is IReadOnlyList<object?> list && list.Any(element => element is string one && one.Contains('\0')))
        {
            throw new GraphQLException(
                new GraphQLError(
                    "Expected text without the character U+0000, which PostgreSQL cannot hold.",
                    ErrorCodes.BadUserInput));
        }
    }
}

/// <summary>JSON as a concatenation: literals that stand side by side become one, every operand is cast to
/// text.</summary>
internal sealed class Concatenation
{
    private readonly List<string> _operands = [];
    private readonly StringBuilder _literal = new();

    public Concatenation Literal(string text)
    {
        _literal.Append(text);
        return this;
    }

    public Concatenation Expression(string sql)
    {
        Flush();
        _operands.Add($"({sql})::text");
        return this;
    }

    public string ToSql()
    {
        Flush();
        var groups = _operands.Chunk(SqlLimits.MaxConcatenated).Select(group => string.Join(" || ", group)).ToList();
        return groups.Count == 1 ? groups[0] : $"({string.Join(") || (", groups)})";
    }

    private void Flush()
    {
        if (_literal.Length == 0)
            return;
        _operands.Add($"'{_literal.Replace("'", "''")}'::text");
        _literal.Clear();
    }
}
