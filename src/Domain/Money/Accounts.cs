// The accounts of the vault, as the contracts encode them: `kind (8 bits) || id (248 bits)` in one word. Enters: a kind
// and an id, or an account. Leaves: the account, or its parts. Always holds: two things have two accounts; what an
// encoder wrote, the readers read back.
using System.Buffers.Binary;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>Encodes and reads the vault's accounts.</summary>
public static class Accounts
{
    /// <summary>The kinds of accounts; the numbers are the contracts'. Stored; never renumber.</summary>
    public enum Kind : byte
    {
        /// <summary>The outside of the vault, where tokens come from and go to. It holds nothing here.</summary>
        External,

        /// <summary>A wallet inside of the vault.</summary>
        Credit,

        /// <summary>A task's escrow.</summary>
        Task,

        /// <summary>The lock of an agent's bid in a round of a task.</summary>
        Bid,

        /// <summary>An agent's free stake.</summary>
        Stake,

        /// <summary>Stake that is leaving.</summary>
        Unbonding,

        /// <summary>A pledge. Its holder loses it by failing a duty.</summary>
        AtRisk,

        /// <summary>The bonds of a dispute.</summary>
        Dispute,

        /// <summary>A bounty's pool.</summary>
        Bounty,

        /// <summary>A payment channel's deposit.</summary>
        Channel,

        /// <summary>A data lease's price and deposit.</summary>
        Lease,

        /// <summary>A guild's treasury.</summary>
        Guild,

        /// <summary>A workflow's budget.</summary>
        Workflow,

        /// <summary>A checkpoint's bonds.</summary>
        Checkpoint,

        /// <summary>An era's pool, or an agent's reward out of it.</summary>
        Reward,

        /// <summary>The bond of a proposal that spends.</summary>
        Proposal,

        /// <summary>The treasury.</summary>
        Treasury,

        /// <summary>Tokens that are gone for good.</summary>
        Burn,
    }

    /// <summary>The purpose of a pledge; the numbers are the contracts'. Stored; never renumber.</summary>
    public enum Pledge : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The winner's pledge for a task.</summary>
        Task,

        /// <summary>A verifier's pledge for a seat.</summary>
        Seat,

        /// <summary>The deposit of a data lease.</summary>
        LeaseDeposit,

        /// <summary>The bond of a claim to a bounty.</summary>
        BountyClaim,

        /// <summary>The pledge of a signer of checkpoints.</summary>
        CheckpointSigner,

        /// <summary>The bond under a posted root.</summary>
        Poster,
    }

    private const int KindShift = 120;
    private const int PledgeShift = 112;

    /// <summary>The treasury's account.</summary>
    public static Word Treasury { get; } = Encode(Kind.Treasury, default);

    /// <summary>The account of burned tokens.</summary>
    public static Word Burn { get; } = Encode(Kind.Burn, default);

    /// <summary>The kind of an account. A number that the contracts do not know gives a kind without a name.</summary>
    public static Kind KindOf(Word account) => (Kind)(byte)(Number(account).High >> KindShift);

    /// <summary>The id of an account: its lower 248 bits.</summary>
    public static UInt256 IdOf(Word account)
    {
        var number = Number(account);
        return number with { High = number.High & (UInt128.One << KindShift) - 1 };
    }

    /// <summary>
    /// Whether an account belongs to a kind whose ids are numbers counted by the chain; gives the number. A plain
    /// number that is no account reads as an account of kind External.
    /// </summary>
    public static bool TryNumber(Word account, Kind kind, out ulong number)
    {
        var whole = Number(account);
        number = (ulong)whole.Low;
        return whole.High == (UInt128)(byte)kind << KindShift && whole.Low <= ulong.MaxValue;
    }

    /// <summary>Whether an account is the pledge of a seat; gives its round as `dispute-round-attempt`.</summary>
    public static bool TrySeat(Word account, out string round)
    {
        var whole = Number(account);
        var found = whole.High == Pledged(Pledge.Seat);
        round = found ? $"{whole.Low >> 32}-{(byte)(whole.Low >> 24)}-{(byte)(whole.Low >> 16)}" : "";
        return found;
    }

    /// <summary>
    /// Whether an account is the pledge under a checkpoint's roots (sort 0) or under an era's root (sort 1); gives the
    /// epoch or era, and the posting.
    /// </summary>
    public static bool TryPoster(Word account, byte sort, out ulong number, out ushort posting)
    {
        var whole = Number(account);
        (number, posting) = ((ulong)(whole.Low >> 16), (ushort)whole.Low);
        return whole.High == (Pledged(Pledge.Poster) | sort) && whole.Low >> 80 == 0;
    }

    private static UInt128 Pledged(Pledge pledge) =>
        (UInt128)(byte)Kind.AtRisk << KindShift | (UInt128)(byte)pledge << PledgeShift;

    /// <summary>
    /// The address that an account of kind External or Credit names; the zero address for every other kind.
    /// </summary>
    public static Address HolderOf(Word account)
    {
        if (KindOf(account) is not (Kind.External or Kind.Credit)) return default;
        Span<byte> bytes = stackalloc byte[Word.Length];
        account.WriteTo(bytes);
        return new Address(bytes[(Word.Length - Address.Length)..]);
    }

    /// <summary>The account of a kind and an id. An id of more than 248 bits is refused.</summary>
    public static Word Encode(Kind kind, UInt256 id) => id.High >> KindShift == 0
        ? ToWord(id with { High = (UInt128)(byte)kind << KindShift | id.High })
        : throw new ArgumentOutOfRangeException(nameof(id), $"expected an id of 248 bits, found {id}");

    /// <summary>The account of an address outside of the vault.</summary>
    public static Word External(Address holder) => Encode(Kind.External, IdOf(holder));

    /// <summary>A wallet inside of the vault. Every payout goes there, and its holder withdraws from it.</summary>
    public static Word Credit(Address holder) => Encode(Kind.Credit, IdOf(holder));

    /// <summary>A task's escrow.</summary>
    public static Word Task(ulong taskId) => Plain(Kind.Task, taskId);

    /// <summary>The lock of one agent's bid in one round of one task; commitments and bids share it.</summary>
    public static Word Bid(ulong taskId, ushort round, ulong agentId) =>
        Encode(Kind.Bid, new UInt256(taskId >> 48, (UInt128)taskId << 80 | (UInt128)round << 64 | agentId));

    /// <summary>An agent's free stake.</summary>
    public static Word Stake(ulong agentId) => Plain(Kind.Stake, agentId);

    /// <summary>Stake that is leaving.</summary>
    public static Word Unbonding(ulong unbondId) => Plain(Kind.Unbonding, unbondId);

    /// <summary>The account of a pledge, by its purpose and the id of its subject.</summary>
    public static Word AtRisk(Pledge pledge, UInt256 id) => id.High >> PledgeShift == 0
        ? Encode(Kind.AtRisk, id with { High = (UInt128)(byte)pledge << PledgeShift | id.High })
        : throw new ArgumentOutOfRangeException(nameof(id), $"expected an id of 240 bits, found {id}");

    /// <summary>The pledge of one seat of one round of a dispute.</summary>
    public static Word Seat(ulong disputeId, byte round, byte attempt, ushort index) =>
        AtRisk(Pledge.Seat,
            new UInt256(0, (UInt128)disputeId << 32 | (UInt128)round << 24 | (UInt128)attempt << 16 | index));

    /// <summary>The bonds of a dispute.</summary>
    public static Word Dispute(ulong disputeId) => Plain(Kind.Dispute, disputeId);

    /// <summary>A bounty's pool.</summary>
    public static Word Bounty(ulong bountyId) => Plain(Kind.Bounty, bountyId);

    /// <summary>A payment channel's deposit.</summary>
    public static Word Channel(ulong channelId) => Plain(Kind.Channel, channelId);

    /// <summary>A data lease's price and deposit.</summary>
    public static Word Lease(ulong leaseId) => Plain(Kind.Lease, leaseId);

    /// <summary>A guild's treasury.</summary>
    public static Word Guild(ulong guildId) => Plain(Kind.Guild, guildId);

    /// <summary>A workflow's budget.</summary>
    public static Word Workflow(ulong workflowId) => Plain(Kind.Workflow, workflowId);

    /// <summary>A checkpoint's bonds.</summary>
    public static Word Checkpoint(ulong epoch) => Plain(Kind.Checkpoint, epoch);

    /// <summary>An agent's reward of an era; agent 0 is the era's pool.</summary>
    public static Word Reward(ulong era, ulong agentId) => Encode(Kind.Reward, new UInt256(era, agentId));

    /// <summary>A proposal's bond. The ids of proposals are hashes; their lower 248 bits name the account.</summary>
    public static Word Proposal(Word proposalId) => Encode(Kind.Proposal, IdOf(proposalId));

    private static Word Plain(Kind kind, ulong id) => Encode(kind, new UInt256(0, id));

    private static UInt256 IdOf(Address holder)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        bytes.Clear();
        holder.WriteTo(bytes[(Word.Length - Address.Length)..]);
        return Number(new Word(bytes));
    }

    private static UInt256 Number(Word account)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        account.WriteTo(bytes);
        return new UInt256(
            BinaryPrimitives.ReadUInt128BigEndian(bytes),
            BinaryPrimitives.ReadUInt128BigEndian(bytes[(Word.Length / 2)..]));
    }

    private static Word ToWord(UInt256 number)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number.High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[(Word.Length / 2)..], number.Low);
        return new Word(bytes);
    }
}
