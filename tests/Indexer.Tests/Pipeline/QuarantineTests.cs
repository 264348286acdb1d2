// What an event does that must not happen: it is stored, its thing stands still, and where batches end makes no
// difference.
using System.Buffers.Binary;
using EventSourced.Domain.Events;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Fold;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class QuarantineTests
{
    private static readonly Word Outside = Account(Accounts.Kind.External, 0);
    private static readonly Word Wallet = Account(Accounts.Kind.Credit, 1);
    private static readonly Word Payer = Account(Accounts.Kind.Task, 1);
    private static readonly Word Poor = Account(Accounts.Kind.Task, 2);

    // An account opened in another stream's event and violated by its own first one had version 1 or 0, by whether a
    // batch ended between.
    [Fact]
    public async Task A_quarantined_row_keeps_the_version_of_its_last_believed_event_wherever_a_batch_ends()
    {
        Moved[] opened = [Move(Outside, Wallet, 10), Move(Wallet, Payer, 10), Move(Payer, Poor, 5)];
        Moved[] violated = [Move(Poor, Wallet, 100)];
        var together = await RowsAsync([.. opened, .. violated]);
        var apart = await RowsAsync(opened, violated);
        Assert.Equal(apart, together);
    }

    // The row of the account that was violated, as it was first written: binary COPY, a count of fields, each with its
    // length.
    private static async Task<string> RowsAsync(params Moved[][] batches)
    {
        var quarantine = new Quarantine();
        var fold = new ChainFold(StateTable.All("model", quarantine), quarantine, (_, _, _) => Task.CompletedTask, 0);
        var block = 0UL;
        var rows = "";
        foreach (var events in batches)
        {
            foreach (var happened in events)
                await fold.FoldAsync(
                    ++block, default, 1_000 + block, [new PlacedEvent(happened, 0)], CancellationToken.None);
            using var batch = fold.Take(true);
            foreach (var (_, written) in batch.Rows.Where(pair => pair.Key.Model.Table == "account"))
                rows += RowOf(Poor, written.Inserts.Written());
        }

        Assert.NotEmpty(rows);
        Assert.Equal(1, quarantine.Count);
        return rows;
    }

    private static string RowOf(Word key, ReadOnlySpan<byte> rows)
    {
        Span<byte> wanted = stackalloc byte[Word.Length];
        key.WriteTo(wanted);
        while (!rows.IsEmpty)
        {
            var end = sizeof(short);
            for (var field = BinaryPrimitives.ReadInt16BigEndian(rows); field > 0; field--)
                end += sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(rows[end..]));
            if (rows[(sizeof(short) + sizeof(int))..].StartsWith(wanted)) return Convert.ToHexString(rows[..end]);
            rows = rows[end..];
        }

        return "";
    }

    private static Moved Move(Word from, Word to, UInt128 amount) => new(from, to, default, amount, 1);

    private static Word Account(Accounts.Kind kind, byte id)
    {
        var bytes = new byte[Word.Length];
        (bytes[0], bytes[^1]) = ((byte)kind, id);
        return new Word(bytes);
    }
}
