// A pause before a refusal. Enters: answers. Leaves: refusals of callers that ask too much, a moment late; every other
// answer at once. Always holds: a refusal that waits has no place among the requests; a bounded number waits.
using EventSourced.Api.Commands.Checks;

namespace EventSourced.Api.Commands.Limits;

/// <summary>Makes a flood wait, so that its callers leave the processor to others.</summary>
internal sealed class SlowRefusals(TimeProvider time)
{
    private int _waiting;

    /// <summary>Waits, if the answer is a refusal of load and not too many wait already.</summary>
    public async Task HoldAsync(Reply reply, CancellationToken cancellation)
    {
        if (reply.Status is not (429 or 503)) return;
        try
        {
            if (Interlocked.Increment(ref _waiting) <= LimitTable.Held.Most)
                await Task.Delay(LimitTable.Hold, time, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
