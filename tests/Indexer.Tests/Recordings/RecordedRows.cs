// The rows that a program made of a chain, in one file: every read model as it holds and as it held, the events of the
// streams, the blocks. Enters: a database, or the file. Leaves: the file, or the first row and column in which another
// database differs. Always holds: whatever the file names must be there with the same value; tables and columns that it
// does not name are the newer program's own.
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Indexer.Tests.Recordings;

/// <summary>A row: for each column its value as JSON.</summary>
internal sealed record RecordedRow(string Text)
{
    public IReadOnlyDictionary<string, string> Values { get; } = Parse(Text);

    private static Dictionary<string, string> Parse(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.EnumerateObject().ToDictionary(
            column => column.Name, column => column.Value.GetRawText());
    }
}

/// <summary>A table: the columns that name a row, and all rows in their order.</summary>
internal sealed record RecordedTable(string Name, string[] Key, IReadOnlyList<RecordedRow> Rows)
{
    public string KeyOf(RecordedRow row) => string.Join(", ", Key.Select(column => $"{column} {row.Values[column]}"));
}

/// <summary>All tables.</summary>
internal sealed record RecordedRows(IReadOnlyList<RecordedTable> Tables)
{
    /// <summary>Reads a database.</summary>
    public static async Task<RecordedRows> OfAsync(IndexedDatabase database, string schema = ReadModelSchema.Serving)
    {
        var tables = new List<RecordedTable>();
        foreach (var model in ReadModels.All)
        {
            var key = model.Columns[0].Name;
            tables.Add(await TableAsync(database, model.Table, $"{schema}.{model.Table}", key));
            tables.Add(await TableAsync(
                database, $"{model.Table}_history", $"{schema}.{model.Table}_history", key, "valid_from"));
        }

        tables.Add(await TableAsync(database, "es_block", "es_block", "number"));
        tables.Add(await TableAsync(
            database, "mt_events", "(select seq_id, id, stream_id, version, type, data, timestamp from mt_events)",
            "seq_id"));
        return new RecordedRows(tables);
    }

    /// <summary>Reads the file.</summary>
    public static RecordedRows Load(string path)
    {
        var tables = new List<RecordedTable>();
        List<RecordedRow> rows = [];
        foreach (var line in RecordedChain.Lines(path))
        {
            // A table's own line is an array: its name, then the columns of its key.
            if (line.StartsWith('['))
            {
                var head = JsonSerializer.Deserialize<string[]>(line)!;
                tables.Add(new RecordedTable(head[0], head[1..], rows = []));
            }
            else
            {
                rows.Add(new RecordedRow(line));
            }
        }

        return new RecordedRows(tables);
    }

    /// <summary>Writes the file.</summary>
    public void Save(string path) => RecordedChain.Write(path, Tables.SelectMany(table =>
        table.Rows.Select(row => row.Text).Prepend(new JsonArray([table.Name, .. table.Key]).ToJsonString())));

    /// <summary>
    /// The first difference, for people: the table, the row, the column and both values; null: all that is expected is
    /// there.
    /// </summary>
    public string? FirstDifference(RecordedRows found)
    {
        var byName = found.Tables.ToDictionary(table => table.Name);
        foreach (var expected in Tables)
        {
            if (!byName.TryGetValue(expected.Name, out var table)) return $"expected table {expected.Name}, found none";
            if (FirstDifference(expected, table) is { } difference) return $"table {expected.Name}: {difference}";
        }

        return null;
    }

    private static string? FirstDifference(RecordedTable expected, RecordedTable found)
    {
        var left = found.Rows.ToDictionary(expected.KeyOf);
        foreach (var row in expected.Rows)
        {
            var key = expected.KeyOf(row);
            if (!left.Remove(key, out var other)) return $"expected a row of {key}, found none; it was {row.Text}";
            foreach (var (column, value) in row.Values)
            {
                var now = other.Values.GetValueOrDefault(column, "no such column");
                if (now != value) return $"row {key}, column {column}: expected {value}, found {now}";
            }
        }

        return left.Count == 0
            ? null : $"expected {expected.Rows.Count} rows, found {left.Count} more, the first of {left.First().Key}";
    }

    private static async Task<RecordedTable> TableAsync(
        IndexedDatabase database, string name, string from, params string[] key)
    {
        var order = string.Join(", ", key.Select(column => $"r.{column}"));
        await using var command = database.Source.CreateCommand(
            $"select row_to_json(r)::text from {from} r order by {order}");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<RecordedRow>();
        while (await reader.ReadAsync()) rows.Add(new RecordedRow(reader.GetString(0)));
        return new RecordedTable(name, key, rows);
    }
}
