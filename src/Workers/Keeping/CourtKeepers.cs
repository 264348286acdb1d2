// The keepers of the court: disputes from evidence to settlement, the pool of verifiers, candidates for checkpoints,
// and leases of data. Always holds: a duty that waits for a block's hash is judged by the number of the block to come,
// as the contract judges it.
using EventSourced.Domain.Court;
using EventSourced.Domain.Money;
using static EventSourced.Workers.Keeping.KeeperTable;

namespace EventSourced.Workers.Keeping;

internal static class CourtKeepers
{
    // The windows of seed blocks, as libraries/SeedWindows.sol has them: from a seed block to the end of its window.
    private const int BlocksToEnd = 64;
    private const int SmallestPanel = 3;
    private const int HalfLivesToIdle = 3;
    private const long DepositHeldSeconds = 7 * 86_400;

    private const int Draw = (int)Disputes.Phase.Draw;
    private const int Posted = (int)CheckpointCandidates.Status.Posted;
    private const int Active = (int)DataLeases.Status.Active;

    private static readonly string DisputeRows = $"{Table("dispute")} d";

    private static readonly string Rounds =
        $"{DisputeRows} join {Table("dispute_round")} r on r.dispute_id = d.dispute_id and r.round = d.round and r.attempt = d.attempt";

    private static readonly string Candidates = $"{Table("checkpoint_candidate")} c";

    private static readonly string Leases =
        $"{Table("data_lease")} l join {Table("dataset")} s on s.dataset_id = l.dataset_id";

    internal static IReadOnlyList<Keeper> All { get; } =
    [
        new("open-seed", "disputes.startRound", "Disputes", "startRound",
            "starts the first round of a dispute whose evidence is in")
        {
            From = DisputeRows,
            When = $"d.phase = {(int)Disputes.Phase.Evidence}",
            Due = "d.evidence_end",
            Thing = "d.dispute_id",
            Arguments = "d.dispute_id",
        },
        new("draw", "disputes.draw", "Disputes", "draw", "draws the panel once the seed block is there")
        {
            From = Rounds,
            When = $"d.phase = {Draw} and @block > r.seed_block and @block < r.seed_block + {BlocksToEnd}",
            Due = "r.started_at",
            Thing = "d.dispute_id",
            Round = "d.round || '.' || d.attempt || '.' || r.seed_block",
            Arguments = "d.dispute_id",
            IsPaid = true,
        },
        new("reseed", "disputes.reseed", "Disputes", "reseed",
            "names a later seed block where the window passed without a draw")
        {
            From = Rounds,
            When = $"""
                d.phase = {Draw} and @block >= r.seed_block + {BlocksToEnd}
                and (r.panel_size <= {SmallestPanel} or @now < r.draw_by)
                """,
            Due = "r.started_at",
            Thing = "d.dispute_id",
            Round = "d.round || '.' || d.attempt || '.' || r.seed_block",
            Arguments = "d.dispute_id",
        },
        new("shrink", "disputes.resolveRound", "Disputes", "resolveRound",
            "asks for a smaller panel where none could be drawn in time")
        {
            From = Rounds,
            When = $"d.phase = {Draw} and r.panel_size > {SmallestPanel}",
            Due = "r.draw_by",
            Thing = "d.dispute_id",
            Round = "d.round || '.' || d.attempt || '.' || r.seed_block",
            Arguments = "d.dispute_id",
        },
        new("resolve", "disputes.resolveRound", "Disputes", "resolveRound",
            "counts the votes when all are revealed or the time is over")
        {
            From = Rounds,
            When = $"d.phase = {(int)Disputes.Phase.Voting}",
            Due = "case when r.seats > 0 and r.reveals >= r.seats then r.commit_end else r.reveal_end end",
            Thing = "d.dispute_id",
            Round = "d.round || '.' || d.attempt",
            Arguments = "d.dispute_id",
        },
        new("settle", "disputes.settle", "Disputes", "settle", "pays everybody once no appeal is possible any more")
        {
            From = DisputeRows,
            When = $"d.phase = {(int)Disputes.Phase.Appeal}",
            Due = "d.appeal_end",
            Thing = "d.dispute_id",
            Round = "d.round || '.' || d.attempt",
            Arguments = "d.dispute_id",
            IsPaid = true,
        },
        new("evict", "verifiers.evict", "VerifierPool", "evict",
            "removes a verifier that was idle for three half-lives, missed its last seat or is below its minimum")
        {
            From = $"""
                {Table("verifier")} v
                left join {Table("account")} k on k.kind = {(int)Accounts.Kind.Stake} and k.id = v.verifier_id
                cross join (select coalesce(max(value), 2592000) as seconds from {Table("parameter")}
                             where name = 'recHalfLife') h
                """,
            When = "v.is_member and v.open_seats = 0",
            // No row tells since when stake is missing or a seat was missed. An idle verifier is due from the second at
            // which it became idle.
            Due = $"""
                case when v.last_active > 0 and coalesce(k.balance, 0) >= v.minimum_stake
                then v.last_active + {HalfLivesToIdle} * h.seconds else v.joined_at end
                """,
            Thing = "v.verifier_id",
            Round = "v.joined_at || '.' || v.last_active",
            Arguments = "v.verifier_id",
            Moot = ["StillFit", "NotMember"],
            IsPaid = true,
        },
        new("draw-signers", "checkpoints.drawSigners", "EpochCheckpoints", "drawSigners",
            "draws who may sign a candidate for a checkpoint")
        {
            From = Candidates,
            When = $"""
                c.status = {Posted} and cardinality(c.panel) = 0 and @block > c.seed_block
                and @block < c.seed_block + {BlocksToEnd}
                """,
            Due = "c.posted_at",
            Thing = "c.candidate_id",
            Round = "c.seed_block",
            Arguments = "c.candidate_id",
            IsPaid = true,
        },
        new("reseed-candidate", "checkpoints.reseed", "EpochCheckpoints", "reseed",
            "names a later seed block for a candidate whose window passed without a draw")
        {
            From = Candidates,
            When = $"c.status = {Posted} and cardinality(c.panel) = 0 and @block >= c.seed_block + {BlocksToEnd}",
            Due = "c.posted_at",
            Thing = "c.candidate_id",
            Round = "c.seed_block",
            Arguments = "c.candidate_id",
        },
        new("settle-candidate", "checkpoints.settleCandidate", "EpochCheckpoints", "settleCandidate",
            "decides a candidate for a checkpoint whose time is over")
        {
            From = Candidates,
            When = $"c.status = {Posted}",
            Due = "c.final_at",
            Thing = "c.candidate_id",
            Round = "c.final_at",
            Arguments = "c.candidate_id",
            IsPaid = true,
        },
        new("end-data-lease", "dataLeases.end", "DataLeases", "endLease",
            "ends a lease of data that expired or was superseded, or a request that nobody answered")
        {
            From = Leases,
            When = $"""
                l.status = {(int)DataLeases.Status.Requested} or (l.status = {Active}
                and (l.expires_at <= @now or l.version < s.version))
                """,
            Due = $"""
                case when l.status <> {Active} then l.request_until when l.version < s.version
                then least(s.since, l.expires_at) else l.expires_at end
                """,
            Thing = "l.lease_id",
            Round = "l.status",
            Arguments = "l.lease_id",
        },
        new("end-renewal", "dataLeases.endRenewal", "DataLeases", "endRenewal",
            "gives the price of a renewal back that nobody answered")
        {
            From = Leases,
            When = $"l.status = {Active} and l.renewal_ttl > 0",
            Due = "l.renewal_until",
            Thing = "l.lease_id",
            Round = "l.renewal_until",
            Arguments = "l.lease_id",
            Moot = ["NoRenewal"],
        },
        new("release-deposit", "dataLeases.releaseDeposit", "DataLeases", "releaseDeposit",
            "gives the deposit of a lease of data back that ended a week ago")
        {
            From = Leases,
            When = $"l.status = {(int)DataLeases.Status.Ended} and (l.dispute_id = 0 or l.is_ruled)",
            Due = $"case when l.is_ruled then l.ended_at else l.ended_at + {DepositHeldSeconds} end",
            Thing = "l.lease_id",
            Arguments = "l.lease_id",
        },
    ];
}
