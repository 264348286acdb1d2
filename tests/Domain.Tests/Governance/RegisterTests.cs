// Parameters and their clocks, the directory, guardians and the breaker.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class RegisterTests
{
    private const ulong Hour = 3_600;
    private static readonly Word Guilds = ShortNames.Of("guilds"u8);
    private static readonly Word Quorum = ShortNames.Of("quorumVotes"u8);

    private static Breakers.State Trip(SmallChain chain) => chain.Of(Breakers.Fold, Guilds);

    private static BreakerTripped Tripped(ulong until, byte level = 2) => new(Guilds, Owner, level, until, Hash(5));

    [Fact]
    public void A_parameter_has_its_last_value()
    {
        var chain = Economy().Happens(new ParamSet(Quorum, Number(400))).After(9).Happens(new ParamSet(Quorum,
            Number(500))).Sound();
        var parameter = chain.Of(Parameters.Fold, Quorum);
        Assert.Equal(("quorumVotes", new UInt256(0, 500), 2UL, chain.Now), (parameter.Name, parameter.Value,
            parameter.Changes, parameter.SetAt));
        Assert.Throws<ArgumentException>(() => Parameters.ExponentAt(parameter, chain.Now));
    }

    [Fact]
    public void A_new_half_life_keeps_the_exponent_that_was_reached()
    {
        var key = ParameterKeys.ReputationHalfLife;
        var chain = Economy().Happens(new ParamSet(key, Number(90 * Day))).After(45 * Day);
        var before = Parameters.ExponentAt(chain.Of(Parameters.Fold, key), chain.Now);
        chain.Happens(new ParamSet(key, Number(30 * Day))).Sound();
        var parameter = chain.Of(Parameters.Fold, key);
        Assert.Equal((UInt128)32_768, before);
        Assert.Equal(before, Parameters.ExponentAt(parameter, chain.Now));
        Assert.Equal((UInt128)(32_768 + 65_536), Parameters.ExponentAt(parameter, chain.Now.Plus(30 * Day)));
        Assert.Equal(before, Parameters.ExponentAt(parameter, Start));
        chain.Forbids(new ParamSet(key, default));
    }

    [Fact]
    public void Exponents_are_truncated_as_the_contract_truncates_them()
    {
        var key = ParameterKeys.StrikeHalfLife;
        var chain = Economy().Happens(new ParamSet(key, Number(30 * Day))).After(100);
        Assert.Equal(
            (UInt128)(100 * 65_536 / (30 * Day)), Parameters.ExponentAt(chain.Of(Parameters.Fold, key), chain.Now));
    }

    [Fact]
    public void A_name_moves_to_another_contract_and_never_to_an_older_catalog()
    {
        var chain = Economy().Happens(new ContractRegistered(Guilds, Person(50), 1, Hash(1))).After(3)
            .Happens(new ContractRegistered(Guilds, Person(51), 3, Hash(2))).Sound();
        var row = chain.Of(Contracts.Fold, Guilds);
        Assert.Equal(
            ("guilds", Person(51), 3U, Hash(2), 2UL), (row.Name, row.Location, row.CatalogVersion, row.CatalogHash,
            row.Registrations));
        Assert.Equal((new Instant(Start), chain.Now), (row.FirstAt, row.RegisteredAt));
        chain.Forbids(new ContractRegistered(Guilds, Person(51), 2, Hash(2)));
        Economy().Forbids(new ContractRegistered(Guilds, Person(50), 0, Hash(1)));
    }

    [Fact]
    public void A_word_that_is_no_name_has_no_text()
    {
        Assert.Equal("", ShortNames.TextOf(Hash(1)));
        Assert.Equal("", ShortNames.TextOf(default));
        Assert.Throws<ArgumentException>(() => ShortNames.Of("a name that is longer than thirty-two letters"u8));
    }

    [Fact]
    public void The_last_word_on_a_guardian_counts()
    {
        var chain = Economy().Happens(new GuardianSet(Owner, true), new GuardianSet(Owner, true), new GuardianSet(Owner,
            false)).Sound();
        Assert.False(chain.Of(Guardians.Fold, Owner).IsTrusted);
    }

    [Fact]
    public void A_trip_ends_by_itself_and_its_grace_after_it()
    {
        var chain = Economy().Happens(Tripped(Start + Hour)).Sound();
        Assert.Equal(
            ("guilds", (byte)2, new Instant(Start), new Instant(Start + Hour), new Instant(Start + 7 * Hour),
            Breakers.Overdue.None),
            (Trip(chain).Name, Trip(chain).Level, Trip(chain).TrippedAt, Trip(chain).Until, Trip(chain).GraceEnd,
            Trip(chain).Overdue));
        Assert.Equal(Breakers.Overdue.Trip, Trip(chain.Until(Start + Hour).Sound()).Overdue);
        Assert.Equal(Breakers.Overdue.Grace, Trip(chain.Until(Start + 7 * Hour).Sound()).Overdue);
        Assert.Equal(2, chain.Until(Start + 100 * Day).Followed.OfType<Breakers.BreakerPhasePassed>().Count());
    }

    [Fact]
    public void A_scope_works_as_long_as_it_stood_still_before_the_next_trip()
    {
        Economy().Happens(Tripped(Start + Hour)).Until(Start + 8 * Hour - 1).Forbids(Tripped(Start + 9 * Hour));
        var chain = Economy().Happens(Tripped(Start + Hour)).Until(Start + 8 * Hour).Happens(Tripped(Start + 9 * Hour,
            1)).Sound();
        Assert.Equal(
            (2UL, (byte)1, Breakers.Overdue.None), (Trip(chain).Trips, Trip(chain).Level, Trip(chain).Overdue));
        Assert.Equal(2, chain.Of(BreakerTrips.Fold, $"{Guilds}-1").Level);
        Assert.Equal(1, chain.Of(BreakerTrips.Fold, $"{Guilds}-2").Level);
    }

    [Theory]
    [InlineData(0, Hour)]
    [InlineData(3, Hour)]
    [InlineData(1, 0)]
    [InlineData(2, 72 * Hour + 1)]
    public void A_trip_has_a_level_and_a_bounded_time(byte level, ulong duration) =>
        Economy().Forbids(Tripped(Start + duration, level));

    [Fact]
    public void The_council_cuts_a_trip_short_once()
    {
        var reset = new BreakerReset(Guilds, Client, Start + Hour + 6 * Hour);
        var chain = Economy().Happens(Tripped(Start + 72 * Hour)).Until(Start + Hour).Happens(reset).Sound();
        Assert.Equal((chain.Now, new Instant(Start + 7 * Hour), true, Breakers.Overdue.Trip),
            (Trip(chain).Until, Trip(chain).GraceEnd, Trip(chain).IsReset, Trip(chain).Overdue));
        var row = chain.Of(BreakerTrips.Fold, $"{Guilds}-1");
        Assert.Equal(
            (chain.Now, new Instant(Start + 7 * Hour), true, Owner), (row.Until, row.GraceEnd, row.IsReset, row.By));
        chain.Forbids(reset);
        Economy().Forbids(reset);
        Economy().Happens(Tripped(Start + Hour)).Until(Start + Hour).Forbids(reset);
        Economy().Happens(
            Tripped(Start + 2 * Hour)).Until(Start + Hour).Forbids(reset with { GraceEnd = Start + 9 * Hour });
    }

    [Fact]
    public void A_trip_that_is_reset_in_its_own_second_owes_its_grace_alone()
    {
        var chain = Economy().Happens(
            Tripped(Start + Hour), new BreakerReset(Guilds, Client, Start + 6 * Hour)).Sound();
        Assert.Equal(2UL, Trip(chain.Until(Start + 6 * Hour).Happens(Tripped(Start + 7 * Hour)).Sound()).Trips);
    }

    [Fact]
    public void Decide_answers_guardians_and_council_as_the_breaker_would()
    {
        var trip = new Breakers.Trip(Owner, Guilds, 2, Hour, true);
        var tripped = Trip(Economy().Happens(Tripped(Start + Hour)));
        Granted(Breakers.Decide(null, trip, Start));
        Refused("OnlyGuardian", Breakers.Decide(null, trip with { IsGuardian = false }, Start));
        Refused("UnknownLevel", Breakers.Decide(null, trip with { Level = 3 }, Start));
        Refused("UnknownLevel", Breakers.Decide(null, trip with { Level = 0 }, Start));
        Refused("TooLong", Breakers.Decide(null, trip with { Duration = 72 * Hour + 1 }, Start));
        Refused("TooLong", Breakers.Decide(null, trip with { Duration = 0 }, Start));
        Refused("StillTripped", Breakers.Decide(tripped, trip, Start + 8 * Hour - 1));
        Granted(Breakers.Decide(tripped, trip, Start + 8 * Hour));
        Granted(Breakers.Decide(tripped, new Breakers.Reset(Client, Guilds, true), Start));
        Refused("OnlyCouncil", Breakers.Decide(tripped, new Breakers.Reset(Client, Guilds, false), Start));
        Refused("NotTripped", Breakers.Decide(tripped, new Breakers.Reset(Client, Guilds, true), Start + Hour));
        Refused("NotTripped", Breakers.Decide(null, new Breakers.Reset(Client, Guilds, true), Start));
        Assert.Throws<ArgumentException>(() => Breakers.Decide(tripped, new Proposals.ReleaseBond(Client, Id), Start));
    }
}
