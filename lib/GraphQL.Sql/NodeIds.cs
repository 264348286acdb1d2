// The ids of nodes (Relay's global object identification): a table's prefix and a row's key, `task-42`. A client may
// send the key alone where the type is known. What is no id of the table finds no row.
using System.Globalization;
using NpgsqlTypes;

namespace EventSourced.GraphQL.Sql;

internal static class NodeIds
{
    // The ids that one `nodes` may ask for.
    public const int MaxIds = 100;

    // The form of the key's column as an id, shown and compared.
    public static SqlScalar Scalar(string prefix, SqlScalar key)
    {
        var isEscaped = key.Before.Length == 0 && key.ParameterType == NpgsqlDbType.Text;
        return new(
            "ID", e => isEscaped ? $"substr(to_json({e})::text, 2)" : key.Inner(e), key.Cast, key.ParameterType,
            value => Parameter(key, Key(prefix, (string)value)))
        {
            Before = $"\"{prefix}-{key.Before.TrimStart('"')}",
            After = isEscaped ? "" : "\"",
            HasOrder = false,
            None = key.None,
        };
    }

    // The key within an id; a text without the prefix is the key.
    public static string Key(string prefix, string id) =>
        id.Length > prefix.Length && id[prefix.Length] == '-' && id.StartsWith(prefix, StringComparison.Ordinal)
            ? id[(prefix.Length + 1)..]
            : id;

    // A key's placeholder value; a text that is no key becomes a value that no row has.
    public static object Parameter(SqlScalar key, string text) => key.ParameterType switch
    {
        NpgsqlDbType.Integer =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : int.MinValue,
        NpgsqlDbType.Bigint =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : long.MinValue,
        NpgsqlDbType.Text when key.Cast == "numeric" =>
            SqlScalar.IsWhole(text) ? text : "-1",
        _ => key.Parameter(text),
    };
}
