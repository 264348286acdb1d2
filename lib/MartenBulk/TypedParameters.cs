// Short words for a step of every statement: give a value to the next numbered parameter without boxing it.
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.MartenBulk;

/// <summary>Adds typed values to a command.</summary>
internal static class TypedParameters
{
    internal static void AddTyped<T>(this NpgsqlParameterCollection parameters, T value) =>
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    /// <summary>Adds an array whose element type the server must be told.</summary>
    internal static void AddArray<T>(this NpgsqlParameterCollection parameters, NpgsqlDbType element, T[] values) =>
        parameters.Add(new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | element, TypedValue = values });

    /// <summary>Adds keys, as <c>varchar[]</c>.</summary>
    internal static void AddKeys(this NpgsqlParameterCollection parameters, string[] keys) =>
        parameters.AddArray(NpgsqlDbType.Varchar, keys);
}
