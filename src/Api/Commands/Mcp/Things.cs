// A thing at a block, as JSON: a row of the read model of its kind. Enters: the id of a thing, a block. Leaves: its
// canonical JSON, or nothing. Always holds: the row is the one that held at that block; nothing is folded.
using System.Buffers;
using System.Globalization;
using System.Text;
using EventSourced.Domain.Values;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Api.Commands.Mcp;

/// <summary>Reads things.</summary>
internal sealed class Things(NpgsqlDataSource rows)
{
    /// <summary>The thing of an id, now or at a block; null: none.</summary>
    public async Task<string?> FindAsync(string id, ulong? block, CancellationToken cancellation)
    {
        var model = ReadModels.All.Where(found => id.StartsWith(found.Fold.Name + "-", StringComparison.Ordinal))
            .MaxBy(found => found.Fold.Name.Length);
        if (model is null) return null;
        var connection = await rows.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        return await model.Accept(
            new Reader(connection, id[(model.Fold.Name.Length + 1)..], block, cancellation)).ConfigureAwait(false);
    }

    private sealed class Reader(NpgsqlConnection connection, string key, ulong? block,
        CancellationToken cancellation) : IReadModelVisitor<Task<string?>>
    {
        public async Task<string?> Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            if (Key(typeof(TKey)) is not TKey known) return null;
            var row = await RowLookup<TKey, TState>.Of(
                model.Fold).FindAsync(connection, known, block, cancellation).ConfigureAwait(false);
            if (row is null) return null;
            var json = new ArrayBufferWriter<byte>();
            RowCodec<TState>.Shared.WriteJson(json, row);
            return Encoding.UTF8.GetString(json.WrittenSpan);
        }

        private object? Key(Type type)
        {
            if (type == typeof(string)) return key.Contains('\0', StringComparison.Ordinal) ? null : key;
            if (type == typeof(ulong)) return ulong.TryParse(
                key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            if (type == typeof(Word)) return Ethereum.Hash32.TryParse(key, null, out var word)
                ? new Word(word.Bytes) : null;
            return type == typeof(Address) && Ethereum.Address.TryParse(key, null, out var address)
                ? new Address(address.Bytes) : null;
        }
    }
}
