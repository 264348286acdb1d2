// Columns of many rows as parameters of one statement. Enters: a command and values. Leaves: an array parameter each.
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Commands;

/// <summary>Adds arrays to commands.</summary>
public static class ArrayParameters
{
    /// <summary>Adds the next positional parameter: an array of a type.</summary>
    public static void AddArray<T>(this NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = values.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
    }

    /// <summary>Adds the next positional parameter.</summary>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }
}
