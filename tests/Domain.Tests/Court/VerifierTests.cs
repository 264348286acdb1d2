// Verifiers and what the pool knows beside them.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

public class VerifierTests
{
    [Fact]
    public void A_member_has_its_leaf_and_whoever_left_has_none()
    {
        var chain = Pool(11, 12);
        var verifier = chain.Of(Verifiers.Fold, 12UL);
        Assert.Equal((true, 1U, new UInt256(0, 50)), (verifier.IsMember, verifier.Slot, verifier.Weight));
        chain.Happens(
            new VerifierLeft(Hash(9), 11, 2), new VerifierWeightSet(Hash(9), 12, 0, new UInt256(0, 50), Start));
        Assert.Equal(0U, chain.Of(Verifiers.Fold, 12UL).Slot);
        var gone = chain.Of(Verifiers.Fold, 11UL);
        Assert.Equal((false, default(UInt256), default(Instant), Verifiers.LeaveCause.Idle),
            (gone.IsMember, gone.Weight, gone.LastActive, gone.LeaveCause));
        Assert.True(chain.Happens(new VerifierJoined(Hash(9), 11, Hash(8))).Of(Verifiers.Fold, 11UL).IsMember);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Nobody_joins_twice_leaves_with_an_open_seat_or_is_weighed_outside_the_pool()
    {
        Assert.Single(Pool(11).Happens(new VerifierJoined(Hash(9), 11, Hash(8))).Violations);
        Assert.Contains("verifier-11: VerifierLeft", Voting().Happens(new VerifierLeft(Hash(9), 11, 1)).Violations);
        Assert.Single(Pool().Happens(new VerifierWeightSet(Hash(9), 11, 0, default, Start)).Violations);
        Assert.Single(Pool(11).Happens(new VerifierLeft(Hash(9), 11, 6)).Violations);
    }

    [Fact]
    public void A_member_is_told_its_owner_its_minimum_and_its_tree_until_it_leaves()
    {
        var chain = SmallChain.Whole(Start).Happens(
            new VerifierJoined(Hash(9), 11, Hash(1)), new VerifierAdmitted(Hash(9), 11, Owner, Start, 100),
            new VerifierTreeSet(Hash(9), 11, true), new VerifierWeightSet(Hash(9), 11, 0, new UInt256(0, 50), Start));
        Assert.Equal((Owner, (UInt128)100, true),
            chain.Of(Verifiers.Fold, 11UL) is var member
                ? (member.Owner, member.MinimumStake, member.IsAmongAttested) : default);
        Assert.Empty(chain.Violations);
        chain.Happens(new VerifierLeft(Hash(9), 11, 5));
        Assert.Equal((Verifiers.LeaveCause.Displaced, default(Address), (UInt128)0, false),
            chain.Of(Verifiers.Fold, 11UL) is var gone
                ? (gone.LeaveCause, gone.Owner, gone.MinimumStake, gone.IsAmongAttested) : default);
        Assert.Single(Pool(11).Happens(new VerifierTreeSet(Hash(9), 11, false)).Violations);
        Assert.Single(Pool().Happens(new VerifierAdmitted(Hash(9), 11, Owner, Start, 100)).Violations);
    }

    [Fact]
    public void Whoever_missed_its_seat_was_never_active_and_may_be_shown_the_door()
    {
        var chain = Pool(11).Happens(
            new VerifierWeightSet(Hash(9), 11, 0, new UInt256(0, 50), default), new VerifierLeft(Hash(9), 11, 4));
        Assert.Equal(Verifiers.LeaveCause.Absent, chain.Of(Verifiers.Fold, 11UL).LeaveCause);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void An_organisation_is_seen_when_an_attested_verifier_is_in_the_pool()
    {
        var before = SmallChain.Whole(Start).Happens(new VerifierAttested(11, Owner, Hash(1), Hash(2), Start + 100));
        Assert.Empty(before.Followed);
        before.Happens(new VerifierJoined(Hash(9), 11, Hash(1)));
        Assert.Equal((11UL, new Instant(Start)),
            before.Of(Organisations.Fold, Hash(1)) is var seen ? (seen.FirstVerifierId, seen.FirstSeenAt) : default);
        var after = Pool(11, 12).Happens(new VerifierAttested(11, Owner, Hash(1), Hash(2), Start + 100),
            new VerifierAttested(12, Owner, Hash(1), Hash(2), Start + 100),
            new VerifierAttested(12, Owner, Hash(3), Hash(2), Start));
        Assert.Equal(11UL, after.Of(Organisations.Fold, Hash(1)).FirstVerifierId);
        Assert.Null(after.Find(Organisations.Fold, Hash(3)));
        Assert.Equal((Hash(3), new Instant(Start)),
            after.Of(Verifiers.Fold, 12UL) is var said ? (said.OrgKey, said.AttestedUntil) : default);
        Assert.Empty(after.Violations);
    }

    [Fact]
    public void As_many_wait_for_a_block_as_have_begun_and_not_ended_waiting()
    {
        var chain = SmallChain.Whole(Start).Happens(
            new SeedAwaited(192, 1), new SeedAwaited(192, 2), new SeedAwaited(192, 1), new SeedAwaited(192, 0));
        Assert.Equal(0UL, chain.Of(SeedBlocks.Fold, 192UL).Waiting);
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(new SeedAwaited(192, 2)).Violations);
        Assert.Single(SmallChain.Whole(Start).Happens(new SeedAwaited(192, 0)).Violations);
    }

    [Fact]
    public void A_role_is_granted_to_whoever_has_it_not_and_taken_from_whoever_has_it()
    {
        var chain = SmallChain.Whole(Start).Happens(new VerifierPoolRoleGranted(Hash(1), Owner, Client));
        Assert.True(chain.Of(PoolRoles.Fold, $"{Hash(1)}-{Owner}").IsHeld);
        chain.Happens(new VerifierPoolRoleRevoked(Hash(1), Owner, Client));
        Assert.False(chain.Of(PoolRoles.Fold, $"{Hash(1)}-{Owner}").IsHeld);
        Assert.Single(chain.Happens(new VerifierPoolRoleRevoked(Hash(1), Owner, Client)).Violations);
        Assert.Single(SmallChain.Whole(Start)
            .Happens(new VerifierPoolRoleGranted(default, Owner, Client),
                new VerifierPoolRoleGranted(default, Owner, Client)).Violations);
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_pool()
    {
        var member = Pool(11).Of(Verifiers.Fold, 11UL);
        Granted(Verifiers.Decide(null, new Verifiers.Join(Owner, 11)));
        Refused("AlreadyMember", Verifiers.Decide(member, new Verifiers.Join(Owner, 11)));
        Granted(Verifiers.Decide(null, new Verifiers.Displace(Owner, 11, 12)));
        Refused("AlreadyMember", Verifiers.Decide(member, new Verifiers.Displace(Owner, 11, 12)));
        Refused("NotMember", Verifiers.Decide(null, new Verifiers.Leave(Owner, 11)));
        Refused("SeatsOpen", Verifiers.Decide(member with { OpenSeats = 2 }, new Verifiers.Evict(Owner, 11)));
        Granted(Verifiers.Decide(member with { OpenSeats = 2 }, new Verifiers.RefreshWeight(Owner, 11)));
        Granted(Verifiers.Decide(member, new Verifiers.Leave(Owner, 11)));
        Assert.Throws<ArgumentException>(() => Verifiers.Decide(member, new Channels.Close(Owner, 1)));
    }
}
