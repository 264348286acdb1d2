// A chain in memory, for tests: folds are moved by events as the indexer moves them. Enters: events and the passing of
// time. Leaves: states, what followed, and what must not have happened. Always holds: passed deadlines come before a
// block's first event, what follows from an event right behind it, and the key of every state is its first column.
using System.Reflection;
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Integrity;
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;

namespace EventSourced.Domain.Tests;

/// <summary>Folds moved together.</summary>
internal sealed class SmallChain
{
    private const int MostFollowing = 10_000;

    private readonly Lane[] _lanes;
    private readonly Queue<ChainEvent> _waiting = new();
    private ulong _block = 1;
    private ulong _time;
    private uint _log;

    internal SmallChain(ulong time, params Fold[] folds)
    {
        _time = time;
        _lanes = [.. folds.Select(Lane.Of)];
    }

    /// <summary>Things in whose state an event must not have happened.</summary>
    internal List<string> Violations { get; } = [];

    /// <summary>What followed, in order.</summary>
    internal List<DerivedEvent> Followed { get; } = [];

    /// <summary>A chain with every fold of market, court and work.</summary>
    internal static SmallChain Whole(ulong time = 1_000_000) => new(time, AllFolds);

    /// <summary>Every fold of market, court and work.</summary>
    internal static Fold[] AllFolds =>
    [
        Tasks.Fold, Jobs.Fold, JobProviders.Fold, Bids.Fold, WorkLeases.Fold, TaskTerms.Fold, Submissions.Fold,
        TaskFailures.Fold, Disputes.Fold, DisputeTerms.Fold, DisputeRounds.Fold, Seats.Fold, SeedContributions.Fold,
        DisputeEvidence.Fold, Verifiers.Fold, Organisations.Fold, SeedBlocks.Fold, PoolRoles.Fold, Datasets.Fold,
        Manifests.Fold, DataLeases.Fold, Checkpoints.Fold, CheckpointCandidates.Fold, CheckpointSignatures.Fold,
        Bounties.Fold, BountyClaims.Fold, Channels.Fold, Guilds.Fold, GuildMembers.Fold, GuildReceipts.Fold,
        Workflows.Fold, WorkflowSteps.Fold, WorkflowPatches.Fold, WorkflowAttestations.Fold, Rewards.Fold,
        RewardGrants.Fold,
    ];

    /// <summary>The time of the present block.</summary>
    internal Instant Now => new(_time);

    /// <summary>A block at a later time: deadlines pass.</summary>
    internal SmallChain Until(ulong time)
    {
        (_block, _time, _log) = (_block + 1, time, 0);
        while (
            _lanes.Select(lane => lane.TakeDue(Now)).FirstOrDefault(passed => passed is not null) is { } due) Run(due);
        return this;
    }

    /// <summary>A block so many seconds later: deadlines pass.</summary>
    internal SmallChain After(ulong seconds) => Until(_time + seconds);

    /// <summary>Events of the present block.</summary>
    internal SmallChain Happens(params ChainEvent[] events)
    {
        foreach (var happened in events)
        {
            _log++;
            Run(happened);
        }

        return this;
    }

    /// <summary>
    /// An event of the present block, as if it had not happened where it must not; whether it happened.
    /// </summary>
    internal bool TryHappens(ChainEvent happened)
    {
        var (before, violations, followed) = (
            Array.ConvertAll(_lanes, lane => lane.Keep()), Violations.Count, Followed.Count);
        Happens(happened);
        if (Violations.Count == violations) return true;
        for (var i = 0; i < _lanes.Length; i++) _lanes[i].Restore(before[i]);
        Violations.RemoveRange(violations, Violations.Count - violations);
        Followed.RemoveRange(followed, Followed.Count - followed);
        return false;
    }

    /// <summary>The state of a thing.</summary>
    internal TState Of<TKey, TState>(Fold<TKey, TState> fold, TKey key)
        where TKey : notnull, IEquatable<TKey>
        where TState : class =>
        Find(fold, key) ?? throw new InvalidOperationException($"expected a state of {fold.Name}-{key}, found none");

    /// <summary>The state of a thing, or null.</summary>
    internal TState? Find<TKey, TState>(Fold<TKey, TState> fold, TKey key)
        where TKey : notnull, IEquatable<TKey>
        where TState : class =>
        ((Lane<TKey, TState>)_lanes.Single(lane => lane.Fold == fold)).Find(key);

    private void Run(ChainEvent first)
    {
        _waiting.Enqueue(first);
        var count = 0;
        while (_waiting.TryDequeue(out var happened))
        {
            Assert.True(++count < MostFollowing, $"expected an end to what follows from {first}, found none");
            if (happened is DerivedEvent derived) Followed.Add(derived);
            var at = new At(_block, Now, _log);
            foreach (var lane in _lanes.OrderBy(lane => lane.IsHomeOf(happened.GetType()) ? 0 : 1))
                lane.Move(happened, at, Violations, _waiting);
        }
    }

    private abstract class Lane
    {
        internal abstract Fold Fold { get; }

        internal static Lane Of(Fold fold) => (Lane)typeof(Lane<,>)
            .MakeGenericType(fold.KeyType, fold.StateType)
            .GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)[0].Invoke([fold]);

        internal bool IsHomeOf(Type happened) => Fold.Routes.Any(route => route.IsHome && route.Event == happened);

        internal abstract DerivedEvent? TakeDue(Instant now);

        internal abstract void Move(ChainEvent happened, At at, List<string> violations, Queue<ChainEvent> following);

        internal abstract object Keep();

        internal abstract void Restore(object kept);
    }

    private sealed class Lane<TKey, TState> : Lane
        where TKey : notnull, IEquatable<TKey>
        where TState : class
    {
        private static readonly PropertyInfo FirstColumn =
            typeof(TState).GetProperty(typeof(TState).GetConstructors()[0].GetParameters()[0].Name!)!;

        private Dictionary<TKey, TState> _states = [];
        private readonly Fold<TKey, TState> _fold;

        internal Lane(Fold<TKey, TState> fold) => _fold = fold;

        internal override Fold Fold => _fold;

        internal TState? Find(TKey key) => _states.GetValueOrDefault(key);

        internal override object Keep() => new Dictionary<TKey, TState>(_states);

        internal override void Restore(object kept) => _states = (Dictionary<TKey, TState>)kept;

        internal override DerivedEvent? TakeDue(Instant now)
        {
            if (_fold.NextDeadline is null) return null;
            foreach (var state in _states.Values)
            {
                if (_fold.NextDeadline(state) is { } due && !due.Due.IsNone && due.Due <= now)
                    return _fold.Passed!(state, due);
            }

            return null;
        }

        internal override void Move(ChainEvent happened, At at, List<string> violations, Queue<ChainEvent> following)
        {
            foreach (var route in _fold.Routes.Where(route => route.Event == happened.GetType()))
            {
                object?[] arguments = [happened, at, null];
                if (!(bool)route.KeyOf.DynamicInvoke(arguments)!) continue;
                var key = (TKey)arguments[2]!;
                var next = _fold.Evolve(Find(key), happened, at);
                // As in the indexer: a first event that makes another thing than the one it was routed to must not have
                // happened.
                if (next is null || (Find(key) is null && !key.Equals(FirstColumn.GetValue(next))))
                {
                    violations.Add($"{_fold.Name}-{key}: {happened.GetType().Name}");
                    continue;
                }

                Assert.Equal(key, FirstColumn.GetValue(next));
                _states[key] = next;
                foreach (var derived in _fold.Derive(next, happened)) following.Enqueue(derived);
            }
        }
    }
}
