// Plays stories. Enters: stories, and a development node that mines when told. Leaves: blocks. Always holds: the order of acts
// depends on the order of stories alone, each block's time on the stories' waits alone, so the same seed gives the same
// block hashes. At most MostActive stories play at once; a transaction holds at most MostSteps steps and MostBytes bytes.
using System.Buffers.Binary;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>A step was refused by a contract.</summary>
public sealed class StepRefusedException(string what, ulong block, string reason)
    : Exception($"expected {what} to be accepted in block {block}, found {reason}");

/// <summary>Plays stories on a chain.</summary>
public sealed class Stage(EthereumClient client, AnvilControl anvil, Contracts contracts, Director director, Address driver)
{
    /// <summary>How many steps one transaction may run.</summary>
    public const int MostSteps = 400;

    /// <summary>How many bytes one script may have.</summary>
    public const int MostBytes = 96 * 1024;

    /// <summary>How many stories play at the same time.</summary>
    public const int MostActive = 4_096;

    private const ulong MostGas = 1_500_000_000;

    private readonly List<Playing> _playing = [];
    private readonly Queue<IEnumerator<Beat>> _waiting = [];
    private readonly Dictionary<string, long> _counts = contracts.EventNames.Distinct().Order(StringComparer.Ordinal).ToDictionary(name => name, _ => 0L);

    /// <summary>The newest block's time.</summary>
    public ulong Time { get; private set; }

    /// <summary>The time of the block that is being written: acts in it see this time.</summary>
    public ulong Writing { get; private set; }

    /// <summary>The newest block.</summary>
    public ulong Block { get; private set; }

    /// <summary>How many events the chain has seen since the stage was set.</summary>
    public long Events { get; private set; }

    /// <summary>Events by name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Whether each act gets a block of its own, so that a life is spread over many blocks.</summary>
    public bool Spread { get; init; }

    /// <summary>Called with each log of a block, in order.</summary>
    public event Action<Log, byte[]>? Logged;

    /// <summary>Looks at the chain before the first block.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var head = await client.GetHeaderAsync(BlockTag.Latest, cancellation) ?? throw new InvalidOperationException("expected a head, found none");
        (Block, Time) = (head.Number, head.Timestamp);
        await anvil.SetAutomineAsync(false, cancellation);
        await ReadLogsAsync(0, Block, cancellation);
    }

    /// <summary>Lets a story begin as soon as there is room.</summary>
    public void Add(IEnumerable<Beat> story) => _waiting.Enqueue(story.GetEnumerator());

    /// <summary>Whether stories are still to be played.</summary>
    public bool Busy => _playing.Count > 0 || _waiting.Count > 0;

    /// <summary>Plays until no story is left.</summary>
    public async Task PlayAsync(Action? afterBlock, CancellationToken cancellation)
    {
        while (Busy)
        {
            cancellation.ThrowIfCancellationRequested();
            await TickAsync(cancellation);
            afterBlock?.Invoke();
        }
    }

    /// <summary>Plays until every story waits for more than a day: the moment for new ones to begin.</summary>
    public async Task PlayUntilQuietAsync(Action? afterBlock, CancellationToken cancellation)
    {
        while (_waiting.Count > 0 || _playing.Exists(one => !IsLong(one.Waits)))
        {
            await TickAsync(cancellation);
            afterBlock?.Invoke();
        }
    }

    private bool IsLong(Beat? wait) => wait is Beat.Until until && until.Time > Time + 86_400;

    /// <summary>Mines one block: the acts of every story that is ready, or the way to the next moment that one waits for.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        while (_playing.Count < MostActive && _waiting.TryDequeue(out var story)) _playing.Add(new Playing(story));
        var acts = new List<Beat.Act>();
        var signs = new List<Beat.Sign>();
        var time = NextTime();
        if (await SkipBlocksAsync(time, cancellation)) time = Time + 1;
        Writing = time;
        foreach (var one in _playing) Gather(one, time, acts, signs);
        _playing.RemoveAll(one => one.Over);
        await MineAsync(acts, signs, time, cancellation);
    }

    private ulong NextTime()
    {
        var soonest = ulong.MaxValue;
        foreach (var one in _playing)
        {
            soonest = Math.Min(soonest, one.Waits switch
            {
                Beat.Until until => until.Time,
                _ => 0,
            });
        }

        return Math.Max(Time + 1, soonest == ulong.MaxValue ? 0 : soonest);
    }

    // Where every story waits for blocks, the empty ones are mined at once.
    private async Task<bool> SkipBlocksAsync(ulong time, CancellationToken cancellation)
    {
        if (_playing.Count == 0 || _playing.Exists(one => one.Waits is not Beat.UntilBlock)) return false;
        var next = _playing.Min(one => ((Beat.UntilBlock)one.Waits!).Number);
        if (next <= Block) return false;
        var count = next - Block;
        await anvil.SetNextBlockTimestampAsync(time, cancellation);
        await anvil.MineAsync(count, cancellation);
        var head = await client.GetHeaderAsync(BlockTag.Latest, cancellation);
        (Block, Time) = (head!.Number, head.Timestamp);
        return true;
    }

    private void Gather(Playing one, ulong time, List<Beat.Act> acts, List<Beat.Sign> signs)
    {
        if (!Ready(one.Waits, time)) return;
        one.Waits = null;
        while (true)
        {
            if (!one.Story.MoveNext())
            {
                one.Over = true;
                return;
            }

            switch (one.Story.Current)
            {
                case Beat.Act act:
                    acts.Add(act);
                    if (!Spread) continue;
                    one.Waits = new Beat.NextBlock();
                    return;
                case Beat.Sign sign:
                    signs.Add(sign);
                    one.Waits = new Beat.NextBlock();
                    return;
                case var wait when Ready(wait, time) && wait is not Beat.NextBlock:
                    continue;
                case var wait:
                    one.Waits = wait;
                    return;
            }
        }
    }

    private bool Ready(Beat? wait, ulong time) => wait switch
    {
        null or Beat.NextBlock => true,
        Beat.Until until => until.Time <= time,
        // An act runs in the block after the newest: its number is one more.
        Beat.UntilBlock until => until.Number <= Block,
        _ => true,
    };

    private async Task MineAsync(List<Beat.Act> acts, List<Beat.Sign> signs, ulong time, CancellationToken cancellation)
    {
        var signed = new List<(Hash32 Hash, string What)>();
        foreach (var sign in signs)
            signed.Add((await director.SendAsAsync(sign.Account, sign.Target.Address, sign.Call, cancellation), sign.What));
        var sent = new List<(Hash32 Hash, int First, int Count)>();
        for (var first = 0; first < acts.Count;)
        {
            var (script, count) = Script(acts, first);
            sent.Add((await director.SendAsync(driver, script, MostGas, cancellation), first, count));
            first += count;
        }

        await anvil.SetNextBlockTimestampAsync(time, cancellation);
        await anvil.MineAsync(cancellation);
        (Block, Time) = (Block + 1, time);
        foreach (var (hash, first, count) in sent)
        {
            var receipt = await client.GetReceiptAsync(hash, cancellation);
            if (receipt is not { Succeeded: true }) throw await RefusedAsync(acts, first, count, cancellation);
        }

        foreach (var (hash, what) in signed)
        {
            var receipt = await client.GetReceiptAsync(hash, cancellation);
            if (receipt is not { Succeeded: true }) throw new StepRefusedException(what, Block, "a revert");
        }

        if (sent.Count + signed.Count > 0) await ReadLogsAsync(Block, Block, cancellation);
    }

    private static (byte[] Script, int Count) Script(List<Beat.Act> acts, int first)
    {
        var count = 0;
        var length = 0;
        while (first + count < acts.Count && count < MostSteps && (count == 0 || length + 8 + acts[first + count].Call.Length <= MostBytes))
            length += 8 + acts[first + count++].Call.Length;
        var script = new byte[length];
        var at = 0;
        for (var i = first; i < first + count; i++)
        {
            var (actor, target, call, _) = acts[i];
            BinaryPrimitives.WriteUInt32BigEndian(script.AsSpan(at), (uint)actor);
            BinaryPrimitives.WriteUInt32BigEndian(script.AsSpan(at + 4), ((uint)target.Index << 24) | (uint)call.Length);
            call.CopyTo(script, at + 8);
            at += 8 + call.Length;
        }

        return (script, count);
    }

    // Finds the step that a contract refused by calling the script again on the state before it.
    private async Task<Exception> RefusedAsync(List<Beat.Act> acts, int first, int count, CancellationToken cancellation)
    {
        var (script, _) = Script(acts, first);
        var reason = await director.RefusalAsync(driver, script, Block - 1, Time, cancellation);
        var refused = Director.StepRefused.TryDecode(reason, out var facts);
        return refused
            ? new StepRefusedException(acts[first + (int)(ulong)facts[0].AsUInt256()].What + $" by actor {facts[1]}", Block, contracts.Refusal(facts[3].AsBytes().Span))
            : new StepRefusedException($"a script of {count} steps", Block, contracts.Refusal(reason));
    }

    private async Task ReadLogsAsync(ulong from, ulong to, CancellationToken cancellation)
    {
        using var logs = await client.GetLogsAsync(new LogFilter(from, to), cancellation);
        for (var i = 0; i < logs.Count; i++)
        {
            var name = logs[i].TopicCount > 0 ? contracts.EventName(logs[i].Address, logs[i].Topics[0]) : null;
            if (name is null) continue;
            _counts[name]++;
            Events++;
            Logged?.Invoke(logs[i], logs.Data(i).ToArray());
        }
    }

    private sealed class Playing(IEnumerator<Beat> story)
    {
        public IEnumerator<Beat> Story => story;

        public Beat? Waits { get; set; }

        public bool Over { get; set; }
    }
}
