// Brings a database to this program's schema, in one transaction under an advisory lock: programs that start together
// wait for one another, a second run changes nothing, and a database that a newer program made is refused untouched.
using System.Globalization;
using System.Text;
using Npgsql;

namespace EventSourced.EventStore.Schema;

/// <summary>The numbered steps from an empty database to this program's schema.</summary>
internal sealed class Migrations(string schema, MetadataConfig metadata)
{
    private static readonly string[] Steps = ["001-marten.sql", "002-marten-functions.sql", "003-own.sql"];

    internal static int Newest => Steps.Length;

    /// <summary>Applies what is missing and answers how many steps that were.</summary>
    internal async Task<int> ApplyAsync(NpgsqlDataSource source, CancellationToken token)
    {
        await using var connection = await source.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        await RunAsync(connection, $"select pg_advisory_xact_lock({AdvisoryLocks.Migration(schema)})", token);
        await RunAsync(connection, Fill("""
            create schema if not exists {schema};
            create table if not exists {schema}.es_migrations (
                step       integer     not null constraint es_migrations_key primary key,
                name       varchar     not null,
                applied_at timestamptz not null default now()
            )
            """), token);
        var found = await FoundAsync(connection, token);
        if (found > Newest) throw new DatabaseIsNewerException(schema, Newest, found);
        for (var step = found + 1; step <= Newest; step++)
        {
            await RunAsync(connection, Fill(Script(Steps[step - 1])), token);
            await RecordAsync(connection, step, token);
        }

        foreach (var column in metadata.Columns)
        {
            var add = $"alter table {schema}.mt_events add column if not exists {column.Name} {column.Type}";
            await RunAsync(connection, add, token);
        }

        await transaction.CommitAsync(token);
        // Array and composite types were looked up before they existed, perhaps.
        await connection.ReloadTypesAsync(token);
        return Newest - found;
    }

    private string Fill(string script)
    {
        var text = new StringBuilder(script);
        text.Replace("{schema}", schema).Replace("{schema_literal}", schema);
        Each("{metadata_columns}", metadata.Columns, column => $"{column.Name} {column.Type}, ");
        Each("{metadata_names}", metadata.Columns, column => $"{column.Name}, ");
        Each("{function_parameters}", metadata.FunctionOrder, column => $"{column.Parameter} {column.Type}[], ");
        Each("{function_values}", metadata.Columns, column => $"{column.Parameter}[i], ");
        return text.ToString();

        void Each(string name, IEnumerable<MetadataColumn> columns, Func<MetadataColumn, string> form) =>
            text.Replace(name, string.Concat(columns.Select(form)));
    }

    private async Task<int> FoundAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command =
            new NpgsqlCommand($"select coalesce(max(step), 0) from {schema}.es_migrations", connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync(token), CultureInfo.InvariantCulture);
    }

    private async Task RecordAsync(NpgsqlConnection connection, int step, CancellationToken token)
    {
        await using var command =
            new NpgsqlCommand($"insert into {schema}.es_migrations (step, name) values ($1, $2)", connection);
        command.Parameters.AddTyped(step);
        command.Parameters.AddTyped(Steps[step - 1]);
        await command.ExecuteNonQueryAsync(token);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(token);
    }

    private static string Script(string name)
    {
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"expected the embedded script {name}, found none");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
