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
        var scalars = Columns(model).Select(column => column.Scalar)
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

    private static IEnumerable<SqlColumn> Columns(SqlModel model) =>
        model.Tables.SelectMany(table => table.Fields.Concat(table.Lists.SelectMany(list => list.Columns)));

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
            "The order of the groups."
            enum GroupOrder {
              "Those with the most rows." COUNT_DESC "Those with the fewest rows." COUNT_ASC
              "Those with the smallest keys: time runs forward." KEY_ASC "Those with the largest keys." KEY_DESC
            }
            """);
        if (model.Tables.Any(table => table.Prefix is not null))
        {
            Line("\"A thing with an id of its own.\" interface Node { \"The global id: the type's prefix, a hyphen " +
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
            foreach (var list in table.Lists)
            {
                WriteType(list.Rows);
                WriteFilterInput(list.Rows);
            }
        }

        WriteQuery();
    }

    private void WriteBlockInputs() => Line("""
        "A block to read at: all values are those right after the block. Give exactly one of the fields."
        input BlockInput @oneOf {
          "The block with this number; refused when it is beyond the index."
          number: Long
          "The canonical block with this hash in hex; refused when it is unknown or was given up in a reorg."
          hash: String
          "The newest block, which must have at least this number; refused while the index is not there yet."
          numberAtLeast: Long
          "The block that is this number of blocks before the newest one."
          ago: Long
        }
        "The finality of the newest block that is read."
        enum Finality {
          "The newest block of the index; a reorg may still take it back."
          LATEST
          "A block that no honest majority takes back. The index keeps one boundary, so it is the same as FINALIZED."
          SAFE
          "The newest final block: it never changes."
          FINALIZED
        }
        """);

    private void WriteFilters()
    {
        var columns = Columns(model).Where(column => column.IsFilterable).DistinctBy(column => column.FilterName);
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
        Line($"\"Conditions on values of {name}; all given ones must hold.\" input {filter} {{");
        Line($"\"Equal to this; null finds none.\" eq: {name} \"Not equal to this.\" neq: {name}");
        Line($"\"Equal to one of these.\" in: [{name}!] \"Equal to none of these.\" nin: [{name}!]");
        if (scalar.HasOrder && !scalar.IsEnum)
        {
            Line($"\"Greater than this.\" gt: {name} \"Greater than this or equal.\" gte: {name}");
            Line($"\"Less than this.\" lt: {name} \"Less than this or equal.\" lte: {name}");
        }

        if (scalar.IsText)
        {
            Line($"\"Contains this text; case does not matter.\" contains: {name} \"Begins with this; case does not " +
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
        $"\"Conditions on a list of {element.Name}; all given ones must hold.\" input {filter} {{ \"The " +
        $"list contains this.\" contains: {element.Name} \"Whether the list has elements.\" any: Boolean }}");

    private void WriteType(SqlTable table)
    {
        var type = table.TypeName;
        var node = table.Prefix is null ? "" : " implements Node";
        Line($"{Described(table.Description, $"A row of {type}.")} type {type}{node} {{");
        foreach (var column in table.Fields)
        {
            Line($"{Described(column.Description, $"The {column.Field} of the {type}.")} {column.Field}: " +
                $"{column.Scalar.TypeName}{(column.MayBeNull ? "" : "!")}{Cost(column.Cost)}");
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

        foreach (var list in table.Lists)
        {
            Line($"{Quoted(list.Description)} {list.Field}(\"The largest number of elements, from the beginning.\" " +
                $"first: Int = {SqlLimits.DefaultListSize} \"Only elements that match.\" where: " +
                $"{list.TypeName}Filter): [{list.TypeName}!]! @listSize(assumedSize: {SqlLimits.DefaultListSize}, " +
                $"slicingArguments: [\"first\"]){Cost(list.Cost)}");
        }

        foreach (var late in table.Late)
        {
            var arguments = late.Arguments.Length > 0 ? $"({late.Arguments})" : "";
            Line($"{Quoted(late.Description)} {late.Field}{arguments}: {late.Type}{Cost(late.Cost)}");
        }

        Line("}");
    }

    private static string Cost(int cost) =>
        cost == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" @cost(weight: \"{cost}\")");

    private static string ListSize =>
        $" @listSize(assumedSize: {SqlLimits.DefaultPageSize}, slicingArguments: [\"first\", \"last\"], sizedFields: " +
        $"[\"nodes\", \"edges\"])";

    private static string PageArguments(string type) => $"""
        "The largest number of rows, from the beginning." first: Int "After this cursor." after: String
        "The largest number of rows, from the end." last: Int "Before this cursor." before: String
        "Only rows that match." where: {type}Filter
        "The order; the key decides between equal rows." order: [{type}Sort!]
        "Keeps only the first of rows that are equal in these fields; the order begins with these fields."
        distinctOn: [{type}Field!]
        """;

    private string BlockArguments => model.Blocks is null
        ? ""
        : "\"Reads the state at this block.\" block: BlockInput \"The finality of the newest block.\" finality: " +
            "Finality = LATEST";

    private void WriteFilterInput(SqlTable table)
    {
        var type = table.TypeName;
        Line($"\"Conditions on rows of {type}; all given ones must hold.\" input {type}Filter {{ \"All of these " +
            $"hold.\" and: [{type}Filter!] \"One of these holds.\" or: [{type}Filter!] \"This does not hold.\" not: " +
            $"{type}Filter");
        foreach (var column in table.Fields.Where(column => column.IsFilterable))
            Line($"\"A condition on {column.Field}.\" {column.Field}: {column.FilterName}");
        foreach (var relation in table.Relations)
        {
            Line($"\"A condition on {relation.Field}.\" {relation.Field}: {relation.Target}" +
                $"{(relation.IsMany ? "ListFilter" : "Filter")}");
        }

        Line("}");
    }

    private void WriteInputs(SqlTable table)
    {
        var type = table.TypeName;
        WriteFilterInput(table);
        Line($"\"Conditions on related rows of {type}.\" input {type}ListFilter {{ \"At least one " +
            $"matches.\" some: {type}Filter \"None matches.\" none: {type}Filter \"All match.\" all: {type}Filter " +
            "\"Whether there are related rows.\" any: Boolean }");
        Line($"\"One field to order {type} by.\" input {type}Sort @oneOf {{");
        foreach (var column in table.Fields.Where(column => column.MayOrder))
            Line($"\"By {column.Field}.\" {column.Field}: SortDirection");
        foreach (var relation in table.Relations.Where(relation => relation is { IsMany: false, IsOrderable: true }))
        {
            Line($"\"By a field of {relation.Field}; rows without one come last.\" {relation.Field}: " +
                $"{relation.Target}Sort");
        }

        Line("}");
        Line($"\"The fields of {type} that distinctOn may name.\" enum {type}Field {{");
        foreach (var column in table.Columns.Where(column => column.MayOrder))
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
        var figures = "\"The number of rows.\" count: Int!";
        if (summable.Count > 0)
            figures += $" \"Sums.\" sum: {type}Sums! \"Means.\" avg: {type}Averages!";
        if (comparable.Count > 0)
            figures += $" \"The smallest values.\" min: {type}Extremes! \"The largest values.\" max: {type}Extremes!";
        Line($"\"Figures over rows of {type}.\" type {type}Aggregates {{ {figures}");
        if (groupable.Count > 0)
        {
            Line($"\"The same figures for each group of rows.\" groupBy(\"The fields to group by: at most " +
                $"{SqlLimits.MaxGroupColumns}.\" by: [{type}GroupBy!]! \"The largest number of groups: at most " +
                $"{SqlLimits.MaxGroups}.\" first: Int = {SqlLimits.MaxGroups} \"The order of the groups.\" " +
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
        WriteFigures($"The values that rows of a group of {type} share; null for a field that they are not grouped by.",
            $"{type}GroupKey", groupable, column => column.Scalar.Name);
        Line($"\"The fields to group {type} by.\" enum {type}GroupField {{");
        foreach (var column in groupable)
            Line($"\"The {column.Field}.\" {column.Field}");
        Line("}");
        Line($"\"A field to group {type} by.\" input {type}GroupBy {{ \"The field.\" field: {type}GroupField! \"For " +
            $"times: the length of a bucket; the key is its beginning.\" bucket: TimeBucket }}");
        Line($"\"A group of rows of {type}.\" type {type}Group {{ \"The values that the rows share.\" " +
            $"key: {type}GroupKey! {figures} }}");
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
            Line($"\"The thing with this id, or null.\" node(\"The global id.\" id: ID! {BlockArguments}): Node");
            Line($"\"The things with these ids, in the order of the ids; null for an id that no thing has. At most " +
                $"{NodeIds.MaxIds} ids.\" nodes(\"The global ids.\" ids: [ID!]! {BlockArguments}): [Node]! " +
                $"@listSize(assumedSize: {NodeIds.MaxIds})");
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
