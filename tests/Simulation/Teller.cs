// The chain of a simulation. Enters: a seed. Leaves: a chain on which stories are told in stretches that break off
// anywhere, each followed by reorgs of both kinds. Always holds: every block is decided by the seed and the number of
// stretches, whoever reads meanwhile; no reorg reaches below what an indexer may have taken as final, nor below the
// world's foundation; what a reorg took from under a story ends that telling alone.
using System.Diagnostics;
using EventSourced.World;

namespace EventSourced.Simulation.Tests;

/// <summary>Tells stories on a chain and takes parts of them back.</summary>
internal sealed class Teller(int seed, WorldChain chain, ulong finalityDepth, Weather weather)
{
    private const ulong DeepestReorg = 64;
    private const int LeastBlocksOfStretch = 5;
    private const int MostBlocksOfStretch = 40;
    private const int MostTellingsOfStretch = 8;
    private const int StoriesOfTelling = 40;
    private const int LongestPauseOfBlock = 25;

    // How long an indexer gets to be at the tip before a reorg that is meant for it, and then to follow, from which the
    // storm may keep it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly Random _random = new(seed);
    private ulong _foundation;
    private ulong _peak;

    /// <summary>How many reorgs were made.</summary>
    internal int Reorgs { get; private set; }

    /// <summary>How many of them cut the chain shorter.</summary>
    internal int Rollbacks { get; private set; }

    /// <summary>How many of them came while an indexer read the past.</summary>
    internal int InBackfill { get; private set; }

    /// <summary>How many of them came while an indexer followed the tip.</summary>
    internal int AtTip { get; private set; }

    /// <summary>The deepest reorg.</summary>
    internal ulong Deepest { get; private set; }

    /// <summary>Tellings that were refused, because a reorg had taken what they build on.</summary>
    internal int Refused { get; private set; }

    /// <summary>Settles people, who are there from now on, and tells every story that comes first.</summary>
    internal async Task FoundAsync(CancellationToken cancellation)
    {
        using (await World.World.SettleAsync(chain, new WorldOptions(seed), Population.Small, cancellation))
            _foundation = await HeadAsync(cancellation);
        await StretchAsync(isFirst: true, 0, cancellation);
    }

    /// <summary>Tells stories for a random number of blocks; they break off wherever they are.</summary>
    internal Task TellAsync(CancellationToken cancellation) =>
        StretchAsync(isFirst: false, LongestPauseOfBlock, cancellation);

    /// <summary>A few reorgs, one soon after the other.</summary>
    internal async Task TakeBackAsync(IReadOnlyList<Contender> witnesses, CancellationToken cancellation)
    {
        for (var reorgs = _random.Next(1, 5); reorgs > 0; reorgs--)
        {
            var head = await HeadAsync(cancellation);
            _peak = Math.Max(_peak, head);
            var lowest = Math.Max(_foundation, _peak > finalityDepth ? _peak - finalityDepth : 0);
            var deepest = Math.Min(DeepestReorg, head > lowest ? head - lowest : 0);
            var (shallow, whole, isShorter, isWatched) = (
                _random.Next(2) == 0, _random.Next(6) == 0, _random.Next(2) == 0, _random.Next(3) > 0);
            var drawn = 1 + (ulong)(_random.NextDouble() * (shallow ? Math.Min(4, deepest) : deepest));
            var depth = whole ? deepest : Math.Min(drawn, deepest);
            var followed = witnesses.Sum(witness => witness.Reorgs);
            if (depth > 0)
            {
                if (isWatched)
                {
                    weather.Calm();
                    await UntilAsync(() => witnesses.Any(witness => witness.IsAt(head)), LongestWait, cancellation);
                    weather.Rage();
                }

                if (witnesses.Any(witness => witness.IsCatchingUp)) InBackfill++;
                if (witnesses.Any(witness => witness.IsLive)) AtTip++;
                if (isShorter) await chain.Anvil.RollbackAsync(depth, cancellation);
                else await chain.Anvil.ReorgAsync(depth, cancellation);
                (Reorgs, Rollbacks, Deepest) = (Reorgs + 1, Rollbacks + (isShorter ? 1 : 0), Math.Max(Deepest, depth));
            }

            // A chain that got shorter is seen as such only where nothing follows at once.
            var (waits, mined, after) = (_random.Next(2) == 0, (ulong)_random.Next(1, 6), _random.Next(0, 300));
            if (isWatched && waits) await UntilAsync(
                () => witnesses.Sum(witness => witness.Reorgs) > followed, LongestLook, cancellation);
            await chain.Anvil.MineAsync(mined, cancellation);
            if (isWatched) await UntilAsync(
                () => witnesses.Sum(witness => witness.Reorgs) > followed, LongestLook, cancellation);
            else await Task.Delay(after, cancellation);
        }
    }

    private static async Task UntilAsync(Func<bool> happened, TimeSpan longest, CancellationToken cancellation)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < longest && !happened();) await Task.Delay(Glance,
            cancellation);
    }

    private async Task StretchAsync(bool isFirst, int longestPause, CancellationToken cancellation)
    {
        var left = _random.Next(LeastBlocksOfStretch, MostBlocksOfStretch);
        for (var telling = 0; telling < MostTellingsOfStretch && left > 0; telling++)
        {
            var told = new WorldOptions(_random.Next(), Spread: _random.Next(3) == 0);
            var pauses = new Random(_random.Next());
            try
            {
                using var world = await World.World.SettleAsync(chain, told, Population.Small, cancellation);
                var stories = new Random(_random.Next());
                var list = isFirst && telling == 0
                    ? Repertoire.EveryStory(world.Cast, stories)
                    : Enumerable.Range(0, StoriesOfTelling).Select(_ => Repertoire.LiveStory(world.Cast, stories));
                foreach (var story in list) world.Stage.Add(story);
                for (; left > 0 && world.Stage.Busy; left--)
                {
                    await world.Stage.TickAsync(cancellation);
                    await Task.Delay(pauses.Next(longestPause + 1), cancellation);
                }
            }
            catch (StepRefusedException)
            {
                Refused++;
            }
        }

        await chain.Anvil.MineAsync((ulong)_random.Next(1, 4), cancellation);
    }

    private Task<ulong> HeadAsync(CancellationToken cancellation) => chain.Client.GetBlockNumberAsync(cancellation);
}
