// P3, challenge safety, over any order of moves of money. Enters: random moves between stakes, pledges, disputes,
// wallets, unbondings and BURN. Leaves: nothing. Always holds: of the moves that the folds accept without a violation,
// no account pays more than it holds, so that nothing is slashed that was not locked; what left one account is in
// others; the total of stakes is their sum. Judged by the list of accepted moves alone.
using System.Numerics;
using EventSourced.Domain.Events;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using FsCheck;
using FsCheck.Fluent;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Properties;

public sealed class SlashProperties
{
    private const int Runs = 300;

    private static readonly Word Outside = Accounts.External(Stranger);

    private static readonly Word[] Inside =
    [
        Accounts.Credit(Client), Accounts.Credit(Owner), Accounts.Stake(1), Accounts.Stake(2),
        Accounts.Seat(1, 1, 1, 0), Accounts.AtRisk(Accounts.Pledge.Task, new UInt256(0, 5)), Accounts.Dispute(1),
        Accounts.Unbonding(1), Accounts.Treasury, Accounts.Burn,
    ];

    [Fact]
    public void P3_what_is_slashed_was_held_and_is_paid_out_burnt_or_held_elsewhere()
    {
        var (slashes, refused) = (0, 0);
        Prop.ForAll<(byte From, byte To, byte Amount)[]>(steps =>
        {
            var chain = new SmallChain(1_000_000, Balances.Fold, StakeTotals.Fold, Unbondings.Fold);
            var held = new Dictionary<Word, BigInteger>();
            var (paidIn, isSafe) = (BigInteger.Zero, true);
            chain.Happens(new UnbondingStarted(1, 1, 2_000_000));
            foreach (var (from, to, amount) in steps)
            {
                // More often from outside while there is little inside.
                var payer = from % 3 == 0 ? Outside : Inside[from % Inside.Length];
                var receiver = Inside[to % Inside.Length];
                if (!chain.TryHappens(Move(payer, receiver, 1, amount, (byte)Reason.SeatSlash)))
                {
                    refused++;
                    continue;
                }

                if (payer == Outside) paidIn += amount;
                else held[payer] = held.GetValueOrDefault(payer) - amount;
                held[receiver] = held.GetValueOrDefault(receiver) + amount;
                if (payer != Outside && receiver == Accounts.Burn) slashes++;
                isSafe &= held.GetValueOrDefault(payer) >= 0
                    && held.Values.Aggregate(BigInteger.Zero, (sum, one) => sum + one) == paidIn;
            }

            var stakes = held.Where(one => Accounts.KindOf(one.Key) == Accounts.Kind.Stake).Aggregate(
                BigInteger.Zero, (sum, one) => sum + one.Value);
            return isSafe
                && held.All(one => one.Value == (BigInteger)(chain.Find(Balances.Fold, one.Key)?.Balance ?? 0))
                && stakes == (BigInteger)(chain.Find(StakeTotals.Fold, StakeTotals.Key)?.Total ?? 0)
                && held.GetValueOrDefault(Accounts.Unbonding(1)) == (BigInteger)chain.Of(Unbondings.Fold, 1UL).Held;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(100));
        Assert.True(slashes > Runs / 4 && refused > Runs / 4,
            $"expected slashes and refusals in many of {Runs} histories, found {slashes} and {refused}");
    }
}
