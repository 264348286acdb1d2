// Why money moved: the numbers of the contracts' Reasons. Stored with every Moved; never renumber, add at the end.
namespace EventSourced.Domain.Money;

/// <summary>Why money moved.</summary>
public enum Reason : byte
{
    /// <summary>Tokens came in.</summary>
    Deposit,

    /// <summary>Tokens went out.</summary>
    Withdraw,

    /// <summary>An agent was staked.</summary>
    Stake,

    /// <summary>A task's price was locked.</summary>
    Escrow,

    /// <summary>A bid locked its bond.</summary>
    BidLock,

    /// <summary>A bid that is out has its bond back.</summary>
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

    /// <summary>A verifier lost of its pledge.</summary>
    SeatSlash,

    /// <summary>A verifier has its pledge back.</summary>
    SeatRelease,

    /// <summary>The deposit for a committed secret.</summary>
    SeedDeposit,

    /// <summary>A revealed secret's deposit.</summary>
    SeedReturn,

    /// <summary>The deposit of a secret that was kept.</summary>
    SeedBurn,

    /// <summary>A bond that was not lost.</summary>
    BondReturn,

    /// <summary>The winner's part of a lost bond.</summary>
    SlashWinner,

    /// <summary>The coherent verifiers' part of a lost bond.</summary>
    SlashHonest,

    /// <summary>What burns of a lost bond.</summary>
    SlashBurn,

    /// <summary>A verifier's share after a split ruling.</summary>
    SplitShare,

    /// <summary>A pledge whose duty is done.</summary>
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

    /// <summary>A channel was filled.</summary>
    ChannelDeposit,

    /// <summary>A channel paid.</summary>
    ChannelPay,

    /// <summary>A member's share of a guild's treasury.</summary>
    GuildShare,

    /// <summary>A bounty was filled.</summary>
    BountyPool,

    /// <summary>A bounty was awarded.</summary>
    BountyAward,

    /// <summary>A reward of an era.</summary>
    Reward,

    /// <summary>The bond of a proposal that spends.</summary>
    SpendBond,

    /// <summary>Money that no other reason names.</summary>
    Transfer,

    /// <summary>The bond of who posts a root.</summary>
    PosterBond,

    /// <summary>The bond of a claim to a bounty.</summary>
    ClaimBond,

    /// <summary>The treasury spent.</summary>
    Spend,

    /// <summary>A workflow was filled, or gave back.</summary>
    WorkflowBudget,

    /// <summary>A guild received.</summary>
    GuildReceipt,

    /// <summary>What a deed that anyone may do pays to whoever does it.</summary>
    KeeperFee,
}
