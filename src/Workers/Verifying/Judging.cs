// The judgements of this process, each made once. Enters: deliveries. Leaves: judgements. Always holds: several seats
// with one delivery share one run; a judgement that may change (missing content, a fault) is made anew at the next
// question; the number of kept judgements is limited.
using System.Collections.Concurrent;
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Workers.Hosted;

namespace EventSourced.Workers.Verifying;

/// <summary>Judges each delivery once.</summary>
/// <param name="judge">Judges.</param>
/// <param name="stop">Ends all runs.</param>
public sealed class Judging(Judge judge, CancellationToken stop)
{
    /// <summary>The largest number of judgements that are kept.</summary>
    public const int Most = 512;

    private readonly ConcurrentDictionary<Delivered, Lazy<Task<Judgement>>> _made = new();

    /// <summary>The rows' facts about a delivery.</summary>
    public static Delivered Delivered(TaskAndTerms found, Submissions.State delivery)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(delivery);
        return new Delivered(
            found.Task.TaskId, Of(found.Terms.SpecHash), Of(delivery.ResultHash), Of(delivery.ReceiptHash));
    }

    /// <summary>The judgement of a delivery.</summary>
    public async Task<Judgement> OfAsync(Delivered delivered, CancellationToken cancellation)
    {
        if (_made.Count > Most) _made.Clear();
        var making = _made.GetOrAdd(
            delivered, one => new Lazy<Task<Judgement>>(() => judge.JudgeAsync(one, stop)));
        try
        {
            var judgement = await making.Value.WaitAsync(cancellation).ConfigureAwait(false);
            if (judgement is Judgement.Open or Judgement.Made { IsMissing: true }) Forget(delivered, making);
            return judgement;
        }
        catch when (making.Value.IsFaulted || making.Value.IsCanceled)
        {
            Forget(delivered, making);
            throw;
        }
    }

    private static Hash32 Of(Word word) => new(word.ToArray());

    private void Forget(Delivered delivered, Lazy<Task<Judgement>> making) =>
        _made.TryRemove(KeyValuePair.Create(delivered, making));
}
