// Finds the content in use. Enters: the read models, the store. Leaves: the SHA-256 of every blob that is needed.
// Always holds: a row names a blob by 32 bytes or by a CID in its text; a row of a task counts while the task is not
// over, any other row always; a JSON document that is in use or pinned keeps the blobs that it names, by CID or by 64
// digits; memory is bounded by the blobs of the store, not by the rows.
using System.Text;
using System.Text.RegularExpressions;
using EventSourced.Content;
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>Finds the content in use.</summary>
public sealed partial class ContentUse(NpgsqlDataSource database, ContentStore store)
{
    /// <summary>DOCUMENT_BYTES: a larger blob is no document, and keeps no other blob.</summary>
    public const int MostDocument = 128 * 1024;

    private static readonly Type[] Naming = [typeof(Word), typeof(string), typeof(Bytes)];

    private const string TaskColumn = "task_id";
    private static readonly string Over = $"{(int)Tasks.Status.Finalized}, {(int)Tasks.Status.Cancelled}";

    /// <summary>The names of all blobs in use. A pin alone does not put a blob among them.</summary>
    public async Task<HashSet<Cid>> FindAsync(CancellationToken cancellation)
    {
        var here = store.List().ToDictionary(entry => new Word(entry.Cid.Digest), entry => entry);
        var used = new HashSet<Cid>();
        var unread = new Queue<ContentEntry>(here.Values.Where(entry => entry.IsPinned));
        foreach (var model in ReadModels.All)
            await foreach (var name in NamedAsync(model, cancellation).ConfigureAwait(false)) Mark(name);
        // Each blob is read at most once, since it is marked once.
        while (unread.TryDequeue(out var entry))
            if (entry.Length <= MostDocument)
                foreach (var name in await NamedAsync(entry.Cid, cancellation).ConfigureAwait(false)) Mark(name);
        return used;

        void Mark(Word name)
        {
            if (here.TryGetValue(name, out var entry) && used.Add(entry.Cid) && !entry.IsPinned) unread.Enqueue(entry);
        }
    }

    private async IAsyncEnumerable<Word> NamedAsync(
        ReadModel model, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var columns = model.Columns
            .Where(column => Array.IndexOf(Naming, column.Type) >= 0)
            .Select(column => column.Name).ToList();
        if (columns.Count == 0) yield break;
        var command = database.CreateCommand(Statement(model, columns));
        await using var disposing = command.ConfigureAwait(false);
        command.CommandTimeout = 0;
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            for (var i = 0; i < columns.Count; i++)
                foreach (var name in reader.GetValue(i) switch
                {
                    byte[] { Length: Word.Length } hash => [new Word(hash)],
                    byte[] bytes => Named(Encoding.UTF8.GetString(bytes)),
                    string text => Named(text),
                    _ => [],
                }) yield return name;
    }

    private static string Statement(ReadModel model, IReadOnlyList<string> columns)
    {
        var table = TableNames.Of(TableNames.ServingSchema, model.Table);
        var tasks = TableNames.Of(TableNames.ServingSchema, "task");
        var select = $"select {string.Join(", ", columns.Select(column => $"r.{column}"))} from {table} r";
        return !model.Columns.Any(column => column.Name == TaskColumn) ? select
            : $"{select} where not exists (select from {tasks} t where t.{TaskColumn} = r.{TaskColumn} and t.status in ({Over}))";
    }

    private async Task<IEnumerable<Word>> NamedAsync(Cid cid, CancellationToken cancellation) =>
        await store.ReadAsync(cid, cancellation).ConfigureAwait(false) is [(byte)'{', ..] document
            ? Named(Encoding.UTF8.GetString(document)) : [];

    private static IEnumerable<Word> Named(string text)
    {
        foreach (Match match in Names().Matches(text))
        {
            if (match.Value[0] != 'b') yield return new Word(Convert.FromHexString(match.Value));
            else if (Cid.TryParse(match.Value, out var cid) && cid.IsRawBlock) yield return new Word(cid.Digest);
        }
    }

    [GeneratedRegex("bafkrei[a-z2-7]{52}|[0-9a-f]{64}", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
