// Every status of the court's things with every event, as one reviewed table.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

public class CourtMatrixTests
{
    private static readonly At Now = new(100, Start + 10, 3);

    [Fact]
    public void Every_phase_of_a_dispute_and_every_event_are_decided()
    {
        var evidence = Disputed().Dispute();
        var drawing = Disputed().Happens(Started(1, 1, 3)).Dispute();
        var voting = Voting().Dispute();
        var ruled = Voting().Voted(1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1));
        var text = Matrix.Of(Disputes.Fold, Now,
            state =>
                $"{state.Phase}, round {state.Round}-{state.Attempt}, {state.Ruling}, {state.Outcome}, {state.Cause}, {state.Overdue}",
            [
                null, evidence with { Kind = 2, Phase = Disputes.Phase.None }, evidence, drawing, voting,
                Voting().Happens(Resolved(1, 1, 0, 3, 0)).Dispute(), ruled.Dispute(),
                ruled.Happens(Started(2, 1, 7, 8), Resolved(2, 1, 0, 4, 0), Started(2, 2, 7, 8)).Dispute(),
                ruled.Happens(Resolved(2, 2, 0, 4), new DisputeSettled(1, 2, 1)).Dispute(),
            ],
            Opened(), new DisputeBonded(1, Bonded), new Evidence(1, Client, "x"), Started(1, 1, 3), Started(1, 1, 4),
            Started(1, 2, 3), Started(2, 1, 7, 8), new SeedCommitted(1, 1, 1, Owner, Hash(1)),
            new SeedRevealed(1, 1, 1, Owner, Hash(1)), Drawn(1, 1, Panel), new VoteCommitted(1, 1, 1, 11, Hash(1)),
            new VoteRevealed(1, 1, 1, 11, 1, Hash(1)), Resolved(1, 1, 1, 1), Resolved(1, 1, 3, 2), Resolved(1, 1, 1, 2),
            Resolved(1, 1, 0, 3, 0), Resolved(1, 1, 0, 4, 0), Resolved(1, 1, 3, 3), Resolved(1, 1, 0, 0, 0),
            Resolved(1, 1, 4, 1), Resolved(2, 2, 0, 4), Resolved(2, 2, 3, 4), new DisputeSettled(1, 2, 1),
            new DisputeSettled(1, 1, 1), new DisputeSettled(1, 1, 2), new DisputeSettled(1, 2, 3),
            new DisputeSettled(1, 2, 4), new DisputeSettled(1, 2, 5), new Disputes.DisputeDeadlinePassed(1, 1, Start),
            new Disputes.DisputeDeadlinePassed(1, 2, Start), new Disputes.DisputeDeadlinePassed(1, 3, Start),
            new Disputes.DisputeDeadlinePassed(1, 4, Start));
        text += Matrix.Of(DisputeTerms.Fold, Now, _ => "kept", [null, Disputed().Of(DisputeTerms.Fold, 1UL)],
            new DisputeBonded(1, Bonded));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_state_of_rounds_seats_and_seeds_and_every_event_are_decided()
    {
        var text = Matrix.Of(DisputeRounds.Fold, Now,
            state => $"{state.Seats} seats, {state.Commits} hidden, {state.Reveals} open, {state.Outcome}",
            [
                null, Disputed().Happens(Started(1, 1, 3)).Round("1-1-1"), Voting().Round("1-1-1"),
                Voting().Voted(1, 1, Panel, 1).Round("1-1-1"), Voting().Happens(Resolved(1, 1, 0, 3, 0)).Round("1-1-1"),
            ],
            new DisputeRounds.RoundAwaitsSeed(1, 1, 1, Disputes.Side.None, 3, 2, 40, 192, Start + 5_000),
            Drawn(1, 1, Panel), Drawn(1, 1, [11]), new VoteCommitted(1, 1, 1, 11, Hash(1)),
            new VoteRevealed(1, 1, 1, 11, 1, Hash(1)), Resolved(1, 1, 1, 1), Resolved(1, 1, 0, 3, 0),
            Resolved(1, 1, 0, 4, 0), Resolved(1, 1, 0, 5, 0));
        var taken = Voting().Of(Seats.Fold, "1-1-1-11");
        var settled = Voting().Voted(
            1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1), new DisputeSettled(1, 2, 1)).Of(Seats.Fold, "1-1-1-11");
        text += Matrix.Of(Seats.Fold, Now,
            state =>
                $"{(state.Commitment.IsZero ? "no vote" : "a vote")}, {state.Choice}, {(state.FreedAt.IsNone ? "taken" : "freed")}, {state.Returned} back",
            [null, taken, taken with { Commitment = Hash(1) }, settled, settled with { Returned = 40 }],
            new Verifiers.SeatTaken(11, 1, 1, 1, 0, 40), new VoteCommitted(1, 1, 1, 11, Hash(1)),
            new VoteRevealed(1, 1, 1, 11, 1, Hash(1)), new VoteRevealed(1, 1, 1, 11, 4, Hash(1)),
            new Verifiers.SeatFreed(11, 1, 1, 1), Move(SeatAccount(1, 1, 1, 0), Account(Stake, 11), 1, 40, 14));
        var hidden = Disputed().Happens(Started(1, 1, 3), new SeedCommitted(1, 1, 1, Owner, Hash(6))).Of(
            SeedContributions.Fold, $"1-1-1-192-{Owner}");
        text += Matrix.Of(SeedContributions.Fold, Now, state => state.IsRevealed ? "open" : "hidden",
            [null, hidden, hidden with { IsRevealed = true }],
            new SeedContributions.SeedSealed(1, 1, 1, 192, Owner, Hash(1)),
            new SeedContributions.SeedOpened(1, 1, 1, 192, Owner, Hash(1)));
        text += Matrix.Of(DisputeEvidence.Fold, Now, state => state.Text,
            [null, new DisputeEvidence.State("1-1-1", 1, 1, 1, Owner, "said", Start)], new Evidence(1, Owner, "new"));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_state_of_the_pool_and_every_event_are_decided()
    {
        var member = Pool(11).Of(Verifiers.Fold, 11UL);
        var text = Matrix.Of(
            Verifiers.Fold, Now, state => $"{(state.IsMember ? "member" : "outside")}, {state.OpenSeats} seats",
            [null, member with { IsMember = false }, member, member with { OpenSeats = 1 }],
            new VerifierJoined(Hash(9), 11, Hash(1)), new VerifierAdmitted(Hash(9), 11, Owner, Start, 100),
            new VerifierTreeSet(Hash(9), 11, true), new VerifierTreeSet(Hash(9), 11, false),
            new VerifierLeft(Hash(9), 11, 1), new VerifierLeft(Hash(9), 11, 4), new VerifierLeft(Hash(9), 11, 5),
            new VerifierLeft(Hash(9), 11, 6), new VerifierWeightSet(Hash(9), 11, 0, default, Start),
            new VerifierAttested(11, Owner, Hash(1), Hash(2), Start), new Verifiers.SeatTaken(11, 1, 1, 1, 0, 40),
            new Verifiers.SeatFreed(11, 1, 1, 1));
        text += Matrix.Of(Organisations.Fold, Now, _ => "seen",
            [null, new Organisations.State(Hash(1), 11, Start)], new Organisations.OrganisationSeen(Hash(1), 12));
        text += Matrix.Of(SeedBlocks.Fold, Now, state => $"{state.Waiting} waiting",
            [null, new SeedBlocks.State(192, 0, Start), new SeedBlocks.State(192, 1, Start)],
            new SeedAwaited(192, 0), new SeedAwaited(192, 1), new SeedAwaited(192, 2), new SeedAwaited(192, 3));
        text += Matrix.Of(PoolRoles.Fold, Now, state => state.IsHeld ? "held" : "not held",
            [null, new PoolRoles.State("", default, Owner, true, Client, Start),
                new PoolRoles.State("", default, Owner, false, Client, Start)],
            new VerifierPoolRoleGranted(default, Owner, Client), new VerifierPoolRoleRevoked(default, Owner, Client));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_state_of_datasets_and_leases_and_every_event_are_decided()
    {
        var set = new Datasets.State(Hash(1), 3, 1, Hash(2), "v1", Start, 100, 10, 0, Start);
        var text = Matrix.Of(
            Datasets.Fold, Now, state => $"version {state.Version}, {state.Spent} of {state.Budget} spent", [null, set],
            new ConsentManifestSet(Hash(1), 3, Hash(2), 1, "v1"), new ConsentManifestSet(Hash(1), 3, Hash(2), 2, "v2"),
            new PrivacyBudgetSet(Hash(1), 50), new PrivacySpent(Hash(1), 1, 5, 15),
            new Datasets.DatasetLeased(Hash(1), 1));
        var version = new Manifests.State("", Hash(1), 1, Hash(2), "v1", Start, default);
        text += Matrix.Of(Manifests.Fold, Now, state => state.SupersededAt.IsNone ? "in force" : "superseded",
            [null, version, version with { SupersededAt = Start }],
            new ConsentManifestSet(Hash(1), 3, Hash(2), 1, "v1"), new Manifests.ManifestSuperseded(Hash(1), 1),
            new Manifests.ManifestLeaseEnded(Hash(1), 1, 1));
        var asked = new DataLeases.State(
            1, Hash(1), 8, Hash(3), 100, Start, Start + 500, DataLeases.Status.Requested, 0, default, default, 1_000,
            default, 2_000, 400, 0, default, 0, 0, 0, false, DataLeases.Cause.None, default, default, default,
            DataLeases.Overdue.None);
        var active = asked with
        {
            Status = DataLeases.Status.Active,
            Version = 1,
            Start = Start,
            ExpiresAt = Start + 1_000,
        };
        var ended = active with
        {
            Status = DataLeases.Status.Ended,
            EndedAt = Start + 10,
            Cause = DataLeases.Cause.Revoked,
        };
        text += Matrix.Of(DataLeases.Fold, Now,
            state =>
                $"{state.Status}, {state.Cause}, dispute {state.DisputeId}{(state.IsRuled ? ", ruled" : "")}{(state.RenewalTtl == 0 ? "" : ", renewal asked")}, {state.Overdue}",
            [
                null, asked, active with { Version = 0 }, active, active with { RenewalTtl = 60 },
                active with { DisputeId = 7 }, active with { IsRuled = true }, ended, ended with { DisputeId = 7 },
                ended with { Status = DataLeases.Status.Closed },
            ],
            new DataLeaseRequested(1, Hash(1), 8, Hash(3), 1_000, Start + 500, 2_000, 400, 100),
            new DataLeaseGranted(1, Hash(2), Start + 1_000), new DataLeaseRenewalRequested(1, 60, Start + 100, 5, 400),
            new DataLeaseEnded(1, 1, default), new DataLeaseEnded(1, 2, default),
            new DataLeaseEnded(1, 6, default), new DataLeaseEnded(1, 8, default), new DataLeaseDisputed(1, 7),
            new DataLeaseCleared(1, true), new DataLeaseClosed(1), new PrivacySpent(Hash(1), 1, 5, 15),
            new DataLeases.DataLeaseBound(1, 1), new DataLeases.DataLeaseEndFound(1, Start + 5),
            new DataLeases.DataLeaseEndFound(1, Start + 15), new DataLeases.DataLeaseDeadlinePassed(1, 1, Start),
            new DataLeases.DataLeaseDeadlinePassed(1, 2, Start), new DataLeases.DataLeaseDeadlinePassed(1, 3, Start),
            new DataLeaseLeastSet(1, 2_000), new DataLeaseLeastSet(1, 10_001), new DataLeaseRenewalEnded(1, 3));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_state_of_checkpoints_and_every_event_are_decided()
    {
        var posted = new Checkpoints.State(
            3, Checkpoints.Status.Posted, 1, 9, Hash(1), Hash(2), 100, 200, 5, Start, Start + 1_000, 700, 192, default,
            [], 0, 0, 0, 0, 0, false, default, false);
        var drawn = posted with { Panel = [11, 12, 13], Quorum = 2, SeatBond = 30 };
        var text = Matrix.Of(Checkpoints.Fold, Now,
            state =>
                $"{state.Status}, posting {state.Posting}, {state.Signatures} of {state.Quorum}, bond {state.Bond}{(state.IsRuled ? ", ruled" : "")}{(state.IsOverdue ? ", overdue" : "")}",
            [
                null, posted with { Bond = 0 }, posted, drawn, drawn with { Signatures = 2, Signed = 0b101 },
                drawn with { IsRuled = true, IsOverdue = true }, drawn with { Status = Checkpoints.Status.Disputed },
                drawn with { Status = Checkpoints.Status.Accepted },
                drawn with { Status = Checkpoints.Status.Rejected },
            ],
            new CheckpointPosted(3, 9, Hash(1), Hash(2), 100, 200, 5, Start + 1_000), new CheckpointAwaitsPanel(3, 320),
            new CheckpointPanelDrawn(3, Hash(4), Panel, 2, 30), new CheckpointPanelDrawn(3, Hash(4), Panel, 0, 30),
            new CheckpointSigned(3, 11), new CheckpointSigned(3, 12), new CheckpointSigned(3, 99),
            new CheckpointDisputed(3, 7), new CheckpointResumed(3, true, Start + 2_000),
            new CheckpointSettled(3, true), new CheckpointSettled(3, false),
            new Checkpoints.CheckpointWindowPassed(3, Start),
            Move(Account(Stake, 9), PosterAccount(0, 3, 1), 3, 700, 39));
        text += Matrix.Of(CheckpointSignatures.Fold, Now, _ => "signed",
            [null, new CheckpointSignatures.State("", 3, 1, 11, 0, 30, Start)],
            new CheckpointSignatures.CheckpointSignatureGiven(3, 1, 11, 0, 30));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_state_of_candidates_and_every_event_are_decided()
    {
        var posted = new CheckpointCandidates.State(
            5, 3, CheckpointCandidates.Status.Posted, 9, Hash(1), Hash(2), 100, 200, 5, Start, Start + 1_000, 500, 5,
            192, default, [], 0, 0, 0, 0, 0, false, default, false);
        var drawn = posted with { Panel = [11, 12, 13], Quorum = 2, SeatBond = 30 };
        var signed = drawn with { Signatures = 2, Signed = 0b101 };
        Snapshot.Matches(Matrix.Of(CheckpointCandidates.Fold, Now,
            state =>
                $"{state.Status}, {state.Signatures} of {state.Quorum}{(state.IsRuled ? ", ruled" : "")}{(state.IsOverdue ? ", overdue" : "")}",
            [
                null, posted, drawn, signed, signed with { IsRuled = true, IsOverdue = true },
                .. new[]
                {
                    CheckpointCandidates.Status.Disputed, CheckpointCandidates.Status.Accepted,
                    CheckpointCandidates.Status.Unsigned, CheckpointCandidates.Status.Superseded,
                    CheckpointCandidates.Status.Rejected,
                }.Select(status => signed with { Status = status }),
            ],
            new CandidatePosted(5, 3, 9, new Roots(Hash(1), Hash(2), 100, 200, 5), 500, 5, Start + 1_000),
            new CandidateAwaitsPanel(5, 320), new CandidatePanelDrawn(5, Hash(4), Panel, 2, 30),
            new CandidatePanelDrawn(5, Hash(4), Panel, 0, 30), new CandidateSigned(5, 12),
            new CandidateSigned(5, 99), new CandidateDisputed(5, 7), new CandidateResumed(5, true, Start + 2_000),
            new CandidateSettled(5, 1), new CandidateSettled(5, 3), new CandidateSettled(5, 4),
            new CandidateSettled(5, 5), new CandidateSettled(5, 6), new CandidateSettled(5, 7),
            new CheckpointCandidates.CandidateWindowPassed(5, Start)));
    }
}
