// A chain that others use too, mined by the node itself as transactions come. Always holds: a script is sent only after
// the node has run it and said its gas; a step that is refused takes its own story with it and no other; a transaction
// stays below the cap on gas (EIP-7825); where nothing happens for a while an empty block keeps the chain's clock
// going; a chain that was reorganised under the world ends the play by ChainReplacedException, and the world is joined
// anew.
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>A development node that is not ours alone.</summary>
public sealed class SharedGround(
    AnvilControl anvil, Contracts contracts, Director director, Footing footing, double speed,
    TimeProvider clock) : Ground
{
    /// <summary>How many steps one transaction may run.</summary>
    public const int MostSteps = 12;

    /// <summary>How many bytes one script may have: below the limit of a transaction's size.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>The most gas of one transaction; EIP-7825 allows 2^24.</summary>
    public const ulong MostGas = 15_000_000;

    /// <summary>
    /// How often a script that reverted on the chain is tried again: somebody else's transaction came between.
    /// </summary>
    public const int MostTries = 3;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    // Seconds by which the chain is ahead of this machine's clock.
    private long _ahead;
    private ulong _seen;
    private long _lastBlockAt = clock.GetTimestamp();
    private long _lastPush = clock.GetTimestamp();

    public override ulong Slack => 2;

    public override bool Forgives => true;

    public override async Task<Head> BeginAsync(CancellationToken cancellation)
    {
        await anvil.MineAsync(cancellation);
        return await SeeAsync(cancellation);
    }

    public override ulong NextTime(Head head, ulong soonest) =>
        Math.Max(head.Time, (ulong)(clock.GetUtcNow().ToUnixTimeSeconds() + _ahead));

    public override async Task<Played> PlayAsync(
        Head head, IReadOnlyList<Cue> cues, ulong time, CancellationToken cancellation)
    {
        await PushClockAsync(cancellation);
        var refusals = new List<Refusal>();
        foreach (var cue in cues)
        {
            if (cue.Beat is Beat.Sign sign && await SignAsync(sign, cancellation) is { } reason)
                refusals.Add(new Refusal(cue.Story, sign.What, reason));
        }

        var acts = cues.Where(cue => cue.Beat is Beat.Act).ToList();
        var tries = 0;
        // Ends: each round plays some acts, refuses a story, or uses up a try.
        while (acts.Count > 0)
        {
            var (script, gas, count, refused) = await RehearseAsync(acts, cancellation);
            if (refused is { } refusal)
            {
                refusals.Add(refusal);
                acts.RemoveAll(act => act.Story == refusal.Story);
                continue;
            }

            var receipt = await footing.MinedAsync(await director.SendAsync(script, gas, cancellation), cancellation);
            if (!receipt.Succeeded && ++tries < MostTries) continue;
            if (!receipt.Succeeded)
                refusals.AddRange(acts.Take(
                    count).Select(act => new Refusal(act.Story, ((Beat.Act)act.Beat).What, $"{tries} reverts")));
            acts.RemoveRange(0, count);
            tries = 0;
        }

        if (clock.GetElapsedTime(_lastBlockAt) > LongestSilence) await anvil.MineAsync(cancellation);
        return new Played(await SeeAsync(cancellation), refusals);
    }

    // The first acts as one script with the gas it takes, or the first story that a contract refuses.
    private async Task<(byte[] Script, ulong Gas, int Count, Refusal? Refused)> RehearseAsync(
        List<Cue> acts, CancellationToken cancellation)
    {
        // Ends: the number of steps is halved each time, down to one.
        for (var most = MostSteps; ; most /= 2)
        {
            var script = Script(acts, 0, most, MostBytes, out var count);
            try
            {
                var gas = await director.EstimateAsync(script, cancellation);
                if (gas <= MostGas) return (script, Math.Min(gas + gas / 4, MostGas + MostGas / 10), count, null);
                if (count == 1) return (script, 0, 1, Refused(acts[0], $"{gas} gas of at most {MostGas}"));
            }
            catch (RpcException fault) when (!fault.IsTransient)
            {
                if (Director.StepRefused.TryDecode(fault.RevertData.Span, out var facts))
                    return (script, 0, count,
                        Refused(acts[(int)(ulong)facts[0].AsUInt256()], contracts.Refusal(facts[3].AsBytes().Span)));
                if (count == 1) return (script, 0, 1, Refused(acts[0], fault.Message));
            }
        }

        static Refusal Refused(Cue act, string reason) => new(act.Story, ((Beat.Act)act.Beat).What, reason);
    }

    private async Task<string?> SignAsync(Beat.Sign sign, CancellationToken cancellation)
    {
        try
        {
            var hash = await director.SendAsAsync(sign.Account, sign.Target.Address, sign.Call, cancellation);
            var receipt = await footing.MinedAsync(hash, cancellation);
            return receipt.Succeeded ? null : "a revert";
        }
        catch (RpcException fault) when (!fault.IsTransient)
        {
            return fault.RevertData.IsEmpty ? fault.Message : contracts.Refusal(fault.RevertData.Span);
        }
    }

    // A demo may live faster than its spectators: the node's clock is pushed forward by whole seconds.
    private async Task PushClockAsync(CancellationToken cancellation)
    {
        var push = (ulong)(clock.GetElapsedTime(_lastPush).TotalSeconds * (speed - 1));
        if (push == 0) return;
        await anvil.IncreaseTimeAsync(push, cancellation);
        _ahead += (long)push;
        _lastPush = clock.GetTimestamp();
    }

    private async Task<Head> SeeAsync(CancellationToken cancellation)
    {
        var newest = await footing.AdvanceAsync(cancellation);
        var head = new Head(newest.Number, newest.Timestamp);
        if (head.Block == _seen) return head;
        (_seen, _lastBlockAt) = (head.Block, clock.GetTimestamp());
        _ahead = (long)head.Time - clock.GetUtcNow().ToUnixTimeSeconds();
        return head;
    }
}
