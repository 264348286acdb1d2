// The form of a column's values in JSON, and of a client's values in parameters. These forms measured best: everything
// is text that is concatenated, quotes stand around text that needs no escapes, and to_json escapes the rest. The kinds
// stand in SqlScalar.Kinds.cs.
using EventSourced.GraphQL.TypeSystem;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

/// <summary>The kind of a column's values.</summary>
/// <param name="Name">The scalar's or enum's name in the schema.</param>
/// <param name="Inner">A column's value, not null, to its JSON text without quotes, in SQL.</param>
/// <param name="Cast">The type that a parameter is cast to.</param>
/// <param name="ParameterType">The type that a parameter is sent as.</param>
/// <param name="Parameter">A coerced value to the parameter that is sent.</param>
public sealed partial record SqlScalar(
    string Name, Func<string, string> Inner, string Cast, NpgsqlDbType ParameterType, Func<object, object> Parameter)
{
    /// <summary>The text before the value; it joins the literals beside it, which saves work.</summary>
    public string Before { get; init; } = "";

    /// <summary>The text behind the value.</summary>
    public string After { get; init; } = "";

    /// <summary>The definition of the scalar or enum, when the schema has to bring it.</summary>
    public string? Sdl { get; init; }

    /// <summary>The coercions of the scalar, when its values are not plain strings.</summary>
    public ScalarBinding? Binding { get; init; }

    /// <summary>Whether contains, startsWith and endsWith make sense.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether one value is more than another: whether gt, min and max make sense.</summary>
    public bool HasOrder { get; init; } = true;

    /// <summary>Whether its values are names that the schema lists.</summary>
    public bool IsEnum { get; init; }

    /// <summary>The value that stands for none, in SQL: a column that declares it shows null for it.</summary>
    public string None { get; init; } = "''";

    /// <summary>The name of the scalar of a sum of many: wider than one value.</summary>
    public string SumName { get; init; } = Name;

    /// <summary>The beginning and the end of a sum's text, when they differ from a value's.</summary>
    internal string SumQuote { get; init; } = "";

    /// <summary>
    /// A moment to the beginning of its hour, day, week or month, in SQL; null for a kind that is no time.
    /// </summary>
    public Func<TimeBucket, string, string>? Bucket { get; init; }

    /// <summary>The kind of the elements, when a column holds a list.</summary>
    public SqlScalar? Element { get; init; }

    /// <summary>Whether a list has an element: the column and the element's placeholder, to SQL.</summary>
    internal Func<string, string, string>? HasElement { get; init; }

    /// <summary>The name in the schema: <c>Wei</c>, <c>[ID!]</c>.</summary>
    public string TypeName => Element is { } element ? $"[{element.Name}!]" : Name;

    /// <summary>The input that compares its values.</summary>
    internal string FilterName => Element is { } element ? $"{element.Name}sFilter" : $"{Name}Filter";

    /// <summary>The whole JSON text of a value that is not null.</summary>
    internal string Json(string operand) =>
        Before.Length == 0 ? Inner(operand) : $"'{Before}' || ({Inner(operand)})::text || '{After}'";
}

/// <summary>A stretch of time that moments are gathered in; all in UTC.</summary>
public enum TimeBucket
{
    /// <summary>From one full hour to the next.</summary>
    Hour,

    /// <summary>From midnight to midnight.</summary>
    Day,

    /// <summary>From Monday to Monday.</summary>
    Week,

    /// <summary>From one first of the month to the next.</summary>
    Month,
}
