// A model enters, the schema's definitions leave: types, filters, orders and connections in the conventions of
// HotChocolate and Relay, each with a description.
using System.Globalization;
using System.Text;

namespace EventSourced.GraphQL.Sql;

internal sealed class SqlSchemaDocument(SqlModel model)
{
    public const int DefaultPageSize = 20;

    private readonly StringBuilder _sdl = new();

    public static string Write(SqlModel model)
    {
        var document = new SqlSchemaDocument(model);
        document.WriteAll();
        return document._sdl.ToString();
    }

    private void WriteAll()
    {
        Line("""
            "Where a page begins and ends, and whether there is more."
            type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
            "Ascending or descending."
            enum SortDirection { ASC DESC }
            """);
        if (model.Blocks is not null)
        {
            Line("""
                "A point in the past: the number or the hash of a canonical block."
                input BlockInput @oneOf { number: Int hash: String }
                """);
        }

        var scalars = model.Tables.SelectMany(table => table.Columns).Select(column => column.Scalar)
            .DistinctBy(scalar => scalar.Name).ToList();
        foreach (var scalar in scalars)
        {
            Line(scalar.Sdl ?? "");
            WriteFilter(scalar);
        }

        foreach (var table in model.Tables)
        {
            WriteType(table);
            WriteInputs(table);
            WriteConnection(table);
            WriteAggregates(table);
        }

        WriteQuery();
    }

    private void WriteFilter(SqlScalar scalar)
    {
        var name = scalar.Name;
        Line($"\"How values of {name} are compared; all that is given must hold.\" input {name}Filter {{ eq: {name} " +
            $"neq: {name} in: [{name}!] nin: [{name}!]");
        if (name is not ("Boolean" or "ID"))
            Line($"gt: {name} gte: {name} lt: {name} lte: {name}");
        if (scalar.IsText)
            Line($"\"Case does not matter.\" contains: {name} startsWith: {name} endsWith: {name}");
        Line("}");
    }

    private void WriteType(SqlTable table)
    {
        Line($"{Described(table.Description, $"A row of {table.TypeName}.")} type {table.TypeName} {{");
        foreach (var column in table.Columns)
            Line($"{Described(column.Description, $"The {column.Field} of the {table.TypeName}.")} {column.Field}: " +
                $"{column.Scalar.Name}{(column.IsNullable ? "" : "!")}");
        foreach (var relation in table.Relations)
        {
            var type = relation.IsMany
                ? $"{relation.Target}Connection!"
                : relation.Target + (relation.IsNullable ? "" : "!");
            var arguments = relation.IsMany ? $"({PageArguments(relation.Target)})" : "";
            Line($"{Described(relation.Description, $"The {relation.Field} of the {table.TypeName}.")} " +
                $"{relation.Field}{arguments}: {type}{(relation.IsMany ? ListSize : "")}");
        }

        Line("}");
    }

    private static string ListSize =>
        $" @listSize(assumedSize: {DefaultPageSize}, slicingArguments: [\"first\", \"last\"], sizedFields: " +
        $"[\"nodes\", \"edges\"])";

    private static string PageArguments(string type) => $"""
        "At most so many from the beginning." first: Int "After this cursor." after: String
        "At most so many from the end." last: Int "Before this cursor." before: String
        "Which rows." where: {type}Filter
        "In which order; the key decides where it leaves a choice." order: [{type}Sort!]
        """;

    private string BlockArgument => model.Blocks is null ? "" : "\"As it was at this block.\" block: BlockInput";

    private void WriteInputs(SqlTable table)
    {
        var type = table.TypeName;
        Line($"\"Which rows of {type}; all that is given must hold.\" input {type}Filter {{ and: [{type}Filter!] " +
            $"or: [{type}Filter!] not: {type}Filter");
        foreach (var column in table.Columns)
            Line($"{column.Field}: {column.Scalar.Name}Filter");
        foreach (var relation in table.Relations)
            Line($"{relation.Field}: {relation.Target}{(relation.IsMany ? "ListFilter" : "Filter")}");
        Line("}");
        Line($"\"Which rows of {type} must be among the related ones.\" input {type}ListFilter {{ some: " +
            $"{type}Filter none: {type}Filter all: {type}Filter any: Boolean }}");
        Line($"\"One column to order {type} by.\" input {type}Sort @oneOf {{");
        foreach (var column in table.Columns.Where(column => column.IsOrderable))
            Line($"{column.Field}: SortDirection");
        Line("}");
    }

    private void WriteConnection(SqlTable table)
    {
        var type = table.TypeName;
        Line($$"""
            "A page of {{type}}."
            type {{type}}Connection {
              nodes: [{{type}}!]!
              edges: [{{type}}Edge!]!
              pageInfo: PageInfo!
              "All rows that the filter lets in, not only this page's."
              totalCount: Int!
              "Figures over all rows that the filter lets in."
              aggregates: {{type}}Aggregates!
            }
            "A {{type}} and its place in the order."
            type {{type}}Edge { cursor: String! node: {{type}}! }
            """);
    }

    private void WriteAggregates(SqlTable table)
    {
        var type = table.TypeName;
        var summable = table.Columns.Where(column => column.IsSummable).ToList();
        var groupable = table.Columns.Where(column => column.IsGroupable).ToList();
        Line($"\"Figures over rows of {type}.\" type {type}Aggregates {{ count: Int!");
        if (summable.Count > 0)
            Line($"sum: {type}Figures! avg: {type}Averages! min: {type}Figures! max: {type}Figures!");
        if (groupable.Count > 0)
            Line($"\"At most {SqlLimits.MaxGroups} groups, the largest first.\" groupBy(by: {type}Group!): " +
                $"[{type}GroupAggregates!]!");
        Line("}");
        if (summable.Count > 0)
        {
            Line($"\"A figure for each column; null when there are no rows.\" type {type}Figures {{ " +
                $"{string.Join(' ', summable.Select(c => $"{c.Field}: {c.Scalar.Name}"))} }}");
            Line($"\"A mean for each column; null when there are no rows.\" type {type}Averages {{ " +
                $"{string.Join(' ', summable.Select(c => $"{c.Field}: Float"))} }}");
        }

        if (groupable.Count > 0)
        {
            Line($"\"The columns to group {type} by.\" enum {type}Group {{ " +
                $"{string.Join(' ', groupable.Select(c => c.Field))} }}");
            Line($"\"One group of {type}.\" type {type}GroupAggregates {{ \"The value that the rows share.\" key: " +
                $"String count: Int!");
            if (summable.Count > 0)
                Line($"sum: {type}Figures! avg: {type}Averages! min: {type}Figures! max: {type}Figures!");
            Line("}");
        }
    }

    private void WriteQuery()
    {
        Line("type Query {");
        foreach (var table in model.Tables)
        {
            var key = table.KeyColumn;
            Line($"\"The {table.TypeName} with this {key.Field}, or null.\" {table.SingleField}({key.Field}: " +
                $"{key.Scalar.Name}! {BlockArgument}): {table.TypeName}");
            Line($"\"A page of {table.TypeName}.\" {table.ManyField}({PageArguments(table.TypeName)} " +
                $"{BlockArgument}): {table.TypeName}Connection!{ListSize}");
        }

        Line("}");
    }

    private static string Described(string description, string otherwise) =>
        $"\"{(description.Length > 0 ? description : otherwise).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private void Line(string text) => _sdl.AppendLine(CultureInfo.InvariantCulture, $"{text}");
}

internal static class SqlLimits
{
    public const int MaxGroups = 1_000;

    // `||` chains are cut into groups of so many, far below where PostgreSQL's planner runs out of stack.
    public const int MaxConcatenated = 100;

    public const int MaxStatements = 64;
}
