// Lives of data and of proofs: datasets with consent and privacy budgets, their leases, and the checkpoints of the log.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>How a data lease ends.</summary>
public enum DataLeaseEnding
{
    Denied,
    Revoked,
    Released,
    Expired,
    Superseded,
    BreachRejected,
    BreachUpheld,
    BreachWithdrawn,
    BreachSplit,
}

/// <summary>Stories of data leases and checkpoints.</summary>
public sealed class DataStories(Cast cast, Random random)
{
    private const ulong Day = 86_400;
    private const ulong LeastBps = 2_000;
    private const ulong ConsentBreach = 5;
    private const ulong WrongCheckpoint = 6;

    private static readonly AbiType[] DatasetTypes = AbiType.ParseAll("uint256", "bytes32");

    private Contract Leases => cast.Contracts["DataLeases"];

    private Contract Checkpoints => cast.Contracts["EpochCheckpoints"];

    /// <summary>A dataset and one lease of it, renewed once where it lives long enough.</summary>
    public IEnumerable<Beat> Lease(DataLeaseEnding ending)
    {
        var people = cast.SomeWorkers(random, 2);
        var (owner, grantee) = (people[0], people[1]);
        var name = Cast.Word($"dataset {random.Next()}");
        var dataset = Keccak256.Hash(AbiEncoder.Encode(DatasetTypes, [owner.Id, name]));
        var manifest = Cast.Word($"manifest {name}");
        yield return Beat.Do(owner.Actor, Leases, "setManifest", owner.Id, name, manifest, "ipfs://manifest/1");
        yield return Beat.Do(owner.Actor, Leases, "setBudget", dataset, 1_000_000UL);
        var lease = cast.DataLeases.Next();
        var startedAt = cast.Now;
        yield return Beat.Do(
            grantee.Actor, Leases, "request", dataset, grantee.Id, manifest, Cast.Word("research"), Cast.Credits(100),
            LeastBps, 30 * Day, startedAt + Day);
        if (ending == DataLeaseEnding.Denied)
        {
            yield return Beat.Do(owner.Actor, Leases, "deny", lease, Cast.Word("purpose"));
            yield break;
        }

        var endsAt = cast.Now + 30 * Day;
        yield return Beat.Do(owner.Actor, Leases, "grant", lease);
        yield return Beat.Do(owner.Actor, Leases, "spend", lease, 250_000UL);
        switch (ending)
        {
            case DataLeaseEnding.Revoked:
                yield return new Beat.Until(startedAt + 3_600);
                yield return Beat.Do(owner.Actor, Leases, "revoke", lease, Cast.Word("changed my mind"));
                break;
            case DataLeaseEnding.Released:
                yield return new Beat.Until(startedAt + 7_200);
                yield return Beat.Do(grantee.Actor, Leases, "release", lease);
                break;
            case DataLeaseEnding.Superseded:
                yield return Beat.Do(owner.Actor, Leases, "setManifest", owner.Id, name,
                    Cast.Word($"manifest {name} 2"), "ipfs://manifest/2");
                yield return Beat.Do(grantee.Actor, Leases, "endLease", lease);
                break;
            case DataLeaseEnding.Expired:
                yield return Beat.Do(
                    grantee.Actor, Leases, "requestRenewal", lease, Cast.Credits(70), 10 * Day, startedAt + Day);
                yield return Beat.Do(owner.Actor, Leases, "endRenewal", lease);
                yield return Beat.Do(
                    grantee.Actor, Leases, "requestRenewal", lease, Cast.Credits(50), 10 * Day, startedAt + Day);
                yield return Beat.Do(owner.Actor, Leases, "grant", lease);
                endsAt += 10 * Day;
                yield return new Beat.Until(endsAt);
                yield return Beat.Do(owner.Actor, Leases, "endLease", lease);
                break;
            default:
                foreach (var beat in Disputed(lease, owner, grantee, ending)) yield return beat;
                if (ending is DataLeaseEnding.BreachUpheld or DataLeaseEnding.BreachSplit) yield break;
                yield return new Beat.Until(endsAt);
                yield return Beat.Do(owner.Actor, Leases, "endLease", lease);
                break;
        }

        var endedAt = cast.Now;
        yield return new Beat.Until(endedAt + 7 * Day);
        yield return Beat.Do(owner.Actor, Leases, "releaseDeposit", lease);
    }

    /// <summary>An epoch's checkpoint that the panel signs.</summary>
    public IEnumerable<Beat> SignedCheckpoint() => Checkpoint(signatures: 7, course: null);

    /// <summary>A candidate that nobody signs: not accepted, the epoch stays open.</summary>
    public IEnumerable<Beat> UnsignedCheckpoint() => Checkpoint(signatures: 0, course: null);

    /// <summary>A checkpoint that is challenged: in vain, or rightly.</summary>
    public IEnumerable<Beat> DisputedCheckpoint(DisputeCourse course) => Checkpoint(signatures: 5, course);

    private IEnumerable<Beat> Disputed(ulong lease, Agent owner, Agent grantee, DataLeaseEnding ending)
    {
        var course = ending switch
        {
            DataLeaseEnding.BreachRejected => DisputeCourse.Rejected,
            DataLeaseEnding.BreachUpheld => DisputeCourse.Upheld,
            DataLeaseEnding.BreachSplit => DisputeCourse.Split,
            _ => DisputeCourse.Withdrawn,
        };
        return new DisputeStory(
            cast, random, course).TellOver(new Quarrel(ConsentBreach, lease, owner.Actor, 0, grantee.Actor));
    }

    /// <summary>
    /// Two candidates for one epoch, both signed: the first that is settled is accepted, the other superseded.
    /// </summary>
    public IEnumerable<Beat> RivalCheckpoints()
    {
        while (cast.Facts.OpenEpoch != 0) yield return new Beat.Until(cast.Now + 3_600);
        var posters = cast.SomeWorkers(random, 2);
        ulong[] candidates = [0, 0];
        for (var i = 0; i < 2; i++)
        {
            candidates[i] = cast.Candidates.Next();
            yield return Posted(posters[i]);
        }

        foreach (var beat in Drawn(posters[0].Actor, candidates)) yield return beat;
        foreach (var candidate in candidates)
            foreach (var beat in Signatures(candidate, 7)) yield return beat;
        foreach (var candidate in candidates)
        {
            yield return new Beat.Until(cast.Facts.FinalAtOf(candidate));
            yield return Beat.Do(posters[0].Actor, Checkpoints, "settleCandidate", candidate);
        }

        yield return new Beat.NextBlock();
    }

    // Epochs follow one another: whoever would post for the next one waits until the last is decided.
    private IEnumerable<Beat> Checkpoint(int signatures, DisputeCourse? course)
    {
        while (cast.Facts.OpenEpoch != 0) yield return new Beat.Until(cast.Now + 3_600);
        var people = cast.SomeWorkers(random, 2);
        var (poster, watcher) = (people[0], people[1]);
        var candidate = cast.Candidates.Next();
        yield return Posted(poster);
        foreach (var beat in Drawn(poster.Actor, candidate)) yield return beat;
        foreach (var beat in Signatures(candidate, signatures)) yield return beat;
        if (course is { } how)
        {
            var quarrel = new Quarrel(WrongCheckpoint, candidate, watcher.Actor, watcher.Id, poster.Actor);
            foreach (var beat in new DisputeStory(cast, random, how).TellOver(quarrel)) yield return beat;
            yield return new Beat.NextBlock();
            if (cast.Facts.OpenEpoch == 0) yield break;
        }

        yield return new Beat.Until(cast.Facts.FinalAtOf(candidate));
        yield return Beat.Do(poster.Actor, Checkpoints, "settleCandidate", candidate);
        yield return new Beat.NextBlock();
    }

    private Beat Posted(Agent poster)
    {
        var epoch = cast.Facts.LastEpoch + 1;
        var from = cast.Facts.CheckpointedTo + 1;
        cast.Facts.OpenEpoch = epoch;
        return Beat.Do(poster.Actor, Checkpoints, "post", epoch, poster.Id, AbiValue.Of(
            Cast.Word($"log {epoch} {from}"), Cast.Word($"state {epoch} {from}"), from, cast.Stage.Block,
            (ulong)random.Next(1, 1_000)));
    }

    private IEnumerable<Beat> Drawn(int keeper, params ulong[] candidates)
    {
        yield return new Beat.NextBlock();
        foreach (var candidate in candidates)
        {
            yield return new Beat.UntilBlock(cast.Facts.SeedOf(candidate) + 17);
            yield return Beat.Do(keeper, Checkpoints, "drawSigners", candidate);
        }

        yield return new Beat.NextBlock();
        yield return cast.Thawed();
    }

    // A newcomer who joined the pool signs for itself, or not at all.
    private IEnumerable<Beat> Signatures(ulong candidate, int signatures) => cast.Facts.SignersOf(candidate)
        .Where(id => cast.AgentOf(id).Id != 0).Take(signatures)
        .Select(verifier => Beat.Do(cast.AgentOf(verifier).Actor, Checkpoints, "sign", candidate, verifier));
}
