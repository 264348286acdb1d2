// The reasons for moves of money: the numbers of the contracts' Reasons. Stored with every Moved; never renumber, add
// at the end.
namespace EventSourced.Domain.Money;

/// <summary>The reason for a move of money.</summary>
public enum Reason : byte
{
    /// <summary>Tokens came into the vault.</summary>
    Deposit,

    /// <summary>Tokens left the vault.</summary>
    Withdraw,

    /// <summary>An agent was staked.</summary>
    Stake,

    /// <summary>A task's price was locked.</summary>
    Escrow,

    /// <summary>A bid locked its bond.</summary>
    BidLock,

    /// <summary>A bid that lost or ended got its bond back.</summary>
    BidRelease,

    /// <summary>The winner's bond became its pledge.</summary>
    AgentBond,

    /// <summary>The client's part of a penalty.</summary>
    PenaltyClient,

    /// <summary>The part of a penalty that burns.</summary>
    PenaltyBurn,

    /// <summary>A challenger's bond.</summary>
    DisputeBond,

    /// <summary>A respondent's bond.</summary>
    RespondentBond,

    /// <summary>The bond of an appeal.</summary>
    AppealBond,

    /// <summary>A drawn verifier's pledge.</summary>
    SeatLock,

    /// <summary>The part of its pledge that a verifier lost.</summary>
    SeatSlash,

    /// <summary>A verifier got its pledge back.</summary>
    SeatRelease,

    /// <summary>The deposit for a committed secret.</summary>
    SeedDeposit,

    /// <summary>The deposit of a revealed secret went back.</summary>
    SeedReturn,

    /// <summary>The deposit of a withheld secret burned.</summary>
    SeedBurn,

    /// <summary>A bond that was not lost went back.</summary>
    BondReturn,

    /// <summary>The winner's part of a lost bond.</summary>
    SlashWinner,

    /// <summary>The part of a lost bond that verifiers share for voting as the panel ruled.</summary>
    SlashHonest,

    /// <summary>The part of a lost bond that burns.</summary>
    SlashBurn,

    /// <summary>A verifier's share after a split ruling.</summary>
    SplitShare,

    /// <summary>A pledge went back because its duty is done.</summary>
    BondRelease,

    /// <summary>The protocol's fee.</summary>
    Fee,

    /// <summary>Work was paid.</summary>
    Payment,

    /// <summary>Escrow went back.</summary>
    Refund,

    /// <summary>Stake began to leave.</summary>
    Unbond,

    /// <summary>Stake left.</summary>
    Release,

    /// <summary>The price of a data lease.</summary>
    LeasePrice,

    /// <summary>The deposit of a data lease.</summary>
    LeaseDeposit,

    /// <summary>A channel received a deposit.</summary>
    ChannelDeposit,

    /// <summary>A channel paid.</summary>
    ChannelPay,

    /// <summary>A member's share of a guild's treasury.</summary>
    GuildShare,

    /// <summary>A bounty received its pool.</summary>
    BountyPool,

    /// <summary>A bounty was awarded.</summary>
    BountyAward,

    /// <summary>A reward of an era.</summary>
    Reward,

    /// <summary>The bond of a proposal that spends.</summary>
    SpendBond,

    /// <summary>A move that no other reason names.</summary>
    Transfer,

    /// <summary>The bond under a posted root.</summary>
    PosterBond,

    /// <summary>The bond of a claim to a bounty.</summary>
    ClaimBond,

    /// <summary>The treasury spent money.</summary>
    Spend,

    /// <summary>A workflow received its budget or gave it back.</summary>
    WorkflowBudget,

    /// <summary>A guild received money.</summary>
    GuildReceipt,

    /// <summary>The fee for a step that anyone may take, paid to the address that took it.</summary>
    KeeperFee,
}
