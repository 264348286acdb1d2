// The chain of a simulation. Enters: a seed. Leaves: a chain on which stories were told in stretches that break off anywhere, each followed by
// reorgs of both kinds. Always holds: no reorg reaches below what an indexer may have taken as final, nor below the world's foundation.
using EventSourced.World;

namespace EventSourced.Simulation.Tests;

/// <summary>Tells stories on a chain and takes parts of them back.</summary>
internal sealed class Teller(int seed, Chain chain, ulong finalityDepth)
{
    private const ulong DeepestReorg = 64;
    private const int MostBlocksOfStretch = 60;

    private readonly Random _random = new(seed);
    private ulong _foundation;
    private ulong _peak;

    /// <summary>How many reorgs were made.</summary>
    internal int Reorgs { get; private set; }

    /// <summary>The deepest reorg.</summary>
    internal ulong Deepest { get; private set; }

    /// <summary>Stories that were refused, because a reorg had taken what they build on.</summary>
    internal int Refused { get; private set; }

    /// <summary>Settles people, who are there from now on.</summary>
    internal async Task FoundAsync(CancellationToken cancellation)
    {
        using (await World.World.SettleAsync(chain, new WorldOptions(seed), Population.Small, cancellation))
            _foundation = await HeadAsync(cancellation);
    }

    /// <summary>Tells stories for a random number of blocks; they break off wherever they are.</summary>
    internal async Task TellAsync(int stretch, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var left = _random.Next(10, MostBlocksOfStretch);
        var told = new WorldOptions(unchecked(seed + (997 * (stretch + 1))), Spread: _random.Next(3) == 0);
        try
        {
            using var world = await World.World.SettleAsync(chain, told, Population.Small, cancellation);
            await world.LiveAsync(
                0,
                () =>
                {
                    if (--left <= 0) over.Cancel();
                },
                over.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // As far as this stretch goes.
        }
        catch (StepRefusedException)
        {
            Refused++;
        }

        await chain.Anvil.MineAsync((ulong)_random.Next(1, 4), cancellation);
    }

    /// <summary>A few reorgs, one soon after the other.</summary>
    internal async Task TakeBackAsync(CancellationToken cancellation)
    {
        for (var reorgs = _random.Next(1, 5); reorgs > 0; reorgs--)
        {
            var head = await HeadAsync(cancellation);
            _peak = Math.Max(_peak, head);
            var lowest = Math.Max(_foundation, _peak > finalityDepth ? _peak - finalityDepth : 0);
            if (head > lowest)
            {
                var deepest = Math.Min(DeepestReorg, head - lowest);
                var depth = (ulong)_random.NextInt64(1, (long)(_random.Next(2) == 0 ? Math.Min(4, deepest) : deepest) + 1);
                if (_random.Next(2) == 0) await chain.Anvil.ReorgAsync(depth, cancellation);
                else await chain.Anvil.RollbackAsync(depth, cancellation);
                (Reorgs, Deepest) = (Reorgs + 1, Math.Max(Deepest, depth));
            }

            await chain.Anvil.MineAsync((ulong)_random.Next(1, 6), cancellation);
            await Task.Delay(_random.Next(0, 300), cancellation);
        }
    }

    private Task<ulong> HeadAsync(CancellationToken cancellation) => chain.Client.GetBlockNumberAsync(cancellation);
}
