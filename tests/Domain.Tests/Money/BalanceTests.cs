// Balances of the vault: money only moves, and a move is told in the stream of what it was for.
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Ledger;

public class BalanceTests
{
    private static readonly Word Outside = Accounts.External(Client);
    private static readonly Word Wallet = Accounts.Credit(Client);
    private static readonly Word Escrow = Accounts.Task(7);

    [Fact]
    public void A_deposit_opens_a_wallet_and_what_lies_outside_has_no_row()
    {
        var chain = Chain().Happens(Move(Outside, Wallet, 0, 100, (byte)Reason.Deposit));
        var wallet = chain.Of(Balances.Fold, Wallet);
        Assert.Equal(
            new Balances.State(Wallet, Accounts.Kind.Credit, new UInt256(0, 1), Client, 100, 1, 1_000, 1_000), wallet);
        Assert.Null(chain.Find(Balances.Fold, Outside));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Money_leaves_one_account_and_arrives_in_the_other()
    {
        var chain = Chain().Happens(Move(Outside, Wallet, 0, 100, (byte)Reason.Deposit)).After(5)
            .Happens(
                Move(Wallet, Escrow, 7, 40, (byte)Reason.Escrow), Move(Wallet, Outside, 0, 10, (byte)Reason.Withdraw));
        Assert.Equal(((UInt128)50, 3UL, new Instant(1_005)), Told(chain.Of(Balances.Fold, Wallet)));
        Assert.Equal(((UInt128)40, 1UL, new Instant(1_005)), Told(chain.Of(Balances.Fold, Escrow)));
        Assert.True(chain.Of(Balances.Fold, Escrow).Holder.IsZero);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Nothing_pays_more_than_it_holds()
    {
        var chain = Chain().Happens(Move(Outside, Wallet, 0, 100, 0), Move(Wallet, Outside, 0, 101, 1));
        Assert.Equal([$"account-{Wallet}: Moved"], chain.Violations);
        Assert.Equal((UInt128)100, chain.Of(Balances.Fold, Wallet).Balance);
    }

    [Fact]
    public void Moving_nothing_or_more_than_there_can_be_is_impossible()
    {
        var full = Chain().Happens(Move(Outside, Wallet, 0, UInt128.MaxValue, 0)).Of(Balances.Fold, Wallet);
        Assert.Null(Balances.Fold.Evolve(full, Move(Outside, Wallet, 0, 0, 0), default));
        Assert.Null(Balances.Fold.Evolve(null, Move(Outside, Wallet, 0, 0, 0), default));
        Assert.Null(Balances.Fold.Evolve(full, Move(Outside, Wallet, 0, 1, 0), default));
        Assert.Null(Balances.Fold.Evolve(full, Move(Outside, Escrow, 0, 1, 0), default));
        Assert.Null(Balances.Fold.Evolve(null, Move(Wallet, Wallet, 0, 1, 0), default));
    }

    [Fact]
    public void A_move_to_the_same_account_changes_nothing_but_its_count()
    {
        var chain = Chain().Happens(Move(Outside, Wallet, 0, 100, 0), Move(Wallet, Wallet, 0, 30, 38));
        Assert.Equal(((UInt128)100, 2UL, new Instant(1_000)), Told(chain.Of(Balances.Fold, Wallet)));
    }

    [Fact]
    public void A_move_is_told_where_the_money_was_for_something()
    {
        var other = Accounts.Credit(Stranger);
        (Word From, Word To, Word Home)[] rules =
        [
            (Escrow, Accounts.Burn, Escrow), (Wallet, Escrow, Escrow), (Escrow, Wallet, Escrow),
            (Outside, Accounts.Treasury, Accounts.Treasury), (Wallet, other, Wallet), (Wallet, Outside, Wallet),
            (Outside, Wallet, Wallet),
        ];
        foreach (var (from, to, home) in rules) Assert.Equal(home, Balances.HomeOf(Move(from, to, 0, 1, 0)));
    }

    [Fact]
    public void All_balances_sum_to_what_came_in_and_did_not_go_out() => Seed.Run(random =>
    {
        Word[] accounts = [Wallet, Accounts.Credit(Owner), Escrow, Accounts.Stake(3), Accounts.Treasury, Accounts.Burn];
        var chain = Chain();
        UInt128 inside = 0;
        for (var i = 0; i < 500; i++)
        {
            var (from, to) = (accounts[random.Next(accounts.Length)], accounts[random.Next(accounts.Length)]);
            var amount = (UInt128)random.Next(1, 1_000);
            var held = chain.Find(Balances.Fold, from)?.Balance ?? 0;
            if (random.Next(3) == 0)
            {
                chain.Happens(Move(Outside, from, 0, amount, 0));
                inside += amount;
            }
            else if (held >= amount && random.Next(4) == 0)
            {
                chain.Happens(Move(from, Outside, 0, amount, 1));
                inside -= amount;
            }
            else if (held >= amount)
            {
                chain.Happens(Move(from, to, 0, amount, 38));
            }
        }

        var sum = accounts.Aggregate(
            (UInt128)0, (total, account) => total + (chain.Find(Balances.Fold, account)?.Balance ?? 0));
        Assert.Equal(inside, sum);
        Assert.Empty(chain.Violations);
    });

    [Fact]
    public void Withdrawing_needs_an_amount_a_recipient_and_the_money()
    {
        var wallet = Chain().Happens(Move(Outside, Wallet, 0, 100, 0)).Of(Balances.Fold, Wallet);
        Granted(Balances.Decide(wallet, new Balances.Withdraw(Client, 100, Stranger)));
        Refused("ZeroRecipient", Balances.Decide(wallet, new Balances.Withdraw(Client, 1, default)));
        Refused("NothingToMove", Balances.Decide(wallet, new Balances.Withdraw(Client, 0, Client)));
        Refused("InsufficientBalance", Balances.Decide(wallet, new Balances.Withdraw(Client, 101, Client)));
        Refused("InsufficientBalance", Balances.Decide(null, new Balances.Withdraw(Client, 1, Client)));
        Assert.Throws<ArgumentException>(() => Balances.Decide(wallet, new Tasks.Cancel(Client, 1)));
    }

    private static SmallChain Chain() => new(1_000, Balances.Fold);

    private static (UInt128 Balance, ulong Moves, Instant LastMovedAt) Told(Balances.State account) =>
        (account.Balance, account.Moves, account.LastMovedAt);
}
