// Plays stories. Enters: stories, and a ground to play them on. Leaves: blocks. Always holds: the order of acts depends
// on the order of stories alone, each block's time on the stories' waits alone, so the same seed gives the same block
// hashes on a ground of our own. At most MostActive stories play at once; a block holds about MostActs acts, and who
// began first acts first.
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>A step was refused by a contract.</summary>
public sealed class StepRefusedException(string what, ulong block, string reason)
    : Exception($"expected {what} to be accepted in block {block}, found {reason}");

/// <summary>Plays stories on a chain.</summary>
public sealed class Stage(EthereumClient client, Contracts contracts, Ground ground)
{
    /// <summary>With so many acts in a block no further story is asked for one.</summary>
    public const int MostActs = 256;

    /// <summary>How many stories play at the same time.</summary>
    public const int MostActive = 65_536;

    /// <summary>How many blocks are asked for their logs at once.</summary>
    public const ulong MostBlocksOfLogs = 200;

    private readonly List<Playing> _playing = [];
    private readonly Queue<IEnumerator<Beat>> _waiting = [];
    private readonly Dictionary<string, long> _counts = contracts.EventNames.Distinct().Order(
        StringComparer.Ordinal).ToDictionary(name => name, _ => 0L);
    private Head _head;

    /// <summary>The newest block's time.</summary>
    public ulong Time => _head.Time;

    /// <summary>The time of the block that is being written: acts in it see this time.</summary>
    public ulong Writing { get; private set; }

    /// <summary>The newest block.</summary>
    public ulong Block => _head.Block;

    /// <summary>How many events the chain has.</summary>
    public long Events { get; private set; }

    /// <summary>Events by name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>How many stories ended because a contract refused an act.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether each act gets a block of its own, so that a life is spread over many blocks.</summary>
    public bool Spread { get; init; }

    /// <summary>Called with each log of a block, in order.</summary>
    public event Action<Log, byte[]>? Logged;

    /// <summary>Called before acts are gathered: everything that the chain said until now is known.</summary>
    public event Action? Turned;

    /// <summary>Called with what ended a story before its time.</summary>
    public event Action<string>? Complained;

    /// <summary>Looks at the chain before the first block.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var head = await ground.BeginAsync(cancellation);
        await ReadLogsAsync(0, head.Block, cancellation);
        _head = head;
        Writing = ground.NextTime(head, 0);
    }

    /// <summary>Lets a story begin as soon as there is room.</summary>
    public void Add(IEnumerable<Beat> story) => _waiting.Enqueue(story.GetEnumerator());

    /// <summary>Whether others use the chain too.</summary>
    public bool IsShared => ground.Forgives;

    /// <summary>Whether stories are still to be played.</summary>
    public bool Busy => _playing.Count > 0 || _waiting.Count > 0;

    /// <summary>Whether there is no room for another story.</summary>
    public bool Crowded => _playing.Count >= MostActive;

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

    /// <summary>
    /// Plays one block: the acts of every story that is ready, or the way to the next moment that one waits for.
    /// </summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        Turned?.Invoke();
        if (_waiting.Count == 0 && _playing.Count > 0
            && _playing.TrueForAll(one => one.Waits is Beat.UntilBlock until && until.Number > Block))
            _head = await ground.SkipAsync(
                _head, _playing.Min(one => ((Beat.UntilBlock)one.Waits!).Number) - Block, cancellation);
        Writing = ground.NextTime(_head, Soonest());
        var cues = new List<Cue>();
        foreach (var one in _playing)
        {
            if (cues.Count >= MostActs) break;
            Gather(one, cues);
        }

        while (cues.Count < MostActs && _playing.Count < MostActive && _waiting.TryDequeue(out var story))
        {
            var one = new Playing(story);
            _playing.Add(one);
            Gather(one, cues);
        }

        var played = await ground.PlayAsync(_head, cues, Writing, cancellation);
        foreach (var refusal in played.Refusals)
        {
            Refused++;
            ((Playing)refusal.Story).Over = true;
            Complained?.Invoke($"a story ended at block {played.Head.Block}: expected {refusal.What} to be accepted, found {refusal.Reason}");
        }

        _playing.RemoveAll(one => one.Over);
        if (played.Head.Block > Block) await ReadLogsAsync(Block + 1, played.Head.Block, cancellation);
        _head = played.Head;
    }

    // The first moment that a story waits for; now, where one is ready or may begin.
    private ulong Soonest()
    {
        if (_waiting.Count > 0 || _playing.Count == 0) return 0;
        return _playing.Min(one => one.Waits is Beat.Until until ? until.Time : 0);
    }

    private void Gather(Playing one, List<Cue> cues)
    {
        if (!Ready(one.Waits)) return;
        one.Waits = null;
        while (Next(one))
        {
            switch (one.Story.Current)
            {
                case Beat.Act act:
                    cues.Add(new Cue(one, act));
                    if (!Spread) continue;
                    one.Waits = new Beat.NextBlock();
                    return;
                case Beat.Sign sign:
                    cues.Add(new Cue(one, sign));
                    one.Waits = new Beat.NextBlock();
                    return;
                case var wait when Ready(wait) && wait is not Beat.NextBlock:
                    continue;
                case var wait:
                    one.Waits = wait;
                    return;
            }
        }

        one.Over = true;
    }

    // What a story did not foresee (somebody else's agent won, no panel was drawn) ends it where the ground forgives.
    private bool Next(Playing one)
    {
        try
        {
            return one.Story.MoveNext();
        }
        catch (Exception surprise) when (ground.Forgives)
        {
            Refused++;
            Complained?.Invoke($"a story ended at block {Block}: {surprise.Message}");
            return false;
        }
    }

    private bool Ready(Beat? wait) => wait switch
    {
        null or Beat.NextBlock => true,
        Beat.Until until => until.Time + ground.Slack <= Writing,
        // An act runs in the block after the newest: its number is one more.
        Beat.UntilBlock until => until.Number <= Block,
        _ => true,
    };

    private async Task ReadLogsAsync(ulong from, ulong to, CancellationToken cancellation)
    {
        for (var first = from; first <= to; first += MostBlocksOfLogs)
        {
            var filter = new LogFilter(first,
                Math.Min(
                    to, first + MostBlocksOfLogs - 1))
            { Addresses = [.. contracts.All.Select(one => one.Address)] };
            using var logs = await client.GetLogsAsync(filter, cancellation);
            for (var i = 0; i < logs.Count; i++)
            {
                var name = logs[i].TopicCount > 0 ? contracts.EventName(logs[i].Address, logs[i].Topics[0]) : null;
                if (name is null) continue;
                _counts[name]++;
                Events++;
                Logged?.Invoke(logs[i], logs.Data(i).ToArray());
            }
        }
    }

    private sealed class Playing(IEnumerator<Beat> story)
    {
        public IEnumerator<Beat> Story => story;

        public Beat? Waits { get; set; }

        public bool Over { get; set; }
    }
}
