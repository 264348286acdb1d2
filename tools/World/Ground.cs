// Where stories are played. Enters: the cues of one block: acts of the driver's actors, calls of the node's accounts.
// Leaves: the newest block after them, and which stories were refused and why. There are two: a chain of our own, where
// a refusal is a fault of the story and time is what we say; and a chain that others use too, where a refusal ends the
// one story, a transaction keeps below the cap on its gas, and time is the node's.
using System.Buffers.Binary;
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>The newest block.</summary>
public readonly record struct Head(ulong Block, ulong Time);

/// <summary>A beat of a story, to be played in the next block.</summary>
public sealed record Cue(object Story, Beat Beat);

/// <summary>A story's beat was not accepted.</summary>
public sealed record Refusal(object Story, string What, string Reason);

/// <summary>What became of a block.</summary>
public sealed record Played(Head Head, IReadOnlyList<Refusal> Refusals);

/// <summary>Plays cues on a chain.</summary>
public abstract class Ground
{
    /// <summary>
    /// How many seconds after the moment a story waits for it goes on: blocks are not timed to the second.
    /// </summary>
    public virtual ulong Slack => 0;

    /// <summary>Whether a refusal ends its story alone.</summary>
    public virtual bool Forgives => false;

    /// <summary>The newest block before the first cue.</summary>
    public abstract Task<Head> BeginAsync(CancellationToken cancellation);

    /// <summary>
    /// The time that the next block's acts will see; soonest is the first moment that a story waits for.
    /// </summary>
    public abstract ulong NextTime(Head head, ulong soonest);

    /// <summary>
    /// Mines empty blocks where every story waits for them; the head itself where blocks come by themselves.
    /// </summary>
    public virtual Task<Head> SkipAsync(Head head, ulong blocks, CancellationToken cancellation) =>
        Task.FromResult(head);

    /// <summary>Plays cues in their order.</summary>
    public abstract Task<Played> PlayAsync(
        Head head, IReadOnlyList<Cue> cues, ulong time, CancellationToken cancellation);

    /// <summary>The newest block as the node has it.</summary>
    protected static async Task<Head> HeadOfAsync(EthereumClient client, CancellationToken cancellation)
    {
        var header = await client.GetHeaderAsync(BlockTag.Latest, cancellation)
            ?? throw new InvalidOperationException("expected a head, found none");
        return new Head(header.Number, header.Timestamp);
    }

    /// <summary>As many acts as one script may hold: at most so many steps and bytes.</summary>
    protected static byte[] Script(IReadOnlyList<Cue> acts, int first, int mostSteps, int mostBytes, out int count)
    {
        count = 0;
        var length = 0;
        while (first + count < acts.Count && count < mostSteps
            && (count == 0 || length + 8 + CallOf(acts[first + count]).Length <= mostBytes))
            length += 8 + CallOf(acts[first + count++]).Length;
        var script = new byte[length];
        var at = 0;
        for (var i = first; i < first + count; i++)
        {
            var (actor, target, call, _) = (Beat.Act)acts[i].Beat;
            BinaryPrimitives.WriteUInt32BigEndian(script.AsSpan(at), (uint)actor);
            BinaryPrimitives.WriteUInt32BigEndian(
                script.AsSpan(at + 4), ((uint)target.Index << 24) | (uint)call.Length);
            call.CopyTo(script, at + 8);
            at += 8 + call.Length;
        }

        return script;

        static byte[] CallOf(Cue act) => ((Beat.Act)act.Beat).Call;
    }
}

/// <summary>A chain of our own, mined by us alone: the same cues at the same times give the same hashes.</summary>
public sealed class OwnGround(EthereumClient client, AnvilControl anvil, Contracts contracts, Director director)
    : Ground
{
    /// <summary>How many steps one transaction may run.</summary>
    public const int MostSteps = 400;

    /// <summary>How many bytes one script may have.</summary>
    public const int MostBytes = 96 * 1024;

    private const ulong MostGas = 1_500_000_000;

    public override async Task<Head> BeginAsync(CancellationToken cancellation)
    {
        await anvil.SetAutomineAsync(false, cancellation);
        return await HeadOfAsync(client, cancellation);
    }

    public override ulong NextTime(Head head, ulong soonest) => Math.Max(head.Time + 1, soonest);

    public override async Task<Head> SkipAsync(Head head, ulong blocks, CancellationToken cancellation)
    {
        await anvil.SetNextBlockTimestampAsync(head.Time + 1, cancellation);
        await anvil.MineAsync(blocks, cancellation);
        return await HeadOfAsync(client, cancellation);
    }

    public override async Task<Played> PlayAsync(
        Head head, IReadOnlyList<Cue> cues, ulong time, CancellationToken cancellation)
    {
        var sent = new List<(Hash32 Hash, int First)>();
        foreach (var sign in cues.Select(cue => cue.Beat).OfType<Beat.Sign>())
            sent.Add((await director.SendAsAsync(sign.Account, sign.Target.Address, sign.Call, cancellation), -1));
        Cue[] acts = [.. cues.Where(cue => cue.Beat is Beat.Act)];
        for (var first = 0; first < acts.Length;)
        {
            var script = Script(acts, first, MostSteps, MostBytes, out var count);
            sent.Add((await director.SendAsync(script, MostGas, cancellation), first));
            first += count;
        }

        await anvil.SetNextBlockTimestampAsync(time, cancellation);
        await anvil.MineAsync(cancellation);
        var receipts = await client.GetReceiptsAsync([.. sent.Select(one => one.Hash)], cancellation);
        var left = receipts.Count(receipt => receipt is null);
        if (left > 0) throw await LeftOutAsync(left, sent.Count, head.Block + 1, cancellation);
        var failed = Array.FindIndex(receipts, receipt => receipt is { Succeeded: false });
        return failed < 0
            ? new Played(new Head(head.Block + 1, time), [])
            : throw await WhyAsync(acts, sent[failed].First, head.Block + 1, time, cancellation);
    }

    // The node did not mine what it had taken: no refusal of a contract, so no step is to blame.
    private async Task<InvalidOperationException> LeftOutAsync(
        int left, int sent, ulong block, CancellationToken cancellation)
    {
        var header = await client.GetHeaderAsync(BlockTag.Latest, cancellation);
        var pool = await client.Rpc.CallAsync(
            new RpcCall("txpool_status"), static (ref Utf8JsonReader reader) =>
                JsonElement.ParseValue(ref reader).ToString(), cancellation);
        return new InvalidOperationException(
            $"expected the node to mine {sent} transactions in block {block}, found {left} without a receipt; head {header?.Number}, pool {pool}");
    }

    // Names the step by calling the script again; the state is the one after the block, so that most often it fails
    // again.
    private async Task<StepRefusedException> WhyAsync(
        Cue[] acts, int first, ulong block, ulong time, CancellationToken cancellation)
    {
        if (first < 0) return new StepRefusedException("a call of the node's own accounts", block, "a revert");
        var script = Script(acts, first, MostSteps, MostBytes, out var count);
        var reason = await director.RefusalAsync(script, block, time, cancellation);
        return Director.StepRefused.TryDecode(reason, out var facts)
            ? new StepRefusedException(
                ((Beat.Act)acts[first + (int)(ulong)facts[0].AsUInt256()].Beat).What + $" by actor {facts[1]}",
                block,
                contracts.Refusal(facts[3].AsBytes().Span))
            : new StepRefusedException($"a script of {count} steps", block, contracts.Refusal(reason));
    }
}
