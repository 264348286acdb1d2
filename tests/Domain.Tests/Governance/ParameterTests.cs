// Parameters, short names, the directory and the council.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class ParameterTests
{
    private static readonly Word Fee = ParameterKeys.Of("protocolFee"u8);

    [Fact]
    public void A_name_is_its_letters_before_zeros_and_is_read_back()
    {
        Assert.Equal(Word.Parse("0x" + "6665650000000000000000000000000000000000000000000000000000000000"),
            ShortNames.Of("fee"u8));
        Assert.Equal("protocolFee", ShortNames.TextOf(Fee));
        Assert.Equal("", ShortNames.TextOf(default));
        Assert.Equal("", ShortNames.TextOf(Hash(1)));
        Assert.Equal(new string('a', 32), ShortNames.TextOf(ShortNames.Of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8)));
        Assert.Throws<ArgumentException>(() => ShortNames.Of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8));
    }

    [Fact]
    public void The_half_lives_have_the_names_of_the_contracts()
    {
        var source = RepositoryFile.Read("contracts/src/libraries/Keys.sol");
        foreach (var key in new[]
        {
            ParameterKeys.ReputationHalfLife,
            ParameterKeys.RecencyHalfLife,
            ParameterKeys.StrikeHalfLife,
        })
        {
            Assert.Contains($"\"{ShortNames.TextOf(key)}\"", source);
            Assert.True(ParameterKeys.IsHalfLife(key));
        }

        Assert.False(ParameterKeys.IsHalfLife(Fee));
    }

    [Fact]
    public void A_parameter_has_the_value_that_was_set_last_and_no_clock()
    {
        var chain = Chain().Happens(new ParamSet(Fee, Number(100))).After(5).Happens(new ParamSet(Fee, Number(0)));
        Assert.Equal(
            new Parameters.State(Fee, "protocolFee", default, 2, default, 0, 1_005), chain.Of(Parameters.Fold, Fee));
        Assert.Throws<ArgumentException>(() => Parameters.ExponentAt(chain.Of(Parameters.Fold, Fee), 1));
    }

    [Fact]
    public void A_half_life_has_a_clock_from_its_first_value_on()
    {
        var chain = Chain().Happens(new ParamSet(ParameterKeys.RecencyHalfLife, Number(100))).After(50)
            .Happens(new ParamSet(ParameterKeys.RecencyHalfLife, Number(200)));
        var clock = chain.Of(Parameters.Fold, ParameterKeys.RecencyHalfLife);
        Assert.Equal((new Instant(1_050), (UInt128)32_768, new UInt256(0, 200)),
            (clock.ClockSince, clock.ClockExponent, clock.Value));
        chain.Happens(new ParamSet(ParameterKeys.RecencyHalfLife, default));
        Assert.Single(chain.Violations);
        Assert.Null(Parameters.Fold.Evolve(clock, new CreditNonceUsed(Owner, 0), default));
    }

    [Fact]
    public void Values_of_32_bytes_are_read_whole()
    {
        var widest = Word.Parse("0x" + new string('f', 64));
        var set = Chain().Happens(new ParamSet(Fee, widest)).Of(Parameters.Fold, Fee);
        Assert.Equal(new UInt256(UInt128.MaxValue, UInt128.MaxValue), set.Value);
    }

    [Fact]
    public void A_name_is_served_by_the_contract_that_was_registered_last_and_versions_never_go_back()
    {
        var name = ShortNames.Of("vault"u8);
        var chain = Chain().Happens(new ContractRegistered(name, Client, 1, Hash(1))).After(5)
            .Happens(new ContractRegistered(name, Owner, 2, Hash(2)));
        var contract = chain.Of(Contracts.Fold, name);
        Assert.Equal(new Contracts.State(name, "vault", Owner, 2, Hash(2), 2, 1_000, 1_005), contract);
        Assert.Null(Contracts.Fold.Evolve(contract, new ContractRegistered(name, Owner, 1, Hash(2)), default));
        Assert.Null(Contracts.Fold.Evolve(null, new ContractRegistered(name, Owner, 0, Hash(2)), default));
    }

    [Fact]
    public void A_seat_has_a_member_and_five_seats_are_all()
    {
        var chain = Chain().Happens(new CouncilMemberSet(4, Client)).After(5).Happens(new CouncilMemberSet(4, Owner));
        var seat = chain.Of(CouncilSeats.Fold, 4UL);
        Assert.Equal(new CouncilSeats.State(4, Owner, 2, 1_005), seat);
        Assert.Null(CouncilSeats.Fold.Evolve(seat, new CouncilMemberSet(4, Owner), default));
        Assert.Null(CouncilSeats.Fold.Evolve(seat, new CouncilMemberSet(4, default), default));
        Assert.Null(CouncilSeats.Fold.Evolve(null, new CouncilMemberSet(5, Owner), default));
    }

    private static SmallChain Chain() => new(1_000, Parameters.Fold, Contracts.Fold, CouncilSeats.Fold);
}
