// A model enters, the schema's definitions leave: types, filters, orders and connections in the conventions of
// HotChocolate and Relay. Everything that a client can name has a description.
using System.Globalization;
using System.Text;

namespace EventSourced.GraphQL.Sql;

internal sealed class SqlSchemaDocument(SqlModel model)
{
    private readonly StringBuilder _sdl = new();

    public static string Write(SqlModel model)
    {
        var document = new SqlSchemaDocument(model);
        document.WriteAll();
        return document._sdl.ToString();
    }

    // A description as a string of the language.
    public static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .ReplaceLineEndings(" ")}\"";

    // Every scalar that the schema speaks of, with those that only sums and blocks need.
    public static IReadOnlyList<SqlScalar> Scalars(SqlModel model)
    {
        var scalars = model.Tables.SelectMany(table => table.Fields).Select(column => column.Scalar)
            .SelectMany(scalar => scalar.Element is { } element ? new[] { scalar, element } : [scalar])
            .DistinctBy(scalar => scalar.Name).ToList();
        foreach (var needed in new[] { SqlScalar.Long, SqlScalar.BigInt })
        {
            var isSummed = scalars.Exists(scalar => scalar.SumName == needed.Name);
            if (!scalars.Exists(scalar => scalar.Name == needed.Name)
                && (isSummed || (needed.Name == "Long" && model.Blocks is not null)))
                scalars.Add(needed);
        }

        return scalars;
    }

    private void WriteAll()
    {
        Line("""
            "Where a page begins and ends, and whether there is more."
            type PageInfo {
              "Whether there are rows behind this page."
              hasNextPage: Boolean!
              "Whether there are rows before this page."
              hasPreviousPage: Boolean!
              "The cursor of the first row; null on an empty page."
              startCursor: String
              "The cursor of the last row; null on an empty page."
              endCursor: String
            }
            "A direction of an order."
            enum SortDirection { "The smallest first." ASC "The largest first." DESC }
            "A stretch of time to gather moments in; all in UTC."
            enum TimeBucket { "Full hours." HOUR "Days." DAY "Weeks, from Monday." WEEK "Calendar months." MONTH }
            "Which groups come first."
            enum GroupOrder {
              "Those with the most rows." COUNT_DESC "Those with the fewest rows." COUNT_ASC
              "Those with the smallest keys: time runs forward." KEY_ASC "Those with the largest keys." KEY_DESC
            }
            """);
        if (model.Tables.Any(table => table.Prefix is not null))
        {
            Line("\"Whatever has an id of its own.\" interface Node { \"The global id: the type's prefix, a hyphen " +
                "and the key, as in task-42.\" id: ID! }");
        }

        if (model.Blocks is not null)
            WriteBlockInputs();
        foreach (var scalar in Scalars(model))
        {
            if (scalar.Element is null)
                Line(scalar.Sdl ?? "");
        }

        WriteFilters();
        foreach (var table in model.Tables)
        {
            WriteType(table);
            WriteInputs(table);
            WriteConnection(table);
            WriteAggregates(table);
        }

        WriteQuery();
    }

    private void WriteBlockInputs() => Line("""
        "A block to read at: everything is as it was right after it. Exactly one of the fields."
        input BlockInput @oneOf {
          "The block with this number; refused when it is beyond the index."
          number: Long
          "The canonical block with this hash in hex; refused when it is unknown or was given up in a reorg."
          hash: String
          "The newest block, which must have at least this number; refused while the index is not there yet."
          numberAtLeast: Long
          "So many blocks before the newest one."
          ago: Long
        }
        "How settled the newest block must be that is read at."
        enum Finality {
          "The newest block of the index; a reorg may still take it back."
          LATEST
          "A block that no honest majority takes back. The index keeps one boundary, so it is the same as FINALIZED."
          SAFE
          "The newest block that never changes any more."
          FINALIZED
        }
        """);

    private void WriteFilters()
    {
        var columns = model.Tables.SelectMany(table => table.Fields).DistinctBy(column => column.FilterName);
        foreach (var column in columns)
        {
            if (column.Scalar.Element is { } element)
                WriteListFilter(column.FilterName, element);
            else
                WriteFilter(column.FilterName, column.Scalar, column.IsSearchable);
        }
    }

    private void WriteFilter(string filter, SqlScalar scalar, bool isSearchable)
    {
        var name = scalar.Name;
        Line($"\"How values of {name} are compared; all that is given must hold.\" input {filter} {{");
        Line($"\"Equal to this; null finds none.\" eq: {name} \"Not equal to this.\" neq: {name}");
        Line($"\"Equal to one of these.\" in: [{name}!] \"Equal to none of these.\" nin: [{name}!]");
        if (scalar.HasOrder && !scalar.IsEnum)
        {
            Line($"\"Greater than this.\" gt: {name} \"Greater than this or equal.\" gte: {name}");
            Line($"\"Less than this.\" lt: {name} \"Less than this or equal.\" lte: {name}");
        }

        if (scalar.IsText)
        {
            Line($"\"Has this in it; case does not matter.\" contains: {name} \"Begins with this; case does not " +
                $"matter.\" startsWith: {name} \"Ends with this; case does not matter.\" endsWith: {name}");
        }

        if (isSearchable)
        {
            Line("\"Has these words, in any order and case; \\\"..\\\" is a phrase, or and - work as in a search " +
                $"engine. At most {SqlLimits.MaxSearchLength} characters.\" matches: String");
        }

        Line("}");
    }

    private void WriteListFilter(string filter, SqlScalar element) => Line(
        $"\"What a list of {element.Name} must have; all that is given must hold.\" input {filter} {{ \"This is in " +
        $"it.\" contains: {element.Name} \"Whether there is anything in it.\" any: Boolean }}");

    private void WriteType(SqlTable table)
    {
        var type = table.TypeName;
        var node = table.Prefix is null ? "" : " implements Node";
        Line($"{Described(table.Description, $"A row of {type}.")} type {type}{node} {{");
        foreach (var column in table.Fields)
        {
            Line($"{Described(column.Description, $"The {column.Field} of the {type}.")} {column.Field}: " +
                $"{column.Scalar.TypeName}{(column.MayBeNull ? "" : "!")}");
        }

        foreach (var relation in table.Relations)
        {
            var target = relation.IsMany
                ? $"{relation.Target}Connection!"
                : relation.Target + (relation.IsNullable ? "" : "!");
            var arguments = relation.IsMany ? $"({PageArguments(relation.Target)})" : "";
            Line($"{Described(relation.Description, $"The {relation.Field} of the {type}.")} " +
                $"{relation.Field}{arguments}: {target}{(relation.IsMany ? ListSize : "")}");
        }

        Line("}");
    }

    private static string ListSize =>
        $" @listSize(assumedSize: {SqlLimits.DefaultPageSize}, slicingArguments: [\"first\", \"last\"], sizedFields: " +
        $"[\"nodes\", \"edges\"])";

    private static string PageArguments(string type) => $"""
        "At most so many from the beginning." first: Int "After this cursor." after: String
        "At most so many from the end." last: Int "Before this cursor." before: String
        "Which rows." where: {type}Filter
        "In which order; the key decides where it leaves a choice." order: [{type}Sort!]
        "Of rows that are alike in these fields only the first in the order; the order begins with these fields."
        distinctOn: [{type}Field!]
        """;

    private string BlockArguments => model.Blocks is null
        ? ""
        : "\"As it was at this block.\" block: BlockInput \"How settled the newest block must be.\" finality: " +
            "Finality = LATEST";

    private void WriteInputs(SqlTable table)
    {
        var type = table.TypeName;
        Line($"\"Which rows of {type}; all that is given must hold.\" input {type}Filter {{ \"All of these hold.\" " +
            $"and: [{type}Filter!] \"One of these holds.\" or: [{type}Filter!] \"This does not hold.\" not: " +
            $"{type}Filter");
        foreach (var column in table.Fields)
            Line($"\"By {column.Field}.\" {column.Field}: {column.FilterName}");
        foreach (var relation in table.Relations)
        {
            Line($"\"By what is true of {relation.Field}.\" {relation.Field}: {relation.Target}" +
                $"{(relation.IsMany ? "ListFilter" : "Filter")}");
        }

        Line("}");
        Line($"\"Which rows of {type} must be among the related ones.\" input {type}ListFilter {{ \"One of them at " +
            $"least.\" some: {type}Filter \"None of them.\" none: {type}Filter \"All of them.\" all: {type}Filter " +
            "\"Whether there are any.\" any: Boolean }");
        Line($"\"One field to order {type} by.\" input {type}Sort @oneOf {{");
        foreach (var column in table.Fields.Where(column => column.IsOrderable && column.Scalar.Element is null))
            Line($"\"By {column.Field}.\" {column.Field}: SortDirection");
        foreach (var relation in table.Relations.Where(relation => relation is { IsMany: false, IsOrderable: true }))
        {
            Line($"\"By a field of {relation.Field}; rows without one come last.\" {relation.Field}: " +
                $"{relation.Target}Sort");
        }

        Line("}");
        Line($"\"The fields that make rows of {type} alike.\" enum {type}Field {{");
        foreach (var column in table.Columns.Where(column => column.IsOrderable && column.Scalar.Element is null))
            Line($"\"The {column.Field}.\" {column.Field}");
        Line("}");
    }

    private void WriteConnection(SqlTable table)
    {
        var type = table.TypeName;
        Line($$"""
            "A page of {{type}}."
            type {{type}}Connection {
              "The rows of the page."
              nodes: [{{type}}!]!
              "The rows of the page with their cursors."
              edges: [{{type}}Edge!]!
              "Where the page begins and ends."
              pageInfo: PageInfo!
              "All rows that the filter lets in, not only this page's."
              totalCount: Int!
              "Figures over all rows that the filter lets in."
              aggregates: {{type}}Aggregates!
            }
            "A {{type}} and its place in the order."
            type {{type}}Edge {
              "The place in the order: for after and before."
              cursor: String!
              "The row."
              node: {{type}}!
            }
            """);
    }

    private void WriteAggregates(SqlTable table)
    {
        var type = table.TypeName;
        var summable = table.Columns.Where(column => column.IsSummable).ToList();
        var comparable = table.Columns.Where(column => column.IsComparable).ToList();
        var groupable = table.Columns.Where(column => column.IsGroupable).ToList();
        var figures = "\"How many rows.\" count: Int!";
        if (summable.Count > 0)
            figures += $" \"Sums.\" sum: {type}Sums! \"Means.\" avg: {type}Averages!";
        if (comparable.Count > 0)
            figures += $" \"The smallest values.\" min: {type}Extremes! \"The largest values.\" max: {type}Extremes!";
        Line($"\"Figures over rows of {type}.\" type {type}Aggregates {{ {figures}");
        if (groupable.Count > 0)
        {
            Line($"\"The same figures for each group of rows that are alike.\" groupBy(\"What makes rows alike: at " +
                $"most {SqlLimits.MaxGroupColumns} fields.\" by: [{type}GroupBy!]! \"At most so many groups; never " +
                $"more than {SqlLimits.MaxGroups}.\" first: Int = {SqlLimits.MaxGroups} \"Which groups come first.\" " +
                $"order: GroupOrder = COUNT_DESC): [{type}Group!]!");
        }

        Line("}");
        WriteFigures($"A sum for each field of {type}; null when there are no rows.", $"{type}Sums", summable,
            column => column.Scalar.SumName);
        WriteFigures($"A mean for each field of {type}; null when there are no rows.", $"{type}Averages", summable,
            _ => "Float");
        WriteFigures($"An extreme value of each field of {type}; null when there are no rows.", $"{type}Extremes",
            comparable, column => column.Scalar.Name);
        if (groupable.Count == 0)
            return;
        WriteFigures($"What the rows of a group of {type} share; a field that they are not grouped by is null.",
            $"{type}GroupKey", groupable, column => column.Scalar.Name);
        Line($"\"The fields to group {type} by.\" enum {type}GroupField {{");
        foreach (var column in groupable)
            Line($"\"The {column.Field}.\" {column.Field}");
        Line("}");
        Line($"\"A field to group {type} by.\" input {type}GroupBy {{ \"The field.\" field: {type}GroupField! \"For " +
            $"times: the stretch to gather them in; the key is its beginning.\" bucket: TimeBucket }}");
        Line($"\"Rows of {type} that are alike.\" type {type}Group {{ \"What they share.\" key: {type}GroupKey! " +
            $"{figures} }}");
    }

    private void WriteFigures(
        string description, string type, List<SqlColumn> columns, Func<SqlColumn, string> scalar)
    {
        if (columns.Count == 0)
            return;
        Line($"\"{description}\" type {type} {{");
        foreach (var column in columns)
            Line($"\"Of {column.Field}.\" {column.Field}: {scalar(column)}");
        Line("}");
    }

    private void WriteQuery()
    {
        Line("type Query {");
        if (model.Tables.Any(table => table.Prefix is not null))
        {
            Line($"\"Whatever has this id, or null.\" node(\"The global id.\" id: ID! {BlockArguments}): Node");
            Line($"\"Whatever has these ids, in their order; null where nothing has the id. At most {NodeIds.MaxIds} " +
                $"ids.\" nodes(\"The global ids.\" ids: [ID!]! {BlockArguments}): [Node]! @listSize(assumedSize: " +
                $"{NodeIds.MaxIds})");
        }

        foreach (var table in model.Tables)
        {
            var (key, scalar, what) = table.Prefix is { } prefix
                ? ("id", "ID", $"The global id, or the {table.Key} alone: {prefix}-42 or 42.")
                : (table.Key, table.KeyColumn.Scalar.Name, $"The {table.Key}.");
            Line($"\"The {table.TypeName} with this {key}, or null.\" {table.SingleField}(\"{what}\" {key}: " +
                $"{scalar}! {BlockArguments}): {table.TypeName}");
            Line($"\"A page of {table.TypeName}.\" {table.ManyField}({PageArguments(table.TypeName)} " +
                $"{BlockArguments}): {table.TypeName}Connection{ListSize}");
        }

        Line("}");
    }

    private static string Described(string description, string otherwise) =>
        Quoted(description.Length > 0 ? description : otherwise);

    private void Line(string text) => _sdl.AppendLine(CultureInfo.InvariantCulture, $"{text}");
}
