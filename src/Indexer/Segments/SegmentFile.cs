// A table in one Parquet file, compressed by zstd. Enters: columns with their cells, or the bytes of a file whose hash
// was compared. Leaves: bytes, or the cells again. Always holds: a file with other columns, too many rows or several
// row groups is refused, with the reason, before anything of it is used.
using Parquet;
using Parquet.Schema;

namespace EventSourced.Indexer.Segments;

/// <summary>Writes and reads the files of an archive.</summary>
internal static class SegmentFile
{
    /// <summary>
    /// The most rows of one segment. A segment of events ends with its block, so it may have a block more.
    /// </summary>
    internal const int MostRows = 100_000;

    /// <summary>The most bytes of one segment.</summary>
    internal const int MostBytes = 256 * 1024 * 1024;

    internal static async Task<byte[]> WriteAsync(IReadOnlyList<Cells> columns, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        var schema = new ParquetSchema(columns.Select(column => column.Field).ToArray<Field>());
        var writer = await ParquetWriter.CreateAsync(schema, bytes, options, false, cancellation)
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in columns) await column.WriteAsync(group, cancellation).ConfigureAwait(false);
            group.CompleteValidate();
        }

        foreach (var column in columns) column.Clear();
        return bytes.ToArray();
    }

    /// <summary>Fills the columns, and answers the number of rows.</summary>
    /// <exception cref="PlaceFaultException">The file holds no such table.</exception>
    internal static async Task<int> ReadAsync(
        byte[] file, IReadOnlyList<Cells> columns, string where, CancellationToken cancellation)
    {
        try
        {
            using var bytes = new MemoryStream(file, writable: false);
            var reader = await ParquetReader.CreateAsync(bytes, null, true, cancellation).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var expected = Text(columns.Select(column => column.Field));
                var found = Text(reader.Schema.DataFields);
                if (found != expected) throw new PlaceFaultException($"columns {expected}", found, where);
                if (reader.RowGroupCount != 1) throw new PlaceFaultException(
                    "one row group", $"{reader.RowGroupCount}", where);
                using var group = reader.OpenRowGroupReader(0);
                if (group.RowCount is < 1 or > 2 * MostRows) throw new PlaceFaultException(
                    $"1 to {2 * MostRows} rows", $"{group.RowCount}", where);
                // The reader accepts only its own field objects.
                foreach (var (column, field) in columns.Zip(reader.Schema.DataFields))
                    await column.ReadAsync(group, field, (int)group.RowCount, cancellation).ConfigureAwait(false);
                return (int)group.RowCount;
            }
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or PlaceFaultException))
        {
            // The reader may throw anything on a stranger's file; the file is then no segment.
            throw new PlaceFaultException("a Parquet file", fault.Message, where);
        }
    }

    private static string Text(IEnumerable<DataField> fields) =>
        string.Join(", ", fields.Select(field => $"{field.Name} {field.ClrType.Name}"));

    /// <summary>The hash of a segment, which is its name.</summary>
    internal static string HashOf(ReadOnlySpan<byte> file) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
}
